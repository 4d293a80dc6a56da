/** What is measured. Names and units by the conventions of Prometheus; labels are few and hold nothing of a company. */
export const METRICS = {
  steward_http_requests_total: { type: 'counter', unit: '{request}', help: 'Requests answered, by method and class of status' },
  steward_http_request_seconds_total: { type: 'counter', unit: 's', help: 'Time spent on answering them' },
  steward_steps_total: { type: 'counter', unit: '{step}', help: 'Steps of runs that this process has taken' },
  steward_effects_total: {
    type: 'counter',
    unit: '{effect}',
    help: 'Acts outside that this process has settled, by kind and what became of them',
  },
  steward_process_resident_memory_bytes: { type: 'gauge', unit: 'By', help: 'Memory of this process' },
  steward_process_cpu_seconds_total: { type: 'counter', unit: 's', help: 'Processor time of this process' },
  steward_event_loop_delay_seconds: {
    type: 'gauge',
    unit: 's',
    help: 'p99 of how late the event loop of this process was since the last reading',
  },
  steward_workers: { type: 'gauge', unit: '{worker}', help: 'Workers that beat within the last 90 seconds' },
  steward_runs_live: { type: 'gauge', unit: '{run}', help: 'Runs that are not over, by state' },
  steward_outbox_waiting: { type: 'gauge', unit: '{event}', help: 'Facts that the engine has not acted on yet' },
  steward_outbox_oldest_seconds: { type: 'gauge', unit: 's', help: 'How long the oldest of them has been due' },
  steward_outbox_failed: { type: 'gauge', unit: '{event}', help: 'Facts that the engine gave up on' },
  steward_effects_open: { type: 'gauge', unit: '{effect}', help: 'Acts outside that are not settled, by state' },
  steward_effects_oldest_due_seconds: { type: 'gauge', unit: 's', help: 'How long the oldest act that may go has been due' },
  steward_connections_rejected: { type: 'gauge', unit: '{connection}', help: 'Connections whose credentials the vendor no longer takes' },
  steward_daily_success_ratio: { type: 'gauge', unit: '1', help: 'Runs of the last 24 hours that did not fail; target above 0.99' },
  steward_run_work_seconds_mean: { type: 'gauge', unit: 's', help: 'Mean working time of runs of the last 24 hours; target under 60' },
  steward_interventions_month: {
    type: 'gauge',
    unit: '{intervention}',
    help: 'Times that a person had to settle something this month; target under 1',
  },
  steward_recovery_seconds_mean: {
    type: 'gauge',
    unit: 's',
    help: 'Mean time from a failure to its success, last 30 days; target under 86400',
  },
} as const satisfies Record<string, { type: 'counter' | 'gauge'; unit: string; help: string }>;

export type MetricName = keyof typeof METRICS;

export interface Reading {
  readonly name: MetricName;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What this process has counted since it began: an addition a request, a round or an effect. */
class Counters {
  readonly #values = new Map<string, { reading: Omit<Reading, 'value'>; value: number }>();

  add(name: MetricName, by: number, labels?: Readonly<Record<string, string>>): void {
    const key = labels === undefined ? name : `${name} ${Object.values(labels).join(' ')}`;
    const known = this.#values.get(key);
    if (known === undefined) this.#values.set(key, { reading: { name, ...(labels === undefined ? {} : { labels }) }, value: by });
    else known.value += by;
  }

  read(): Reading[] {
    return [...this.#values.values()].map(({ reading, value }) => ({ ...reading, value }));
  }
}

/** One for the process. */
export const counters = new Counters();

/** The text that Prometheus reads. @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function exposition(readings: readonly Reading[]): string {
  const lines: string[] = [];
  for (const [name, group] of Map.groupBy(readings, (one) => one.name)) {
    const { type, help } = METRICS[name];
    lines.push(`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${type}`);
    for (const { labels = {}, value } of group) {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
      lines.push(`${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
