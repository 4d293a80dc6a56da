import { z } from 'zod';

/** One deal as the daily run has always called it. */
export const DailyLead = z.object({
  id: z.string(),
  name: z.string(),
  company: z.string(),
  stage: z.string(),
  /** In whole currency, not cents. */
  value: z.number(),
  /** 0 to 1. */
  probability: z.number(),
  owner: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type DailyLead = z.output<typeof DailyLead>;

/** The keys of sales_pipeline.json: users' programs read them, so they stay as they are, in snake_case here, too. */
export const Snapshot = z.object({
  timestamp: z.string(),
  total_leads: z.int(),
  total_value: z.number(),
  weighted_value: z.number(),
  open_value: z.number(),
  open_weighted_value: z.number(),
  won_value: z.number(),
  stage_breakdown: z.record(z.string(), z.int()),
  leads: z.array(DailyLead),
  source: z.string(),
  demo: z.boolean(),
});
export type Snapshot = z.output<typeof Snapshot>;

export interface FoundLead extends DailyLead {
  readonly status: 'open' | 'won' | 'lost';
}

/** Whole steps, so that sums are exact in every currency. */
const STEPS = 10_000;
const steps = (value: number) => Math.round(value * STEPS);

/** Microseconds and an offset, as the files have always had them. */
export const stamp = (at: Date): string => at.toISOString().replace('Z', '000+00:00');

export function snapshotOf(leads: readonly FoundLead[], source: string, at: Date): Snapshot {
  const sum = (list: readonly FoundLead[], pick: (lead: FoundLead) => number) =>
    list.reduce((total, lead) => total + steps(pick(lead)), 0) / STEPS;
  const weighted = (lead: FoundLead) => lead.value * lead.probability;
  const open = leads.filter((lead) => lead.status === 'open');
  const stages = Map.groupBy(leads, (lead) => lead.stage);
  return {
    timestamp: stamp(at),
    total_leads: leads.length,
    total_value: sum(leads, (lead) => lead.value),
    weighted_value: sum(leads, weighted),
    open_value: sum(open, (lead) => lead.value),
    open_weighted_value: sum(open, weighted),
    won_value: sum(leads.filter((lead) => lead.status === 'won'), (lead) => lead.value), // prettier-ignore
    stage_breakdown: Object.fromEntries([...stages].map(([stage, list]) => [stage, list.length])),
    leads: leads.map(({ status: _status, ...lead }) => lead),
    source,
    demo: source === 'demo',
  };
}

/** daily_summary.json. */
export function summaryOf(snapshot: Snapshot) {
  const { total_leads, total_value, weighted_value, open_value, open_weighted_value, won_value, timestamp } = snapshot;
  return {
    metadata: { sales_pipeline_enabled: true },
    sales_pipeline_summary: {
      total_leads,
      total_value,
      weighted_value,
      open_value,
      open_weighted_value,
      won_value,
      timestamp,
      source: snapshot.source,
      demo: snapshot.demo,
    },
  };
}
