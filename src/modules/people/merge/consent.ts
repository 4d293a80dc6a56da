import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import { MARKETING, recordConsent, type ConsentState } from '../consent.ts';
import type { ConsentBefore } from './tables.ts';

const STRICTNESS: readonly string[] = ['granted', 'withdrawn', 'objected'];

export interface StateRow {
  readonly company_id: string;
  readonly person_id: string;
  readonly topic: string;
  readonly state: ConsentState;
  readonly lawful_basis: string | null;
  readonly log_id: string;
  readonly since: string;
}

const BEFORE: Statement = {
  name: 'people.merge.consent_before',
  text: `select (select coalesce(jsonb_agg(to_jsonb(s)), '[]') from consent_state s where s.company_id = $1 and s.person_id in ($2, $3)) as states,
           (select jsonb_agg(jsonb_build_object('id', p.id, 'opted_out_at', p.opted_out_at)) from people p where p.company_id = $1 and p.id in ($2, $3)) as people,
           (select coalesce(jsonb_agg(l.id), '[]') from consent_log l where l.company_id = $1 and l.person_id = $2) as log`,
};

/** What both agreed to and refused, and which entries are the survivor's own. */
export async function consentBefore(tx: Transaction, companyId: string, survivorId: string, absorbedId: string): Promise<ConsentBefore> {
  const [row] = await tx.query<ConsentBefore>(BEFORE, [companyId, survivorId, absorbedId]);
  if (row === undefined) throw new Error('a select without from answers one row');
  return row;
}

const MOVE: Statement = { name: 'people.merge.consent_move', text: 'select steward_move_consent($1, $2, $3) as ids' };

/** The log goes along, or back. Answers the ids of the entries that moved. */
export async function moveLog(tx: Transaction, mergeId: string, back: boolean, ids: readonly string[] | null): Promise<string[]> {
  const [row] = await tx.query<{ ids: string[] }>(MOVE, [mergeId, back, ids]);
  return row?.ids ?? [];
}

/** By topic, the stricter of two. Between a grant and nothing, the grant: it is the same human's. */
export function strictest(survivorId: string, states: readonly StateRow[]): StateRow[] {
  const best = new Map<string, StateRow>();
  for (const state of states.toSorted((a, b) => Number(b.person_id === survivorId) - Number(a.person_id === survivorId))) {
    const known = best.get(state.topic);
    if (known === undefined || STRICTNESS.indexOf(state.state) > STRICTNESS.indexOf(known.state)) best.set(state.topic, state);
  }
  return [...best.values()];
}

const SETTLE: Statement = {
  name: 'people.merge.consent_settle',
  text: `insert into consent_state as known (company_id, person_id, topic, state, lawful_basis, log_id, since)
         select $1, $2, e.topic, e.state, e.lawful_basis, e.log_id, e.since
           from jsonb_to_recordset($3::jsonb) as e(topic text, state text, lawful_basis text, log_id uuid, since timestamptz)
         on conflict (person_id, topic) do update set state = excluded.state, lawful_basis = excluded.lawful_basis, log_id = excluded.log_id, since = excluded.since
          where known.log_id <> excluded.log_id`,
};
const OPTED_OUT: Statement = {
  name: 'people.merge.opted_out',
  text: `update people p set opted_out_at = (select s.since from consent_state s where s.person_id = p.id and s.topic = '${MARKETING}' and s.state <> 'granted')
          where p.company_id = $1 and p.id = $2
            and (p.opted_out_at is null) <> (not exists (select from consent_state s where s.person_id = p.id and s.topic = '${MARKETING}' and s.state <> 'granted'))`,
};

/** Writes what was worked out; the database refuses it where it would revive an opt-out. */
export async function settle(tx: Transaction, companyId: string, personId: string, states: readonly StateRow[]): Promise<void> {
  await tx.query(SETTLE, [companyId, personId, JSON.stringify(states)]);
  await tx.query(OPTED_OUT, [companyId, personId]);
}

const LATER: Statement = {
  name: 'people.merge.consent_later',
  text: `select id, topic, state, lawful_basis, source, evidence, recorded_by, renews, created_at from consent_log
          where company_id = $1 and person_id = $2 and id <> all ($3::uuid[]) order by created_at, id`,
};

interface LogRow {
  readonly id: string;
  readonly topic: string;
  readonly state: ConsentState;
  readonly lawful_basis: string | null;
  readonly source: string;
  readonly evidence: Facts;
  readonly recorded_by: string | null;
  readonly renews: boolean;
  readonly created_at: Date;
}

const RESTORE: Statement = { name: 'people.merge.consent_restore', text: 'select steward_restore_consent($1)' };
const KEEP: Statement = {
  name: 'people.merge.keep_opt_outs',
  text: 'select steward_keep_opt_out(p.company_id, p.id, p.opted_out_at) from people p where p.company_id = $1 and p.id = any($2::uuid[]) and p.opted_out_at is not null',
};

export interface Parting {
  readonly companyId: string;
  readonly mergeId: string;
  readonly survivorId: string;
  readonly absorbedId: string;
  readonly before: ConsentBefore;
  readonly moved: readonly string[];
  readonly at: Date;
}

/**
 * Both get back what they had; what was said of the one they were counts again: for the survivor all of it, for the other one
 * every refusal (a grant was given by somebody else, for all we know). Addresses of who is out are on the list afterwards, whatever
 * was lifted in between.
 */
export async function partConsent(
  tx: Transaction,
  { companyId, mergeId, survivorId, absorbedId, before, moved, at }: Parting,
): Promise<void> {
  await moveLog(tx, mergeId, true, moved);
  await tx.query(RESTORE, [mergeId]);
  const later = await tx.query<LogRow>(LATER, [companyId, survivorId, before.log]);
  // Rows of consent_state as JSON: our own journal.
  const own = before.states as unknown as StateRow[]; // as jsonb gives it back
  const states = new Map(own.filter((row) => row.person_id === survivorId).map((row) => [row.topic, row]));
  for (const entry of later) {
    const known = states.get(entry.topic);
    if (known === undefined || entry.renews || STRICTNESS.indexOf(entry.state) > STRICTNESS.indexOf(known.state)) {
      const { topic, state, lawful_basis } = entry;
      states.set(topic, {
        company_id: companyId,
        person_id: survivorId,
        topic,
        state,
        lawful_basis,
        log_id: entry.id,
        since: entry.created_at.toISOString(),
      });
    }
  }
  await settle(tx, companyId, survivorId, [...states.values()]);
  await recordConsent(
    tx,
    later
      .filter((entry) => entry.state !== 'granted')
      .map((entry) => ({
        companyId,
        personId: absorbedId,
        topic: entry.topic,
        state: entry.state,
        source: 'merge_undo',
        evidence: { merge_id: mergeId, log_id: entry.id, source: entry.source, at: entry.created_at.toISOString() },
        recordedBy: entry.recorded_by,
        at,
      })),
  );
  await tx.query(KEEP, [companyId, [survivorId, absorbedId]]);
}
