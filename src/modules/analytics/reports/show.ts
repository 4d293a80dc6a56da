import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { OTHER } from '../metrics/ask.ts';
import { metricOf } from '../metrics/catalogue.ts';
import { UNITS } from '../metrics/types.ts';
import { valueNames } from '../metrics/words.ts';
import { ReportDefinition } from './definition.ts';
import type { ReportResult } from './make.ts';

const amounts = () => z.array(z.number().nullable()).describe('In the order of the metrics; null: nothing to divide by');
const Stretch = z.object({ from: z.string(), to: z.string().describe('First day after it') });

/** A report with the names of its values, as they are called today. */
export const Report = z.object({
  definition: ReportDefinition,
  currency: z.string(),
  madeAt: z.date(),
  now: Stretch,
  before: Stretch.nullable(),
  metrics: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      unit: z.enum(UNITS).describe('money: cents; share: 0 to 1'),
      kind: z.enum(['flow', 'stock']),
      better: z.enum(['more', 'less']),
    }),
  ),
  total: z.object({ now: amounts(), before: amounts().nullable() }),
  groups: z
    .array(z.object({ value: z.string(), name: z.string(), now: amounts(), before: amounts().nullable() }))
    .describe('The heaviest of the first metric first, at most 50; the rest together'),
  notes: z.array(z.string()).describe('What a reader must know beside the figures'),
  points: z.array(z.object({ start: z.string(), value: z.string(), now: amounts() })).describe('Over time'),
  pointsBefore: z.array(z.object({ start: z.string(), now: amounts() })).describe('Over the stretch before, all values together'),
});
export type Report = z.output<typeof Report>;

/** Of what is kept as values, what it is called. */
export async function showReport(tx: Transaction, companyId: string, result: ReportResult): Promise<Report> {
  const { definition, groups, ...rest } = result;
  const values = groups.map((group) => group.value);
  const nameOf = definition.by === null ? String : await valueNames(tx, companyId, definition.by, values);
  return {
    definition,
    currency: rest.currency,
    madeAt: new Date(rest.madeAt),
    now: rest.now,
    before: rest.before,
    metrics: definition.metrics.map((id) => {
      const { title, description, unit, kind, better } = metricOf(id);
      return { id, title, description, unit, kind, better };
    }),
    total: copyOf(rest.total),
    groups: groups.map((group) => ({
      value: group.value,
      name: group.value === OTHER ? 'All others' : nameOf(group.value),
      ...copyOf(group),
    })),
    notes: [...rest.notes],
    points: rest.points.map(({ start, value, now }) => ({ start, value, now: [...now] })),
    pointsBefore: rest.pointsBefore.map(({ start, now }) => ({ start, now: [...now] })),
  };
}

type Amounts = readonly (number | null)[];
const copyOf = ({ now, before }: { readonly now: Amounts; readonly before: Amounts | null }) => ({
  now: [...now],
  before: before === null ? null : [...before],
});
