import { addressHashes, GROUNDS_COLUMN, GROUNDS_JOIN, groundsOf, phoneCountries, type GroundsRow } from '#modules/people/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Channel } from '../tables.ts';
import type { GateHistory, GatePerson, Stage } from './types.ts';

const DAY_MS = 86_400_000;
/** How far back a conversation counts as one. */
const CONVERSATION_DAYS = 30;

interface PersonRow {
  readonly id: string;
  readonly companyId: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly timeZone: string | null;
  readonly language: string | null;
  readonly organisationId: string | null;
  readonly optedOutAt: Date | null;
  readonly grounds: GroundsRow;
  readonly times: Date[] | null;
  readonly repliedAt: Date | null;
  readonly firstOut: Date | null;
  readonly senderId: string | null;
}

/**
 * People, consent and what passed between us in one statement: a join per table from here would be three round trips a batch
 * on the hottest path. $4: count what waits, too (while drafting); else what left or is on the wire.
 */
const PEOPLE: Statement = {
  name: 'messages.gate.people',
  text: `select p.id, p.company_id as "companyId", p.full_name as name, p.email, p.phone, p.time_zone as "timeZone", p.language, p.organisation_id as "organisationId", p.opted_out_at as "optedOutAt",
           ${GROUNDS_COLUMN}, h.times, h."repliedAt", h."firstOut", h."senderId"
         from people p ${GROUNDS_JOIN} left join lateral (
           select array_agg(coalesce(m.sent_at, m.due_at, m.created_at) order by coalesce(m.sent_at, m.due_at, m.created_at) desc) filter (
                    where m.direction = 'outbound' and m.class = 'commercial' and m.id <> all ($2::uuid[]) and coalesce(m.sent_at, m.due_at, m.created_at) >= $3::timestamptz - interval '7 days'
                      and (m.state in ('sent', 'captured', 'in_doubt')
                           or (m.state = 'queued' and ($4 or exists (select 1 from effects e where e.id = m.effect_id and e.state = 'handed'))))) as times,
                  max(m.created_at) filter (where m.direction = 'inbound' and not m.auto) as "repliedAt",
                  min(m.created_at) filter (where m.direction = 'outbound' and m.class = 'commercial' and m.state in ('sent', 'captured', 'in_doubt')) as "firstOut",
                  (array_agg(m.sender_id order by m.created_at desc) filter (where m.sender_id is not null and m.direction = 'outbound' and m.id <> all ($2::uuid[])))[1] as "senderId"
             from messages m where m.person_id = p.id and m.created_at >= $3::timestamptz - interval '${CONVERSATION_DAYS} days'
         ) h on true
         where p.id = any($1::uuid[])`,
};
/** Answers from people of these organisations, newest first. */
const COLLEAGUES: Statement = {
  name: 'messages.gate.colleagues',
  text: `select p.organisation_id as "organisationId", p.id, p.full_name as name, max(m.created_at) as at from people p join messages m on m.person_id = p.id
          where p.organisation_id = any($1::uuid[]) and m.direction = 'inbound' and not m.auto and m.created_at >= $2
          group by 1, 2, 3 order by 4 desc`,
};
const SUPPRESSED: Statement = {
  name: 'messages.gate.suppressed',
  text: `select company_id as "companyId", address, address_hash as hash, reason, created_at as since from suppressions
          where channel = $4 and company_id = any($1::uuid[]) and (address = any($2::text[]) or address_hash = any($3::text[]))`,
};

/** The strictest reason wins when an address is listed by its text and, since a rotation, by two hashes. */
const STRICTNESS = ['complaint', 'bounce', 'manual', 'opt_out'];

export interface GateFacts {
  /** @param draftedAt a colleague's answer counts from our first mail on, or from the draft where there was none */
  person(
    id: string,
    draftedAt: Date,
  ): { readonly person: GatePerson; readonly name: string; readonly email: string | null; readonly history: GateHistory } | undefined;
  /** BCP 47, as it stands on the person; null: unknown. */
  language(id: string | null): string | null;
  suppression(companyId: string, address: string): { readonly reason: string; readonly since: Date } | null;
  /** A message was let go: it counts for those behind it in the same batch. */
  let(personId: string, at: Date): void;
}

/** Three queries for any number of messages. `exclude`: the messages themselves, which must not count against themselves. */
export async function loadPeople(
  tx: Transaction,
  runtime: Runtime,
  personIds: readonly string[],
  exclude: readonly string[],
  stage: Stage,
) {
  const now = runtime.clock.now();
  const rows = await tx.query<PersonRow>(PEOPLE, [[...new Set(personIds)], exclude, now, stage === 'draft']);
  const organisations = [...new Set(rows.flatMap((row) => (row.organisationId === null ? [] : [row.organisationId])))];
  const since = new Date(now.getTime() - CONVERSATION_DAYS * DAY_MS);
  const answers =
    organisations.length === 0
      ? []
      : await tx.query<{ organisationId: string; id: string; name: string; at: Date }>(COLLEAGUES, [organisations, since]);
  return { rows: new Map(rows.map((row) => [row.id, row])), answers, phoneCountry: await phoneCountries(rows) };
}

interface Suppressed {
  readonly companyId: string;
  readonly address: string | null;
  readonly hash: string;
  readonly reason: string;
  readonly since: Date;
}

export async function loadFacts(
  tx: Transaction,
  runtime: Runtime,
  asked: readonly {
    readonly companyId: string;
    readonly personId: string | null;
    readonly address: string | null;
    readonly messageId: string | null;
  }[],
  stage: Stage,
  channel: Channel,
  known?: Awaited<ReturnType<typeof loadPeople>>,
): Promise<GateFacts> {
  const personIds = asked.flatMap((one) => (one.personId === null ? [] : [one.personId]));
  const exclude = asked.flatMap((one) => (one.messageId === null ? [] : [one.messageId]));
  const companies = [...new Set(asked.map((one) => one.companyId))];
  const addresses = [...new Set(asked.flatMap((one) => (one.address === null ? [] : [one.address])))];
  const hashes = new Map(addresses.map((address) => [address, addressHashes(runtime.secrets, address)]));
  const [{ rows, answers, phoneCountry }, listed] = await Promise.all([
    known ?? loadPeople(tx, runtime, personIds, exclude, stage),
    addresses.length === 0 ? [] : tx.query<Suppressed>(SUPPRESSED, [companies, addresses, [...hashes.values()].flat(), channel]),
  ]);
  const extra = new Map<string, Date[]>();

  return {
    person(id, draftedAt) {
      const row = rows.get(id);
      if (row === undefined) return undefined;
      const began = row.firstOut ?? draftedAt;
      const colleague = answers.find((answer) => answer.organisationId === row.organisationId && answer.id !== row.id && answer.at > began);
      return {
        person: personOf(row, phoneCountry),
        name: row.name,
        email: row.email,
        history: {
          commercial: [...(extra.get(id) ?? []), ...(row.times ?? [])],
          repliedAt: row.repliedAt,
          senderId: row.senderId,
          colleague: colleague === undefined ? null : { name: colleague.name === '' ? 'A colleague' : colleague.name, at: colleague.at },
        },
      };
    },
    language: (id) => (id === null ? null : (rows.get(id)?.language ?? null)),
    suppression(companyId, address) {
      const own: readonly string[] = hashes.get(address) ?? [];
      const found = listed.filter((row) => row.companyId === companyId && (row.address === address || own.includes(row.hash)));
      const [strictest] = found.toSorted((a, b) => STRICTNESS.indexOf(a.reason) - STRICTNESS.indexOf(b.reason));
      return strictest ?? null;
    },
    let: (personId, at) => void extra.set(personId, [at, ...(extra.get(personId) ?? [])]),
  };
}

function personOf(row: PersonRow, phoneCountry: GatePerson['phoneCountry']): GatePerson {
  return { id: row.id, timeZone: row.timeZone, optedOutAt: row.optedOutAt, grounds: groundsOf(row.grounds), phoneCountry };
}
