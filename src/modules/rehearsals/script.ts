import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Stage } from '#core/engine/rehearsal/stage.ts';
import { receiveReply } from '#modules/messages/public.ts';
import type { Request } from './request.ts';

const DAY_MS = 86_400_000;
/** Replies come at the quarters of an hour, so that ten thousand people do not make ten thousand moments. */
const QUARTER_MS = 900_000;

const HISTORY: Statement = {
  name: 'rehearsals.reply_history',
  text: `select count(*)::int as sent, count(r.at)::int as replied,
      coalesce((array_agg(extract(epoch from r.at - m.sent_at) * 1000 order by r.at desc) filter (where r.at is not null))[1:500], '{}')::float8[] as delays
    from messages m
    left join lateral (select min(a.created_at) as at from messages a where a.company_id = $1 and a.person_id = m.person_id and a.direction = 'inbound' and not a.auto and a.reply_to_id = m.id) r on true
   where m.company_id = $1 and m.direction = 'outbound' and m.class = 'commercial' and m.state in ('sent', 'captured') and m.created_at >= $2::timestamptz - interval '180 days'
     and m.sent_at >= $2::timestamptz - interval '180 days'`,
};

/** How people have replied to commercial mail in the last half year. */
export interface ReplyHistory {
  readonly sent: number;
  readonly replied: number;
  /** Milliseconds from a mail to its answer. */
  readonly delays: readonly number[];
}

export async function replyHistory(tx: Transaction, companyId: string, now: Date): Promise<ReplyHistory> {
  const [row] = await tx.query<ReplyHistory>(HISTORY, [companyId, now]);
  return row ?? { sent: 0, replied: 0, delays: [] };
}

const SENT: Statement = {
  name: 'rehearsals.script.sent',
  text: `select id, person_id as "personId", step_id as "stepId" from messages
          where direction = 'outbound' and class = 'commercial' and state in ('sent', 'captured') and person_id is not null and sent_at > $1 order by sent_at, id`,
};
const LAST: Statement = {
  name: 'rehearsals.script.last',
  text: `select id from messages where person_id = $1 and direction = 'outbound' and state in ('sent', 'captured') order by sent_at desc, id desc limit 1`,
};

interface Act {
  readonly at: number;
  readonly personId: string;
  /** Null: the last mail they got by then. */
  readonly messageId: string | null;
}

/** What people do during a rehearsal, as the request assumes: the same request gives the same acts. */
export class Script {
  readonly #request: Request;
  readonly #history: ReplyHistory;
  readonly #stage: Stage;
  readonly #companyId: string;
  readonly #replied = new Set<string>();
  #seen: Date;
  #acts: Act[] = [];
  replies = 0;

  constructor(stage: Stage, companyId: string, request: Request, history: ReplyHistory) {
    this.#stage = stage;
    this.#companyId = companyId;
    this.#request = request;
    this.#history = history;
    this.#seen = new Date(stage.clock.now().getTime() - 1);
    if (request.replies === 'person' && request.replyPersonId !== undefined)
      this.#acts.push({ at: stage.clock.now().getTime() + request.replyDay * DAY_MS, personId: request.replyPersonId, messageId: null });
  }

  /** Looks at what left since the last look, and decides who answers it and when. */
  async observe(): Promise<void> {
    if (this.#request.replies !== 'history' || this.#history.replied === 0) return;
    const now = this.#stage.clock.now();
    const sent = await this.#stage.sandbox.database.read(this.#companyId, (tx) =>
      tx.query<{ id: string; personId: string; stepId: string | null }>(SENT, [this.#seen]),
    );
    this.#seen = now;
    const rate = this.#history.replied / this.#history.sent;
    for (const mail of sent) {
      if (this.#replied.has(mail.personId) || this.#roll(mail.personId, mail.stepId ?? '', 'whether') >= rate) continue;
      this.#replied.add(mail.personId);
      const delay = this.#history.delays[Math.floor(this.#roll(mail.personId, mail.stepId ?? '', 'when') * this.#history.delays.length)];
      const at = Math.ceil((now.getTime() + (delay ?? DAY_MS)) / QUARTER_MS) * QUARTER_MS;
      this.#acts.push({ at, personId: mail.personId, messageId: mail.id });
    }
  }

  /** When the next act is due; null: no more. */
  next(): Date | null {
    if (this.#acts.length === 0) return null;
    return new Date(this.#acts.reduce((least, act) => Math.min(least, act.at), Number.POSITIVE_INFINITY));
  }

  /** Does what is due. */
  async act(): Promise<void> {
    const now = this.#stage.clock.now().getTime();
    const due = this.#acts.filter((act) => act.at <= now);
    if (due.length === 0) return;
    this.#acts = this.#acts.filter((act) => act.at > now);
    await this.#stage.sandbox.database.write(this.#companyId, async (tx) => {
      for (const act of due) {
        const [last] = act.messageId === null ? await tx.query<{ id: string }>(LAST, [act.personId]) : [{ id: act.messageId }];
        if (last === undefined) continue;
        await receiveReply(tx, this.#stage.runtime, this.#companyId, last.id);
        this.replies += 1;
      }
    });
  }

  /** 0 to 1, the same for the same seed, person and mail. */
  #roll(personId: string, stepId: string, what: string): number {
    return createHash('sha256').update(`${this.#request.seed} ${personId} ${stepId} ${what}`).digest().readUInt32BE(0) / 4_294_967_296;
  }
}
