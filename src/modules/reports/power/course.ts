import type { DataSet } from '#modules/documents/public.ts';
import type { PowerFigures } from './figures.ts';

type Cells = DataSet['rows'][number];

/** The course as rows: when, mean, lowest, highest; a gap is rows without values, as wide as it was, so that no line is drawn over it. */
export function courseOf({ course, from, to, timeZone }: PowerFigures, unit: (mw: number) => number): Cells[] {
  const span = Date.parse(to) - Date.parse(from);
  const nameOf = namer(span, timeZone);
  const [first] = course;
  // Stretches of the log are equally wide, and those without a measurement are left out.
  const width = course.slice(1).reduce((least, { at }, i) => Math.min(least, Date.parse(at) - Date.parse(course[i]?.at ?? at)), Infinity);
  if (first === undefined) return [];
  const rows: Cells[] = [];
  let before = Date.parse(first.at);
  for (const { at, mean, min, max } of course) {
    const now = Date.parse(at);
    for (let hole = before + width; hole < now - width / 2; hole += width) rows.push([nameOf(new Date(hole)), null, null, null]);
    rows.push([nameOf(new Date(now)), unit(mean), unit(min), unit(max)]);
    before = now;
  }
  return rows;
}

/** As much of a moment as tells it from its neighbours. No two of one course have the same name: in the hour that comes twice the second says so. */
function namer(spanMs: number, timeZone: string): (at: Date) => string {
  const day = spanMs > 20 * 3_600_000 ? ({ day: 'numeric', month: 'short' } as const) : {};
  const second = spanMs < 2 * 3_600_000 ? ({ second: '2-digit' } as const) : {};
  const fraction = spanMs < 240_000 ? ({ fractionalSecondDigits: 1 } as const) : {};
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', ...day, ...second, ...fraction });
  const seen = new Map<string, number>();
  return (at) => {
    const name = format.format(at);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  };
}
