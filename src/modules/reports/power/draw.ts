import { wrap } from '#core/pdf/fonts.ts';
import { INK, INK_2, LINE, Sheet } from '#core/pdf/sheet.ts';
import { lightShades, tint, type Look } from '#modules/brand/public.ts';
import type { ComponentFigures, PowerFigures } from './figures.ts';
import { duration, moment, percent, watts, wattHours } from './words.ts';

export interface PowerReport {
  readonly title: string;
  readonly clientName: string;
  readonly look: Look;
  /** Bytes of the look's logo. */
  readonly logo: Buffer | null;
  readonly createdAt: Date;
  readonly figures: PowerFigures;
}

const LEFT = 56;
const BOTTOM = 70;
const QUIET = '#e4e4e7';
const NAMES = { ane: 'Neural engine', cpu: 'Processor', gpu: 'Graphics' } as const;

/** Draws a power report in the company's look. The same figures and look give the same bytes. */
export async function drawPowerReport(report: PowerReport): Promise<Buffer> {
  const { figures, title, look } = report;
  const sheet = new Sheet({ title, language: 'en', at: report.createdAt, letter: look.paper === 'letter' });
  const page = new Flow(sheet, lightShades(look).accent);
  page.heading(report);
  page.tiles([
    ['Energy', wattHours(figures.energyWh)],
    ['Mean power', watts(figures.total.meanMw)],
    ['Highest', watts(figures.total.maxMw)],
    ['Measured', duration(figures.coveredSeconds)],
  ]);
  page.section(
    'Power over time',
    `The line is the mean, the band reaches from the lowest to the highest.${figures.totalFrom === 'sum' ? ' It is the sum of the parts: the log has no total.' : ''}`,
  );
  page.course(figures);
  page.section('What stands out', '');
  if (figures.recommendations.length === 0) page.paragraph('Nothing stands out: no rule of this report speaks for this log.');
  for (const { says, because, rule } of figures.recommendations) page.advice(says, `${because} Rule: ${rule}.`);
  page.section('Hours of the day', `Energy by the hour at which it was used, in ${figures.timeZone}.`);
  page.hours(figures.hours);
  if (figures.split !== null) {
    const { idle, active, thresholdMw } = figures.split;
    page.section(
      'Idle and active',
      `Idle is below ${watts(thresholdMw)}, where two groups of measurements lie apart (Otsu’s method, by time).`,
    );
    page.table(
      ['', 'Time', 'Share', 'Energy', 'Mean power'],
      ([['Idle', idle], ['Active', active]] as const).map(([name, phase]) => [
        name, duration(phase.seconds), percent(phase.seconds / (idle.seconds + active.seconds)), wattHours(phase.energyWh), watts(phase.meanMw),
      ]),
    ); // prettier-ignore
  }
  page.section('Parts', 'Half of the time it was at or below the median, one hundredth of the time at or above P99.');
  const row = (name: string, part: ComponentFigures) => [name, wattHours(part.energyWh), watts(part.meanMw), watts(part.medianMw), watts(part.p95Mw), watts(part.p99Mw), watts(part.maxMw)]; // prettier-ignore
  page.table(
    ['', 'Energy', 'Mean', 'Median', 'P95', 'P99', 'Highest'],
    [...(['cpu', 'gpu', 'ane'] as const).flatMap((kind) => { const part = figures.components[kind]; return part === undefined ? [] : [row(NAMES[kind], part)]; }), row('Total', figures.total)],
  ); // prettier-ignore
  page.section('Highest moments', 'The highest measurement of each minute.');
  page.table(['When', 'Power'], figures.peaks.map(({ at, mw }) => [moment(at, figures.timeZone), watts(mw)])); // prettier-ignore
  page.section('How it was worked out', '');
  for (const text of method(figures)) page.paragraph(text);
  sheet.onEachPage((number) => {
    sheet.text([look.companyName, number === 1 ? look.footer : title].filter((text) => text !== '').join(' · '), LEFT, sheet.height - 40, {
      size: 7,
      color: INK_2,
    });
    sheet.text(`${number} / ${sheet.pages}`, sheet.width - LEFT, sheet.height - 40, { size: 7, color: INK_2, align: 'right' });
  });
  return sheet.bytes();
}

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

/** Places one part after the other, on a new page when it does not fit. */
class Flow {
  readonly #sheet: Sheet;
  readonly #right: number;
  readonly #accent: string;
  #y = 56;

  constructor(sheet: Sheet, accent: string) {
    this.#sheet = sheet;
    this.#accent = accent;
    this.#right = sheet.width - LEFT;
  }

  get #width(): number {
    return this.#right - LEFT;
  }

  #room(height: number): void {
    if (this.#y + height <= this.#sheet.height - BOTTOM) return;
    this.#sheet.newPage();
    this.#y = 56;
  }

  heading({ title, clientName, figures, look, logo }: PowerReport): void {
    const sheet = this.#sheet;
    if (logo === null)
      sheet.tagged('P', () => sheet.text(look.companyName, LEFT, this.#y, { size: 10, weight: 'bold', color: this.#accent }));
    else sheet.picture(logo, look.companyName, { x: LEFT, y: 44, width: 170, height: 40, align: 'left' });
    this.#y = 100;
    sheet.tagged('H1', () => (this.#y += sheet.block(title, LEFT, this.#y, this.#width, { weight: 'bold', size: 20 })));
    const span = `${moment(figures.from, figures.timeZone)} to ${moment(figures.to, figures.timeZone)}`;
    sheet.tagged(
      'P',
      () => (this.#y += sheet.block(`For ${clientName} · ${span}`, LEFT, this.#y + 4, this.#width, { size: 10, color: INK_2 })),
    );
    this.#y += 24;
  }

  tiles(tiles: readonly (readonly [label: string, value: string])[]): void {
    const width = this.#width / tiles.length;
    this.#sheet.rule(LEFT, this.#y, this.#width);
    this.#sheet.tagged('P', () =>
      tiles.forEach(([label, value], i) => {
        this.#sheet.text(label, LEFT + i * width, this.#y + 12, { size: 8, color: INK_2 });
        this.#sheet.text(value, LEFT + i * width, this.#y + 25, { size: 15, weight: 'bold' });
      }),
    );
    this.#y += 56;
    this.#sheet.rule(LEFT, this.#y, this.#width);
    this.#y += 8;
  }

  /** With room for what follows at once. */
  section(title: string, note: string): void {
    this.#room(150);
    this.#y += 14;
    this.#sheet.tagged('H2', () => this.#sheet.text(title, LEFT, this.#y, { weight: 'bold', size: 11 }));
    this.#y += note === '' ? 24 : 18;
    if (note === '') return;
    this.#sheet.tagged('P', () => (this.#y += this.#sheet.block(note, LEFT, this.#y, this.#width, { size: 8, color: INK_2 })));
    this.#y += 6;
  }

  paragraph(text: string): void {
    const height = wrap(text, 'regular', 9, this.#width).length * 13.05;
    this.#room(height);
    this.#sheet.tagged('P', () => this.#sheet.block(text, LEFT, this.#y, this.#width));
    this.#y += height + 4;
  }

  advice(says: string, because: string): void {
    const width = this.#width - 14;
    const height = wrap(says, 'bold', 9, width).length * 13.05 + wrap(because, 'regular', 8, width).length * 11.6;
    this.#room(height + 10);
    const top = this.#y;
    this.#sheet.artifact(() => this.#sheet.shape(`M${LEFT} ${top - 1}h3v${height + 2}h-3Z`, { fill: this.#accent }));
    this.#sheet.tagged('P', () => {
      this.#y += this.#sheet.block(says, LEFT + 14, this.#y, width, { weight: 'bold' });
      this.#y += this.#sheet.block(because, LEFT + 14, this.#y, width, { size: 8, color: INK_2 });
    });
    this.#y += 10;
  }

  /** Mean and span of power in 240 equal parts of the time. */
  course({ course, total, from, to, timeZone }: PowerFigures): void {
    const height = 130;
    this.#room(height + 30);
    const [left, top] = [LEFT + 44, this.#y];
    const width = this.#right - left;
    const [start, end] = [Date.parse(from), Date.parse(to)];
    const x = (at: string) => left + ((Date.parse(at) - start) / Math.max(1, end - start)) * width;
    const y = (mw: number) => top + height - (mw / Math.max(1, total.maxMw)) * height;
    const place = (at: string, mw: number) => `${x(at).toFixed(2)} ${y(mw).toFixed(2)}`;
    const scale = [0, 0.5, 1].map((share) => share * total.maxMw);
    for (const mw of scale) this.#sheet.rule(left, y(mw), width, LINE, 0.4);
    const alt = `Power over time: ${watts(total.meanMw)} on average, ${watts(total.minMw)} to ${watts(total.maxMw)}.`;
    this.#sheet.figure(alt, () => {
      for (const mw of scale) this.#sheet.text(watts(mw), left - 6, y(mw) - 5, { size: 7, color: INK_2, align: 'right' });
      for (const run of runs(course, ((end - start) / 240) * 1.5)) {
        const band = [...run.map(({ at, max }) => place(at, max)), ...run.toReversed().map(({ at, min }) => place(at, min))];
        this.#sheet.shape(`M${band.join('L')}Z`, { fill: tint(this.#accent, 0.75) });
        this.#sheet.shape(`M${run.map(({ at, mean }) => place(at, mean)).join('L')}`, { stroke: this.#accent, width: 1.2 });
      }
      this.#sheet.text(moment(from, timeZone), left, top + height + 6, { size: 7, color: INK_2 });
      this.#sheet.text(moment(to, timeZone), this.#right, top + height + 6, { size: 7, color: INK_2, align: 'right' });
    });
    this.#y += height + 22;
  }

  hours(hours: readonly number[]): void {
    const height = 70;
    this.#room(height + 24);
    const width = this.#width / 24;
    const most = Math.max(...hours, 1e-9);
    const top = this.#y;
    const highest = hours.indexOf(Math.max(...hours));
    this.#sheet.figure(
      `Energy by hour of the day: most between ${highest} and ${highest + 1} o’clock, ${wattHours(hours[highest] ?? 0)}.`,
      () => {
        for (const [hour, wh] of hours.entries()) {
          const tall = (wh / most) * height;
          const left = LEFT + hour * width + 2;
          this.#sheet.shape(`M${left.toFixed(2)} ${(top + height - tall).toFixed(2)}h${(width - 4).toFixed(2)}v${tall.toFixed(2)}h${(4 - width).toFixed(2)}Z`, { fill: wh === 0 ? QUIET : this.#accent }); // prettier-ignore
          if (hour % 3 === 0) this.#sheet.text(`${hour}`, left, top + height + 5, { size: 7, color: INK_2 });
        }
        this.#sheet.text(wattHours(most), this.#right, top - 10, { size: 7, color: INK_2, align: 'right' });
      },
    );
    this.#sheet.rule(LEFT, top + height, this.#width, LINE, 0.4);
    this.#y += height + 20;
  }

  /** The first column is text, the others are figures. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    this.#room((rows.length + 1) * 17);
    const first = 110;
    const step = head.length === 1 ? 0 : (this.#width - first) / (head.length - 1);
    const group = this.#sheet.group('Table');
    const line = (cells: readonly string[], style: { readonly size?: number; readonly color?: string }, tag: 'TH' | 'TD') => {
      const row = this.#sheet.group('TR', group);
      for (const [i, cell] of cells.entries())
        this.#sheet.tagged(tag, () => (i === 0 ? this.#sheet.text(cell, LEFT, this.#y, style) : this.#sheet.text(cell, LEFT + first + i * step, this.#y, { ...style, align: 'right' })), row); // prettier-ignore
      row.end();
      this.#y += 14;
    };
    line(head, { size: 7.5, color: INK_2 }, 'TH');
    this.#sheet.rule(LEFT, this.#y - 1, this.#width, INK, 0.8);
    this.#y += 5;
    for (const row of rows) {
      line(row, {}, 'TD');
      this.#sheet.rule(LEFT, this.#y, this.#width, LINE, 0.4);
      this.#y += 3.5;
    }
    group.end();
    this.#y += 4;
  }
}

/** Parts that follow one another without a hole: a line is not drawn over a gap. */
function runs<Point extends { readonly at: string }>(points: readonly Point[], most: number): Point[][] {
  const found: Point[][] = [];
  let last = Number.NaN;
  for (const point of points) {
    const time = Date.parse(point.at);
    if (time - last <= most) found.at(-1)?.push(point);
    else found.push([point]);
    last = time;
  }
  return found.filter((run) => run.length > 1);
}
