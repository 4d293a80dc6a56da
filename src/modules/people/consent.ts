import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent, Facts } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import type { CONSENT_STATES, LAWFUL_BASES } from './tables.ts';

export type ConsentState = (typeof CONSENT_STATES)[number];
export type LawfulBasis = (typeof LAWFUL_BASES)[number];

/** All commercial messages on every channel. Narrower topics are `marketing.email`, `newsletter` … */
export const MARKETING = 'marketing';

/** One entry for the log. `evidence` is what proves it: wording, version, ip, moment, message id. */
export interface ConsentEntry {
  readonly companyId: string;
  readonly personId: string;
  /** Default: `marketing`. */
  readonly topic?: string;
  readonly state: ConsentState;
  readonly lawfulBasis?: LawfulBasis | null;
  /** Where it came from: `form`, `import`, `one_click`, `reply`, `user` … */
  readonly source: string;
  readonly evidence: Facts;
  readonly recordedBy?: string | null;
  readonly at: Date;
}

/** A person for whom commercial messages were switched off, or on again. */
export interface OptChange {
  readonly companyId: string;
  readonly personId: string;
  readonly email: string | null;
  readonly out: boolean;
  readonly source: string;
}

/**
 * The log takes every entry. The state takes the strictest (objected > withdrawn > granted), between two grants a consent or else the later, unless $2 says that the entry
 * is an act of the person meant to change her mind. people.opted_out_at follows the topic `marketing`. The database has the last
 * word (0080_consent.sql): it refuses a way back without a renewing entry, and lists the addresses of who opts out at once.
 */
const RECORD: Statement = {
  name: 'people.consent.record',
  text: `with entry as (
      select *, array_position(array['granted', 'withdrawn', 'objected'], state) as strictness
        from jsonb_to_recordset($1::jsonb) as e(id uuid, company_id uuid, person_id uuid, topic text, state text,
          lawful_basis text, source text, evidence jsonb, recorded_by uuid, at timestamptz)
    ), logged as (
      insert into consent_log (id, company_id, person_id, topic, state, lawful_basis, source, evidence, recorded_by, renews, created_at)
      select id, company_id, person_id, topic, state, lawful_basis, source, evidence, recorded_by, $2 and state = 'granted', at from entry
    ), settled as (
      insert into consent_state as known (company_id, person_id, topic, state, lawful_basis, log_id, since)
      select distinct on (person_id, topic) company_id, person_id, topic, state, lawful_basis, id, at
        from entry order by person_id, topic, strictness desc
      on conflict (person_id, topic) do update
        set state = excluded.state, lawful_basis = excluded.lawful_basis, log_id = excluded.log_id, since = excluded.since
        where $2 or array_position(array['granted', 'withdrawn', 'objected'], excluded.state)
                  > array_position(array['granted', 'withdrawn', 'objected'], known.state)
           or (excluded.state = 'granted' and known.state = 'granted' and coalesce(known.lawful_basis, 'consent') <> 'consent')
      returning company_id, person_id, topic, state, since, log_id
    )
    update people p set opted_out_at = case when s.state = 'granted' then null else s.since end, updated_at = s.since
      from settled s join entry e on e.id = s.log_id
     where s.topic = '${MARKETING}' and p.id = s.person_id and p.company_id = s.company_id
       and (p.opted_out_at is null) = (s.state <> 'granted')
    returning p.company_id, p.id, p.email, p.opted_out_at is not null as out, e.source`,
};

async function write(tx: Transaction, entries: readonly ConsentEntry[], deliberate: boolean): Promise<OptChange[]> {
  if (entries.length === 0) return [];
  const rows = entries.map((entry) => ({
    id: newId(),
    company_id: entry.companyId,
    person_id: entry.personId,
    topic: entry.topic ?? MARKETING,
    state: entry.state,
    lawful_basis: entry.lawfulBasis ?? null,
    source: entry.source,
    evidence: entry.evidence,
    recorded_by: entry.recordedBy ?? null,
    at: entry.at,
  }));
  const changed = await tx.query<{ company_id: string; id: string; email: string | null; out: boolean; source: string }>(RECORD, [
    JSON.stringify(rows),
    deliberate,
  ]);
  return changed.map((row) => ({ companyId: row.company_id, personId: row.id, email: row.email, out: row.out, source: row.source }));
}

/** Adds to the log; the strictest state wins, so that no import, sync or merge revives an opt-out. Set-based, any role. */
export function recordConsent(tx: Transaction, entries: readonly ConsentEntry[]): Promise<OptChange[]> {
  return write(tx, entries, false);
}

/** One consent among many of one moment and source. */
export interface FirstGrant {
  readonly personId: string;
  readonly topic: string;
  readonly lawfulBasis: LawfulBasis;
  readonly evidence: Facts;
}

/** No `on conflict`: a state that is there already fails the transaction, it is never changed. */
const FIRST: Statement = {
  name: 'people.consent.first',
  text: `with entry as (
      select * from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[]) as e(id, person_id, lawful_basis, evidence, topic)
    ), logged as (
      insert into consent_log (id, company_id, person_id, topic, state, lawful_basis, source, evidence, created_at)
      select id, $1, person_id, topic, 'granted', lawful_basis, $2, evidence::jsonb, $3 from entry
    )
    insert into consent_state (company_id, person_id, topic, state, lawful_basis, log_id, since)
    select $1, person_id, topic, 'granted', lawful_basis, id, $3 from entry`,
};

/**
 * Consent of people whom the caller's transaction has just made, one entry each: there is nothing yet that could be stricter. Whether
 * their addresses are on the suppression list the caller has asked before it made them. A third of what recordConsent costs.
 */
export async function recordFirstConsent(
  tx: Transaction,
  { companyId, source, at }: Pick<ConsentEntry, 'companyId' | 'source' | 'at'>,
  grants: readonly FirstGrant[],
): Promise<void> {
  if (grants.length === 0) return;
  await tx.query(FIRST, [
    companyId, source, at, arrayOf(grants.map(() => newId())), arrayOf(grants.map((grant) => grant.personId)),
    arrayOf(grants.map((grant) => grant.lawfulBasis)), arrayOf(grants.map((grant) => JSON.stringify(grant.evidence))),
    arrayOf(grants.map((grant) => grant.topic)),
  ]); // prettier-ignore
}

/** As recordConsent, for a choice that the person herself made anew (or a user for her, with evidence): it replaces what was. */
export function renewConsent(tx: Transaction, entries: readonly ConsentEntry[]): Promise<OptChange[]> {
  return write(tx, entries, true);
}

/** What the rest of the house must hear about it: `person.opted_out`, `person.opted_in`. */
export function optEvents(changes: readonly OptChange[]): DomainEvent[] {
  return changes.map((change) => ({
    name: change.out ? 'person.opted_out' : 'person.opted_in',
    companyId: change.companyId,
    subject: { type: 'person', id: change.personId },
    personId: change.personId,
    payload: { topic: MARKETING, source: change.source, email: change.email },
  }));
}

/** No more commercial messages for these people: log, state and `person.opted_out`, in the caller's transaction. */
export async function withdrawConsent(
  tx: Transaction,
  runtime: Runtime,
  entries: readonly (Omit<ConsentEntry, 'state' | 'at'> & { readonly state?: 'withdrawn' | 'objected'; readonly at?: Date })[],
): Promise<readonly OptChange[]> {
  const now = runtime.clock.now();
  const changes = await recordConsent(
    tx,
    entries.map((entry) => ({ state: 'withdrawn', at: now, ...entry })),
  );
  if (changes.length > 0) await runtime.engine.emit(tx, optEvents(changes));
  return changes;
}

const CURRENT: Statement = {
  name: 'people.consent.current',
  text: `select person_id, topic, state, lawful_basis, since from consent_state where company_id = $1 and person_id = any($2::uuid[])`,
};

export interface CurrentConsent {
  readonly state: ConsentState;
  readonly lawfulBasis: LawfulBasis | null;
  readonly since: Date;
}

/** The state by topic for a batch of people of one company; a person without an entry is absent. */
export async function currentConsent(
  tx: Transaction,
  companyId: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, CurrentConsent>>> {
  const found = new Map<string, Map<string, CurrentConsent>>();
  const rows = await tx.query<{ person_id: string; topic: string; state: ConsentState; lawful_basis: LawfulBasis | null; since: Date }>(
    CURRENT,
    [companyId, personIds],
  );
  for (const row of rows) {
    const topics = found.get(row.person_id) ?? new Map<string, CurrentConsent>();
    found.set(row.person_id, topics.set(row.topic, { state: row.state, lawfulBasis: row.lawful_basis, since: row.since }));
  }
  return found;
}
