import { systemClock } from '#core/clock.ts';
import { turns, type Limit, type Turn, type TurnSource } from '#core/connector/turns.ts';
import type { Connector } from '#core/connector/types.ts';
import type { Statement, SystemDatabase } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import type { ConnectionRow } from './ports.ts';

/** $3 turns, $4 ms apart, none before $5 ms from now; none at all where the first would be more than $6 ms off. $7: now, in tests. */
const LEASE: Statement = {
  name: 'connections.turns.lease',
  text: `with asked as (select coalesce($7::timestamptz, clock_timestamp()) as now),
              want as (select now, now + $5::float8 * interval '1 ms' as soonest, $3::float8 * $4::float8 * interval '1 ms' as span from asked)
         insert into connection_turns as t (connection_id, company_id, next_at) select $1, $2, soonest + span from want
         on conflict (connection_id) do update
            set next_at = greatest(t.next_at, t.held_until, (select soonest from want)) + (select span from want)
          where greatest(t.next_at, t.held_until) <= (select now from want) + $6::float8 * interval '1 ms'
         returning extract(epoch from next_at - (select span from want) - (select now from want)) * 1000 as start_ms`,
};
const FREE: Statement = {
  name: 'connections.turns.free',
  text: `select extract(epoch from greatest(next_at, held_until) - coalesce($3::timestamptz, clock_timestamp())) * 1000 as wait_ms
           from connection_turns where connection_id = $1 and company_id = $2`,
};
const HOLD: Statement = {
  name: 'connections.turns.hold',
  text: `with asked as (select coalesce($4::timestamptz, clock_timestamp()) as now)
         insert into connection_turns as t (connection_id, company_id, next_at, held_until)
         select $1, $2, now, now + $3::float8 * interval '1 ms' from asked
         on conflict (connection_id) do update set held_until = greatest(t.held_until, excluded.held_until)`,
};

/**
 * The turns of a connection in the database: one row, moved on by each lease. It need not reach the disk: after a crash of the database the clock is
 * past them. `now` where tests have a clock of their own; else the database's, which is one for all processes.
 */
export function turnSource(
  system: SystemDatabase,
  connection: { readonly id: string; readonly companyId: string },
  now: () => Date | null = () => null,
): TurnSource {
  const { id, companyId } = connection;
  return {
    lease: ({ count, spacingMs, leadMs, longestMs }) =>
      system.round('relaxed', async (tx) => {
        const at = now();
        const [given] = await tx.query<{ start_ms: string }>(LEASE, [id, companyId, count, spacingMs, leadMs, longestMs, at]);
        if (given !== undefined) return { startInMs: Math.max(0, Number(given.start_ms)), waitMs: 0 };
        const [free] = await tx.query<{ wait_ms: string }>(FREE, [id, companyId, at]);
        return { startInMs: null, waitMs: Math.max(0, Number(free?.wait_ms ?? 0)) };
      }),
    hold: (ms) => system.round('relaxed', async (tx) => void (await tx.query(HOLD, [id, companyId, ms, now()]))),
  };
}

interface Known {
  readonly limit: Limit;
  readonly turn: Turn;
}

const known = new WeakMap<Runtime, Map<string, Known>>();

/** What calls over this connection wait for; undefined where neither the vendor nor the company sets a limit. */
export function turnFor(
  runtime: Runtime,
  row: ConnectionRow,
  connector: Connector,
  credentials: Record<string, unknown>,
): Turn | undefined {
  const limit = limitOf(row) ?? connector.limit?.(credentials);
  if (limit === undefined) return undefined;
  const ofRuntime = known.get(runtime) ?? new Map<string, Known>();
  known.set(runtime, ofRuntime);
  const one = ofRuntime.get(row.id);
  if (one !== undefined && one.limit.requests === limit.requests && one.limit.perMs === limit.perMs) return one.turn;
  // A clock that stands still would wait for ever for one that runs.
  const { clock } = runtime;
  const turn = turns(limit, turnSource(runtime.system, row, clock === systemClock ? undefined : () => clock.now()));
  ofRuntime.set(row.id, { limit, turn });
  return turn;
}

/** What the company has set in the vendor's place. */
export function limitOf(row: { readonly limitRequests: number | null; readonly limitSeconds: number | null }): Limit | undefined {
  if (row.limitRequests === null || row.limitSeconds === null) return undefined;
  return { requests: row.limitRequests, perMs: row.limitSeconds * 1_000 };
}
