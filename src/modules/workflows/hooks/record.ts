import type { Statement, Transaction } from '#core/database/database.ts';
import { redactFields, redactHeaders } from '#core/connector/redact-fields.ts';
import type { Facts, Json } from '#core/engine/types.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Incoming, Verdict } from './receive.ts';

/** Of each hook the latest are kept, and none longer than this. */
const KEPT = 50;
export const KEPT_DAYS = 7;
/** A longer body is shown in part. */
const SHOWN_BYTES = 65_536;

export interface Recorded {
  readonly hook: { readonly id: string; readonly company_id: string };
  readonly request: Incoming;
  readonly verdict: Verdict;
  readonly triggerId: string | null;
}

/** What a replay needs of a request; sealed, because the shown one lacks its secrets. */
export interface Kept {
  readonly body: Json;
  readonly query: Facts;
  readonly telling: Facts;
  readonly method: string;
}

const INSERT: Statement = {
  name: 'hooks.record',
  text: `insert into hook_requests (id, company_id, hook_id, at, method, query, headers, body, bytes, verdict, trigger_id, sealed)
         select id, company_id, hook_id, $2::timestamptz, method, query, headers, body, bytes, verdict, trigger_id, sealed
           from json_to_recordset($1::json) as x (id uuid, company_id uuid, hook_id uuid, method text, query jsonb, headers jsonb, body jsonb, bytes integer, verdict text,
             trigger_id text, sealed text)`,
};
const TRIM: Statement = {
  name: 'hooks.trim',
  text: `delete from hook_requests r using unnest($1::uuid[]) as h (id) where r.hook_id = h.id and r.id < (
           select min(k.id::text)::uuid from (select id from hook_requests where hook_id = h.id order by id desc limit $2) k)`,
};
const HEARD: Statement = {
  name: 'hooks.heard',
  text: `update workflow_hooks set listening_until = null where id = any ($1::uuid[]) and listening_until is not null`,
};
const SWEEP: Statement = {
  name: 'hooks.sweep',
  text: `delete from hook_requests where id = any (array(select id from hook_requests where at < $1::timestamptz - make_interval(days => $2) limit 5000))`,
};

/** The latest requests of each hook, for people to look at; in the transaction that takes them. */
export async function record(tx: Transaction, runtime: Runtime, recorded: readonly Recorded[]): Promise<void> {
  const rows = recorded.map(({ hook, request, verdict, triggerId }) => {
    const id = newId();
    const keepsBody = verdict === 'accepted' || verdict === 'test';
    const kept: Kept = { body: request.body, query: request.query, telling: request.telling, method: request.method };
    return {
      id,
      company_id: hook.company_id,
      hook_id: hook.id,
      method: request.method,
      query: redactFields(request.query),
      headers: redactHeaders(request.headers),
      body: request.rawBody.byteLength > SHOWN_BYTES ? null : redactFields(request.body),
      bytes: request.rawBody.byteLength,
      verdict,
      trigger_id: triggerId,
      sealed: keepsBody ? runtime.secrets.seal(JSON.stringify(kept), `hook request ${id}`) : null,
    };
  });
  const hooks = [...new Set(rows.map((row) => row.hook_id))];
  await tx.query(INSERT, [JSON.stringify(rows), runtime.clock.now()]);
  await tx.query(TRIM, [hooks, KEPT]);
  const heard = recorded.filter(({ verdict }) => verdict === 'accepted' || verdict === 'test').map(({ hook }) => hook.id);
  if (heard.length > 0) await tx.query(HEARD, [[...new Set(heard)]]);
}

export async function sweepRequests(runtime: Runtime): Promise<void> {
  await runtime.system.write((tx) => tx.query(SWEEP, [runtime.clock.now(), KEPT_DAYS]));
}
