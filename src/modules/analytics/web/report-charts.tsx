import type { ReactNode } from 'react';
import { ticksOf } from './ticks.ts';

/** Told apart by people who see few colours, too (Okabe and Ito, 2008); readable on light and dark. */
export const COLORS = ['#3b82c4', '#e69f00', '#009e73', '#cc79a7', '#8b7fd6', '#d55e00', '#71717a'] as const;
export const colorOf = (place: number): string => COLORS[Math.min(place, COLORS.length - 1)] ?? COLORS[0];

export interface Series {
  readonly name: string;
  readonly amounts: readonly (number | null)[];
}

const HEIGHT = 250;
const TOP = 12;
const BOTTOM = 28;
const LEFT = 4;
const AXIS = 58;

function toTheNewest(box: HTMLElement | null): void {
  if (box !== null) box.scrollLeft = box.scrollWidth;
}

/**
 * Amounts over time. What adds up is stacked in columns, what does not (a share, an average) is a line each. `before`: the stretch before, as a quiet step behind.
 */
export function TimeChart({
  labels,
  series,
  before,
  stacked,
  says,
  short,
  label,
}: {
  labels: readonly string[];
  series: readonly Series[];
  before: readonly (number | null)[] | null;
  stacked: boolean;
  says: (amount: number | null) => string;
  short: (amount: number) => string;
  label: string;
}) {
  const slot = Math.max(16, Math.min(88, 860 / Math.max(1, labels.length)));
  const sums = labels.map((_label, i) => series.reduce((sum, one) => sum + Math.max(0, one.amounts[i] ?? 0), 0));
  const single = series.flatMap((one) => one.amounts.map((amount) => amount ?? 0));
  const highest = Math.max(...(stacked ? sums : single), ...(before ?? []).map((amount) => amount ?? 0), 0) || 1;
  const ticks = ticksOf(highest, 4);
  const width = LEFT + labels.length * slot + 6;
  const y = (amount: number) => TOP + (1 - Math.max(0, amount) / highest) * (HEIGHT - TOP - BOTTOM);
  const middle = (i: number) => LEFT + i * slot + slot / 2;
  // As many labels as have room.
  const every = Math.ceil(52 / slot);
  const told = (i: number) =>
    [
      `${labels[i] ?? ''}:`,
      series.map((one) => `${series.length > 1 ? `${one.name} ` : ''}${says(one.amounts[i] ?? null)}`).join(', '),
      ...(before === null ? [] : [`(before: ${says(before[i] ?? null)})`]),
    ].join(' ');
  return (
    <div className="flex">
      <svg aria-hidden width={AXIS} height={HEIGHT} className="shrink-0">
        {ticks.map((tick) => (
          <text key={tick} x={AXIS - 8} y={y(tick) + 3} textAnchor="end" className="num fill-ink-3 text-2xs">
            {short(tick)}
          </text>
        ))}
      </svg>
      <div
        ref={toTheNewest}
        className="min-w-0 flex-1 overflow-x-auto"
        tabIndex={0}
        role="region"
        aria-label={`${label}, scrolls sideways`}
      >
        <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="group" aria-label={label}>
          {ticks.map((tick) => (
            <line
              key={tick}
              aria-hidden
              x1={LEFT}
              x2={width}
              y1={y(tick)}
              y2={y(tick)}
              className={tick === 0 ? 'stroke-line-strong' : 'stroke-line'}
            />
          ))}
          {before === null ? null : (
            <path
              aria-hidden
              d={labels
                .map((_label, i) => `${i === 0 ? 'M' : 'L'} ${LEFT + i * slot + 2} ${y(before[i] ?? 0)} H ${LEFT + (i + 1) * slot - 2}`)
                .join(' ')}
              className="fill-none stroke-ink-3"
              strokeWidth="1.5"
              strokeDasharray="4 3"
            />
          )}
          {labels.map((text, i) => {
            let under = 0;
            return (
              <g key={text + String(i)} role="img" aria-label={told(i)}>
                <title>{told(i)}</title>
                <rect x={LEFT + i * slot} y={0} width={slot} height={HEIGHT} className="fill-transparent hover:fill-hover" />
                {stacked
                  ? series.map((one, place) => {
                      const amount = Math.max(0, one.amounts[i] ?? 0);
                      const top = y(under + amount);
                      const height = y(under) - top;
                      under += amount;
                      return height <= 0 ? null : (
                        <rect
                          key={one.name}
                          x={LEFT + i * slot + slot * 0.15}
                          y={top}
                          width={slot * 0.7}
                          height={Math.max(1, height)}
                          rx={series.length === 1 ? 2 : 0}
                          fill={series.length === 1 ? undefined : colorOf(place)}
                          className={series.length === 1 ? 'fill-accent' : undefined}
                        />
                      );
                    })
                  : null}
                {i % every === 0 ? (
                  <text x={middle(i)} y={HEIGHT - 10} textAnchor="middle" className="num fill-ink-3 text-2xs">
                    {text}
                  </text>
                ) : null}
              </g>
            );
          })}
          {stacked
            ? null
            : series.map((one, place) => (
                <g key={one.name} aria-hidden className="pointer-events-none">
                  <path
                    d={lineOf(one.amounts, middle, y)}
                    fill="none"
                    strokeWidth="2"
                    stroke={series.length === 1 ? undefined : colorOf(place)}
                    className={series.length === 1 ? 'stroke-accent' : undefined}
                  />
                  {one.amounts.map((amount, i) =>
                    amount === null ? null : (
                      <circle
                        key={labels[i] ?? i}
                        cx={middle(i)}
                        cy={y(amount)}
                        r="2.5"
                        fill={series.length === 1 ? undefined : colorOf(place)}
                        className={series.length === 1 ? 'fill-accent' : undefined}
                      />
                    ),
                  )}
                </g>
              ))}
        </svg>
      </div>
    </div>
  );
}

/** Breaks where there is nothing to divide by. */
function lineOf(amounts: readonly (number | null)[], x: (i: number) => number, y: (amount: number) => number): string {
  let drawing = false;
  return amounts
    .map((amount, i) => {
      if (amount === null) {
        drawing = false;
        return '';
      }
      const step = `${drawing ? 'L' : 'M'} ${x(i)} ${y(amount)}`;
      drawing = true;
      return step;
    })
    .join(' ');
}

/** What each colour is. */
export function Legend({ names, before }: { names: readonly string[]; before: boolean }) {
  if (names.length < 2 && !before) return null;
  return (
    <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {names.length < 2
        ? null
        : names.map((name, place) => (
            <li key={name} className="flex items-center gap-1.5">
              <span aria-hidden className="size-2.5 rounded-sm" style={{ background: colorOf(place) }} />
              {name}
            </li>
          ))}
      {before ? (
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="w-4 border-t border-dashed border-ink-3" />
          the time before
        </li>
      ) : null}
    </ul>
  );
}

export interface Bar {
  readonly key: string;
  readonly name: ReactNode;
  readonly text: string;
  readonly now: number | null;
  readonly before: number | null;
}

/** Amounts side by side, the heaviest first; a thin line under each is the time before. */
export function BarList({ bars, says, label }: { bars: readonly Bar[]; says: (amount: number | null) => string; label: string }) {
  const highest = Math.max(...bars.flatMap((bar) => [bar.now ?? 0, bar.before ?? 0]), 0) || 1;
  const part = (amount: number | null) => `${(Math.max(0, amount ?? 0) / highest) * 100}%`;
  return (
    <ul className="space-y-2.5" aria-label={label}>
      {bars.map((bar) => (
        <li
          key={bar.key}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-sm sm:grid-cols-[11rem_minmax(0,1fr)_auto]"
        >
          <span className="truncate" title={bar.text}>
            {bar.name}
          </span>
          <span aria-hidden className="order-last col-span-2 flex flex-col gap-0.5 sm:order-none sm:col-span-1">
            <span className="block h-2.5 rounded-sm bg-accent" style={{ width: part(bar.now), minWidth: 2 }} />
            {bar.before === null ? null : <span className="block h-1 rounded-sm bg-ink-3 opacity-40" style={{ width: part(bar.before) }} />}
          </span>
          <span className="num min-w-16 text-right">{says(bar.now)}</span>
        </li>
      ))}
    </ul>
  );
}
