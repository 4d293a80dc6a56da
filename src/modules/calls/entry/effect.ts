import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { Statement } from '#core/database/database.ts';
import type { Effect, EffectKind, HandVerdict, Receipt, Settled } from '#core/effects/types.ts';
import type { CalendarEvent, CalendarPort } from '#core/ports/calendar.ts';
import type { Runtime } from '#core/runtime.ts';
import { calendarPort, connectionById } from '#modules/connections/public.ts';
import { CALENDAR_ENTRY } from './reserve.ts';

const Payload = z.object({ call_id: z.uuid(), calendar: z.string(), sequence: z.int() });

/** Under the system role: which of these calls have changed since, and which have an entry on its way this moment. */
const STAND: Statement = {
  name: 'calls.entries_stand',
  text: `select e.id, k.sequence, exists (select from effects o where o.company_id = e.company_id and o.kind = '${CALENDAR_ENTRY}' and o.subject_id = e.subject_id
             and o.id <> e.id and o.state = 'handed') as "underWay"
           from effects e left join calls k on k.id = e.subject_id and k.company_id = e.company_id where e.id = any ($1::uuid[])`,
};
const SHOWN: Statement = {
  name: 'calls.entry',
  text: `select k.title, k.state, k.sequence, k.starts_at as start, k.ends_at as "end", k.place, k.note, p.full_name as name, p.email, p.phone,
           coalesce(h.time_zone, co.settings ->> 'time_zone', 'UTC') as zone
         from calls k join people p on p.id = k.person_id join companies co on co.id = k.company_id left join call_hosts h on h.user_id = k.host_id
         where k.company_id = $1 and k.id = $2`,
};
const SETTLED: Statement = {
  name: 'calls.entry_settled',
  text: `update calls k set entry = case when e.problem is not null then 'failed' when k.state = 'cancelled' then 'gone' else 'there' end, entry_problem = e.problem,
           entry_link = coalesce(e.link, k.entry_link)
         from jsonb_to_recordset($1::jsonb) as e(company_id uuid, id uuid, sequence integer, problem text, link text)
         where k.company_id = e.company_id and k.id = e.id and k.sequence = e.sequence`,
};

interface Shown {
  readonly title: string;
  readonly state: string;
  readonly sequence: number;
  readonly start: Date;
  readonly end: Date;
  readonly place: string;
  readonly note: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly zone: string;
}

/** While another change of the same call is on its way, the next one waits so long. */
const NEXT_MS = 2_000;
const FIND_MS = 60_000;

/** Ours, and the same for ever: base32hex, as Google wants it. */
export const eventIdOf = (callId: string): string => `call${callId.replaceAll('-', '')}`;

/** A call in the calendar of its host: entered, moved and taken out, once each. */
export const calendarEntryEffect: EffectKind = {
  kind: CALENDAR_ENTRY,
  concurrency: 6,
  async check(tx, effects, runtime) {
    const rows = await tx.query<{ id: string; sequence: number | null; underWay: boolean }>(STAND, [effects.map(({ id }) => id)]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const until = new Date(runtime.clock.now().getTime() + NEXT_MS);
    const underWay = new Set<string>();
    return effects.map((effect): HandVerdict => {
      const stand = byId.get(effect.id);
      if (effect.connectionId === null) return { go: false, refuse: 'The calendar is no longer connected' };
      // A call that is gone (its person was erased) leaves the calendar, too.
      if (stand?.sequence != null && stand.sequence > payloadOf(effect).sequence)
        return { go: false, refuse: 'The call was changed since; that change is entered instead' };
      if (stand?.underWay === true || underWay.has(effect.subject.id))
        return { go: false, until, reason: 'another change of this call is on its way' };
      underWay.add(effect.subject.id);
      return { go: true };
    });
  },
  async perform(effect, runtime, signal) {
    const { calendar, call_id: id } = payloadOf(effect);
    const port = await opened(effect, runtime, signal);
    const event = await eventOf(runtime, effect);
    if (event === null) {
      await port.remove(calendar, eventIdOf(id));
      return receiptOf(id, null);
    }
    return receiptOf(id, (await port.put(calendar, event)).link);
  },
  /** Looked at; what is not there as it should be is done again, and leaves the same. */
  async find(effect, runtime) {
    const { calendar, call_id: id } = payloadOf(effect);
    const port = await opened(effect, runtime, AbortSignal.timeout(FIND_MS));
    const [event, standing] = [await eventOf(runtime, effect), await port.look(calendar, eventIdOf(id))];
    const gone = standing === null || standing.cancelled;
    const done = event === null ? gone : !gone && standing.sequence === event.sequence;
    return done ? receiptOf(id, null) : 'repeat';
  },
  async settled(tx, outcomes) {
    const rows = outcomes.map(({ effect, outcome }: Settled) => ({
      company_id: effect.companyId,
      id: effect.subject.id,
      sequence: payloadOf(effect).sequence,
      problem: outcome.state === 'confirmed' ? null : outcome.reason.slice(0, 1_000),
      link: outcome.state === 'confirmed' ? (outcome.receipt.detail['link'] ?? null) : null,
    }));
    await tx.query(SETTLED, [JSON.stringify(rows)]);
  },
};

async function opened({ companyId, connectionId }: Effect, runtime: Runtime, signal: AbortSignal): Promise<CalendarPort> {
  const row =
    connectionId === null ? undefined : await runtime.database.read(companyId, (tx) => connectionById(tx, companyId, connectionId));
  if (row === undefined) throw new VendorRefused('The calendar is no longer connected');
  return calendarPort(runtime, row, signal);
}

/** What is to stand there now; null: nothing. */
async function eventOf(runtime: Runtime, effect: Effect): Promise<CalendarEvent | null> {
  const { companyId } = effect;
  const { call_id: id } = payloadOf(effect);
  const [call] = await runtime.database.read(companyId, (tx) => tx.query<Shown>(SHOWN, [companyId, id]));
  if (call === undefined || call.state === 'cancelled') return null;
  const { title, sequence, start, end, place, zone, note, name, email, phone } = call;
  const who = [name, email, phone].filter((part) => part !== null && part !== '');
  // Google draws HTML there, and what strangers wrote is none.
  const description = [who.join(', '), note].filter((part) => part !== '').join('\n\n').replaceAll('<', '‹').replaceAll('>', '›'); // prettier-ignore
  return { id: eventIdOf(id), sequence, title: name === '' ? title : `${title}: ${name}`, description, place, start, end, zone };
}

const receiptOf = (id: string, link: string | null): Receipt => ({ externalId: eventIdOf(id), detail: link === null ? {} : { link } });
const payloadOf = (effect: Effect) => Payload.parse(effect.payload);
