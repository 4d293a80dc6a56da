import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Statement, SystemDatabase } from '#core/database/database.ts';
import { counters, type Reading } from '#core/telemetry/metrics.ts';
import { gaugesOf, measure } from '../health/gauges.ts';
import { waits } from '#core/effects/waiting.ts';

/** Of the whole installation, by indexes on what is open. $1 now */
const OPEN: Statement = {
  name: 'metrics.open',
  text: `select (select count(*)::int from workers where beat_at > now() - interval '90 seconds') as workers,
                (select count(*)::int from outbox where failed_at is null) as waiting,
                (select coalesce(max(extract(epoch from $1::timestamptz - due_at)), 0)::float8 from (select due_at from outbox where failed_at is null order by id limit 1) o) as oldest,
                (select count(*)::int from outbox where failed_at is not null) as failed,
                (select count(*)::int from connections where state = 'rejected') as rejected,
                (select coalesce(max(extract(epoch from $1::timestamptz - due)), 0)::float8
                   from (select min(w.due_at) as due from effects w where ${waits('w')} and w.due_at <= $1 group by w.kind, w.company_id) e) as "effectS"`,
};
const RUNS: Statement = {
  name: 'metrics.runs',
  text: `select state, count(*)::int as count from runs where state in ('running', 'waiting', 'paused') group by 1`,
};
const EFFECTS: Statement = {
  name: 'metrics.effects',
  text: `select state, count(*)::int as count from effects where state in ('reserved', 'handed', 'in_doubt') group by 1`,
};
const COMPANIES: Statement = { name: 'metrics.companies', text: 'select id from companies' };

interface Open {
  readonly workers: number;
  readonly waiting: number;
  readonly oldest: number;
  readonly failed: number;
  readonly rejected: number;
  readonly effectS: number;
}

/** How long one look at the database is good for: two scrapers cost as much as one. */
const FRESH_MS = 10_000;
const seen = new WeakMap<SystemDatabase, { readonly at: number; readonly readings: Promise<readonly Reading[]> }>();

const delay = monitorEventLoopDelay({ resolution: 20 });

/** Everything measured: what this process has counted, and what stands in the database, for all companies together. */
export async function readMetrics(system: SystemDatabase, now: Date): Promise<readonly Reading[]> {
  const known = seen.get(system);
  const at = performance.now();
  const current = known !== undefined && at - known.at < FRESH_MS ? known : { at, readings: fromDatabase(system, now) };
  seen.set(system, current);
  current.readings.catch(() => seen.delete(system));
  return [...counters.read(), ...ofProcess(), ...(await current.readings)];
}

function ofProcess(): Reading[] {
  const { user, system } = process.cpuUsage();
  // It costs a timer, so it runs only where somebody reads it.
  delay.enable();
  const late = delay.percentile(99) / 1e9;
  delay.reset();
  return [
    { name: 'steward_process_resident_memory_bytes', value: process.memoryUsage.rss() },
    { name: 'steward_process_cpu_seconds_total', value: (user + system) / 1e6 },
    ...(Number.isFinite(late) ? [{ name: 'steward_event_loop_delay_seconds', value: late } as const] : []),
  ];
}

function fromDatabase(system: SystemDatabase, now: Date): Promise<readonly Reading[]> {
  return system.read(async (tx) => {
    const [[open], runs, effects, companies] = await Promise.all([
      tx.query<Open>(OPEN, [now]),
      tx.query<{ state: string; count: number }>(RUNS, []),
      tx.query<{ state: string; count: number }>(EFFECTS, []),
      tx.query<{ id: string }>(COMPANIES, []),
    ]);
    const { dailySuccess, meanRunS, manualInterventions, recoveryS } = gaugesOf(
      await measure(
        tx,
        companies.map((one) => one.id),
        now,
      ),
    );
    const readings: { name: Reading['name']; labels?: Record<string, string>; value: number | null | undefined }[] = [
      { name: 'steward_workers', value: open?.workers },
      ...runs.map(({ state, count }) => ({ name: 'steward_runs_live' as const, labels: { state }, value: count })),
      { name: 'steward_outbox_waiting', value: open?.waiting },
      { name: 'steward_outbox_oldest_seconds', value: Math.max(0, open?.oldest ?? 0) },
      { name: 'steward_outbox_failed', value: open?.failed },
      ...effects.map(({ state, count }) => ({ name: 'steward_effects_open' as const, labels: { state }, value: count })),
      { name: 'steward_effects_oldest_due_seconds', value: open?.effectS },
      { name: 'steward_connections_rejected', value: open?.rejected },
      { name: 'steward_daily_success_ratio', value: dailySuccess },
      { name: 'steward_run_work_seconds_mean', value: meanRunS },
      { name: 'steward_interventions_month', value: manualInterventions },
      { name: 'steward_recovery_seconds_mean', value: recoveryS },
    ];
    // Nothing to measure is no reading, never an invented number.
    return readings.flatMap(({ value, ...one }) => (value === null || value === undefined ? [] : [{ ...one, value }]));
  });
}
