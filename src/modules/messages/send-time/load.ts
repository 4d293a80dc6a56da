import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { hoursOf, type Hours, type Past } from './best.ts';

/** Half a year, and no more than this many mails: what people did long ago says little. */
const DAYS = 180;
const MOST = 3_000;
const MOST_OF_PERSON = 100;
/** What a company learned is good for so long. */
const FRESH_MS = 15 * 60_000;

const REPLIED = `exists (select from messages r where r.reply_to_id = m.id and r.direction = 'inbound' and not r.auto) as replied`;
/** Index messages_recent; answers by messages_reply_to. */
const OF_COMPANY: Statement = {
  name: 'messages.send_time.company',
  text: `select m.sent_at as "sentAt", coalesce(p.time_zone, $4) as zone, ${REPLIED} from messages m left join people p on p.id = m.person_id
          where m.company_id = $1 and m.created_at >= $2::timestamptz - interval '${DAYS} days' and m.direction = 'outbound' and m.class = 'commercial'
            and m.channel = 'email' and m.state = 'sent' and m.sent_at is not null order by m.created_at desc limit $3`,
};
/** Index messages_person. */
const OF_PEOPLE: Statement = {
  name: 'messages.send_time.people',
  text: `select p.id as "personId", x.* from people p cross join lateral (
           select m.sent_at as "sentAt", p.time_zone as zone, ${REPLIED} from messages m
            where m.person_id = p.id and m.created_at >= $2::timestamptz - interval '${DAYS} days' and m.direction = 'outbound' and m.class = 'commercial'
              and m.channel = 'email' and m.state = 'sent' and m.sent_at is not null order by m.created_at desc limit $3) x
          where p.id = any($1::uuid[])`,
};

const learned = new WeakMap<Runtime, Map<string, { readonly at: number; readonly hours: Hours }>>();

/** When a company's mail is answered. Worked out anew each quarter of an hour. */
async function ofCompany(tx: Transaction, runtime: Runtime, companyId: string, zone: string): Promise<Hours> {
  const known = learned.get(runtime) ?? new Map<string, { at: number; hours: Hours }>();
  learned.set(runtime, known);
  const now = runtime.clock.now();
  const found = known.get(companyId);
  if (found !== undefined && now.getTime() - found.at < FRESH_MS) return found.hours;
  const hours = hoursOf(await tx.query<Past>(OF_COMPANY, [companyId, now, MOST, zone]));
  if (known.size > 1_000) known.clear();
  known.set(companyId, { at: now.getTime(), hours });
  return hours;
}

/** When mail to these people, and to all of their company's, was answered. */
export interface SendTimes {
  of(companyId: string, personId: string | null): { readonly company: Hours; readonly person: Hours };
}

const NOTHING: Hours = new Map();

/** One statement for the people, and one for each company that asks, now and then. */
export async function loadSendTimes(
  tx: Transaction,
  runtime: Runtime,
  asked: readonly { readonly companyId: string; readonly personId: string | null; readonly timeZone: string }[],
): Promise<SendTimes> {
  const companies = new Map<string, Hours>();
  for (const [companyId, timeZone] of new Map(asked.map((one) => [one.companyId, one.timeZone])))
    companies.set(companyId, await ofCompany(tx, runtime, companyId, timeZone));
  const people = [...new Set(asked.flatMap(({ personId }) => personId ?? []))];
  const zones = new Map(asked.map(({ personId, timeZone }) => [personId ?? '', timeZone]));
  const rows =
    people.length === 0
      ? []
      : await tx.query<Omit<Past, 'zone'> & { personId: string; zone: string | null }>(OF_PEOPLE, [
          people,
          runtime.clock.now(),
          MOST_OF_PERSON,
        ]);
  const persons = new Map(
    [...Map.groupBy(rows, ({ personId }) => personId)].map(([id, own]) => [
      id,
      hoursOf(own.map((row) => ({ ...row, zone: row.zone ?? zones.get(id) ?? 'UTC' }))),
    ]),
  );
  return {
    of: (companyId, personId) => ({ company: companies.get(companyId) ?? NOTHING, person: persons.get(personId ?? '') ?? NOTHING }),
  };
}
