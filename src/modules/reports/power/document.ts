import { Blocks, quoted, type DataSet, type Written } from '#modules/documents/public.ts';
import { courseOf } from './course.ts';
import type { ComponentFigures, PowerFigures } from './figures.ts';
import { duration, moment, percent, powerUnit, watts, wattHours, energyUnit } from './words.ts';

const NAMES = { cpu: 'Processor', gpu: 'Graphics', ane: 'Neural engine' } as const;
const KINDS = ['cpu', 'gpu', 'ane'] as const;

const numbers = (first: string, rest: readonly string[], rows: DataSet['rows']): DataSet => ({
  columns: [{ name: first, kind: 'text' }, ...rest.map((name) => ({ name, kind: 'number' as const }))],
  rows,
});
const heading = (text: string) => ({ type: 'heading', level: 2, text });
const says = (text: string) => ({ type: 'text', text: quoted(text) });

/** A power report as a document: what stands out first, then the course, the parts, and how it was worked out. Its tables keep their numbers, so that it can be changed. */
export function powerDocument({ title, clientName, figures }: { readonly title: string; readonly clientName: string; readonly figures: PowerFigures }): Written {
  const { total, split, hours, timeZone, recommendations } = figures;
  const [power, energy] = [powerUnit(total.maxMw), energyUnit(figures.energyWh)];
  const hourly = energyUnit(Math.max(...hours));
  const row = (name: string, part: ComponentFigures) => [name, energy.of(part.energyWh), ...[part.meanMw, part.medianMw, part.p95Mw, part.p99Mw, part.maxMw].map(power.of)];
  const data = new Map<string, DataSet>([
    ['course', numbers('When', ['Mean', 'Lowest', 'Highest'], courseOf(figures, power.of))],
    ['hours', numbers('Hour', ['Energy'], hours.map((wh, hour) => [String(hour), hourly.of(wh)]))],
    ['parts', numbers('Part', [`Energy (${energy.unit})`, `Mean (${power.unit})`, 'Median', 'P95', 'P99', 'Highest'], [...KINDS.flatMap((kind) => { const part = figures.components[kind]; return part === undefined ? [] : [row(NAMES[kind], part)]; }), row('Total', total)])],
    ['peaks', numbers('When', [`Power (${power.unit})`], figures.peaks.map(({ at, mw }) => [moment(at, timeZone, true), power.of(mw)]))],
  ]);
  const phases = split === null ? [] : ([['Idle', split.idle], ['Active', split.active]] as const);
  if (split !== null)
    data.set('phases', {
      columns: [...['Phase', 'Time', 'Share'].map((name) => ({ name, kind: 'text' as const })), { name: `Energy (${energy.unit})`, kind: 'number' }, { name: `Mean (${power.unit})`, kind: 'number' }],
      rows: phases.map(([name, phase]) => [name, duration(phase.seconds), percent(phase.seconds / (split.idle.seconds + split.active.seconds)), energy.of(phase.energyWh), power.of(phase.meanMw)]),
    });
  const blocks = [
    { type: 'figures', items: [['Energy', wattHours(figures.energyWh)], ['Mean power', watts(total.meanMw)], ['Highest', watts(total.maxMw)], ['Measured', duration(figures.coveredSeconds)]].map(([label, value]) => ({ label, value })) },
    heading('What stands out'),
    ...(recommendations.length === 0 ? [says('Nothing stands out: no rule of this report speaks for this log.')] : []),
    ...recommendations.map(({ says: advice, because, rule }) => ({ type: 'advice', says: quoted(advice), because: quoted(because), rule: `Rule: ${rule}` })),
    heading('Power over time'),
    ...(figures.totalFrom === 'sum' ? [says('It is the sum of the parts: the log has no total.')] : []),
    { type: 'chart', chart: 'band', title: `Power in ${power.unit}`, description: `Power over time: ${watts(total.meanMw)} on average, ${watts(total.minMw)} to ${watts(total.maxMw)}.`, data: 'course', x: 'When', y: ['Mean', 'Lowest', 'Highest'], measure: 'mean' },
    heading('Hours of the day'),
    { type: 'chart', chart: 'bar', title: `Energy in ${hourly.unit}, by the hour at which it was used (${timeZone})`, data: 'hours', x: 'Hour', y: ['Energy'] },
    ...(split === null ? [] : [heading('Idle and active'), says(`Idle is below ${watts(split.thresholdMw)}, where two groups of measurements lie apart (Otsu’s method, by time).`), { type: 'table', data: 'phases' }]),
    heading('Parts'),
    says('Half of the time it was at or below the median, one hundredth of the time at or above P99.'),
    { type: 'table', data: 'parts' },
    heading('Highest moments'),
    says('The highest measurement of each minute.'),
    { type: 'table', data: 'peaks' },
    heading('How it was worked out'),
    says(method(figures).map((text) => `- ${text}`).join('\n')),
  ];
  return {
    title,
    lead: `For ${quoted(clientName)} · ${moment(figures.from, timeZone)} to ${moment(figures.to, timeZone)}`,
    language: 'en',
    blocks: Blocks.parse(blocks.map((block, i) => ({ id: `b${i + 1}`, ...block }))),
    data,
  };
} // prettier-ignore

function method({ quality, gaps, seconds, coveredSeconds, trend, cpuCounted }: PowerFigures): string[] {
  return [
    'Energy is the area under the measured power, by trapezoids between measurements that follow one another.',
    gaps === 0
      ? 'The log has no gaps.'
      : `The log has ${gaps} gaps, ${duration(seconds - coveredSeconds)} together: more than twenty times the usual interval without a measurement. Their energy is not counted.`,
    trend === null
      ? 'Power neither rises nor falls by more than chance and 5 % over the log.'
      : `Power ${trend.mwPerDay > 0 ? 'rises' : 'falls'} by ${watts(Math.abs(trend.mwPerDay))} a day, ${percent(Math.abs(trend.percent) / 100)} over the log.`,
    ...(cpuCounted === null
      ? []
      : [
          `The log’s own count of the processor’s energy is ${wattHours(cpuCounted.countedWh)}; by its power it is ${wattHours(cpuCounted.integratedWh)}.`,
        ]),
    `${quality.rows.toLocaleString('en')} rows were read${quality.rejected === 0 ? ', all of them right' : `, ${quality.rejected.toLocaleString('en')} left out (${quality.faults[0] ?? ''})`}${quality.repeated === 0 ? '' : `, ${quality.repeated.toLocaleString('en')} of moments that were there already`}.`,
  ];
}
