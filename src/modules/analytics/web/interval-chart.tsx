import { money, shortMoney } from '#web/kit/money.ts';
import { ticksOf } from './ticks.ts';

export interface Mark {
  readonly key: string;
  readonly label: string;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  /** Null: it has not happened yet. */
  readonly actual: number | null;
  readonly target: number | null;
  readonly calibrated: boolean;
}

const HEIGHT = 236;
const TOP = 14;
const BOTTOM = 30;
/** The axis stands beside what scrolls: it is always in sight. */
const AXIS = 52;
const LEFT = 4;
const SLOT = 46;

function said({ label, expected, low, high, actual, target }: Mark, currency: string): string {
  const parts = [`${label}: expected ${money(expected, currency)}, between ${money(low, currency)} and ${money(high, currency)}`];
  if (actual !== null) parts.push(`happened ${money(actual, currency)}, ${actual >= low && actual <= high ? 'inside' : 'outside'}`);
  if (target !== null) parts.push(`target ${money(target, currency)}`);
  return parts.join('; ');
}

/** The newest is at the right: it is seen first. */
function toTheNewest(box: HTMLElement | null): void {
  if (box !== null) box.scrollLeft = box.scrollWidth;
}

/** What was or is said as a range with its middle, what happened as a dot: filled inside the range, a ring outside of it. Targets are short lines. */
export function IntervalChart({ marks, currency, label }: { marks: readonly Mark[]; currency: string; label: string }) {
  const highest = Math.max(1, ...marks.flatMap((mark) => [mark.high, mark.actual ?? 0, mark.target ?? 0]));
  const y = (cents: number) => TOP + (1 - Math.max(0, cents) / highest) * (HEIGHT - TOP - BOTTOM);
  const width = LEFT + marks.length * SLOT + 8;
  return (
    <div className="flex">
      <svg width={AXIS} height={HEIGHT} aria-hidden className="shrink-0">
        {ticksOf(highest, 3).map((tick) => (
          <text key={tick} x={AXIS - 6} y={y(tick) + 3} textAnchor="end" className="num fill-ink-3 text-2xs">
            {shortMoney(tick, currency)}
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
          {ticksOf(highest, 3).map((tick) => (
            <line
              key={tick}
              aria-hidden
              x1={0}
              x2={width}
              y1={y(tick)}
              y2={y(tick)}
              className={tick === 0 ? 'stroke-line-strong' : 'stroke-line'}
            />
          ))}
          {marks.map((mark, i) => {
            const x = LEFT + i * SLOT + SLOT / 2;
            const inside = mark.actual !== null && mark.actual >= mark.low && mark.actual <= mark.high;
            return (
              <g key={mark.key} role="img" aria-label={said(mark, currency)}>
                <title>{said(mark, currency)}</title>
                <rect x={x - SLOT / 2} y={0} width={SLOT} height={HEIGHT} className="fill-transparent" />
                <rect
                  x={x - 9}
                  y={y(mark.high)}
                  width="18"
                  height={Math.max(2, y(mark.low) - y(mark.high))}
                  rx="4"
                  className={mark.actual === null ? 'fill-accent opacity-30' : 'fill-ink-3 opacity-25'}
                />
                {mark.calibrated ? null : (
                  <rect
                    x={x - 9}
                    y={y(mark.high)}
                    width="18"
                    height={Math.max(2, y(mark.low) - y(mark.high))}
                    rx="4"
                    strokeDasharray="2 3"
                    className="fill-none stroke-ink-3"
                  />
                )}
                <line
                  x1={x - 9}
                  x2={x + 9}
                  y1={y(mark.expected)}
                  y2={y(mark.expected)}
                  strokeWidth="2"
                  className={mark.actual === null ? 'stroke-accent' : 'stroke-ink-3'}
                />
                {mark.target === null ? null : (
                  <line
                    x1={x - 17}
                    x2={x + 17}
                    y1={y(mark.target)}
                    y2={y(mark.target)}
                    strokeWidth="2"
                    strokeDasharray="5 3"
                    className="stroke-warn-dot"
                  />
                )}
                {mark.actual === null ? null : (
                  <circle
                    cx={x}
                    cy={y(mark.actual)}
                    r="4.5"
                    strokeWidth="2"
                    className={inside ? 'fill-ok-dot stroke-panel' : 'fill-panel stroke-bad-dot'}
                  />
                )}
                <text x={x} y={HEIGHT - 12} textAnchor="middle" className="num fill-ink-3 text-2xs">
                  {mark.label}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
    </div>
  );
}
