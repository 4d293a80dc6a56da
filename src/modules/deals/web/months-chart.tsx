import type { Item } from '#web/kit/api.ts';
import { money, shortMoney } from '#web/kit/money.ts';
import { monthOf } from '#web/kit/time.tsx';

type Month = Item<'pipeline.months'>;

const HEIGHT = 132;
const SLOT = 34;

/** The value of the pipeline at the end of each month. A month is a button: it opens its waterfall. */
export function MonthsChart({
  months,
  currency,
  chosen,
  onChoose,
}: {
  months: readonly Month[];
  currency: string;
  chosen: string | null;
  onChoose: (month: string) => void;
}) {
  const highest = Math.max(1, ...months.map((month) => month.end_cents));
  const width = Math.max(months.length * SLOT + 16, 200); // what stands over the last bar is wider than it
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Months, scrolls sideways">
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="group" aria-label="Pipeline at the end of each month">
        {months.map((month, index) => {
          const height = Math.max(2, (Math.max(0, month.end_cents) / highest) * (HEIGHT - 44));
          const x = index * SLOT + 5;
          const said = `${monthOf(month.month)}: ${money(month.end_cents, currency)} at its end, ${month.end_deals} deals. Opens the waterfall of the month`;
          return (
            <g
              key={month.month}
              role="button"
              tabIndex={0}
              aria-pressed={chosen === month.month}
              className="cursor-pointer outline-offset-[-2px] hover:opacity-80"
              onClick={() => onChoose(month.month)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                onChoose(month.month);
              }}
            >
              <title>{said}</title>
              <rect x={x - 5} y={0} width={SLOT} height={HEIGHT} className="fill-transparent" />
              <rect
                x={x}
                y={HEIGHT - 24 - height}
                width={SLOT - 10}
                height={height}
                rx="2"
                className={chosen === month.month ? 'fill-accent' : 'fill-ink-3 opacity-60'}
              />
              <text x={x + (SLOT - 10) / 2} y={HEIGHT - 9} textAnchor="middle" className="num fill-ink-3 text-2xs">
                {monthOf(month.month).slice(0, 3)}
              </text>
              {month.month.endsWith('-01') || index === 0 ? (
                <text x={x} y={10} className="num fill-ink-3 text-2xs">
                  {month.month.slice(0, 4)}
                </text>
              ) : null}
              {chosen === month.month ? (
                <text x={x + (SLOT - 10) / 2} y={HEIGHT - 29 - height} textAnchor="middle" className="num fill-ink text-2xs">
                  {shortMoney(month.end_cents, currency)}
                </text>
              ) : null}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
