import type { Output } from '#web/kit/api.ts';
import { money, shortMoney, signedMoney } from '#web/kit/money.ts';

type Waterfall = Output<'pipeline.waterfall'>;
export type BarKind = Waterfall['bars'][number]['kind'];

/** How each bar is called. */
export const barWords: Readonly<Record<BarKind, string>> = {
  new: 'New', up: 'Moved up', down: 'Moved down', won: 'Won', lost: 'Lost', reopened: 'Reopened', value_up: 'Value up', value_down: 'Value down', reweighted: 'Reweighted', reassigned: 'Handed over',
}; // prettier-ignore

const HEIGHT = 240;
const TOP = 18;
const BOTTOM = 34;
const SLOT = 84;

/** Where each bar begins and ends. */
function stepsOf(data: Waterfall) {
  let level = data.start_cents;
  return [
    { key: 'start' as const, label: 'Start', from: 0, to: data.start_cents, cents: data.start_cents },
    ...data.bars.map((bar) => {
      const from = level;
      level += bar.cents;
      return { key: bar.kind, label: barWords[bar.kind], from, to: level, cents: bar.cents, moves: bar.moves };
    }),
    { key: 'end' as const, label: 'End', from: 0, to: data.end_cents, cents: data.end_cents },
  ];
}

/** Start, what happened, end. Drawn by hand; every bar is a button that opens its deals, its shape (solid, striped) says up or down beside its colour. */
export function WaterfallChart({ data, chosen, onChoose }: { data: Waterfall; chosen: BarKind | null; onChoose: (kind: BarKind) => void }) {
  const { currency } = data;
  const steps = stepsOf(data);
  const highest = Math.max(1, ...steps.flatMap((step) => [step.from, step.to]));
  const lowest = Math.min(0, ...steps.flatMap((step) => [step.from, step.to]));
  const y = (cents: number) => TOP + ((highest - cents) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM);
  const width = steps.length * SLOT;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Waterfall, scrolls sideways">
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="group"
        aria-label="What changed the pipeline"
        className="min-w-full"
      >
        <defs>
          <pattern id="falls" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" className="fill-warn-dot" opacity="0.55" />
            <line x1="0" y1="0" x2="0" y2="6" strokeWidth="3" className="stroke-warn-dot" />
          </pattern>
        </defs>
        <line x1="0" x2={width} y1={y(0)} y2={y(0)} className="stroke-line-strong" />
        {steps.map((step, index) => {
          const { key } = step;
          const end = key === 'start' || key === 'end';
          const [high, low] = [Math.max(step.from, step.to), Math.min(step.from, step.to)];
          const x = index * SLOT + 12;
          const said = end
            ? `${step.label}: ${money(step.cents, currency)}`
            : `${step.label}: ${signedMoney(step.cents, currency)}, ${'moves' in step ? step.moves : 0} moves. Opens the deals`;
          const shape = (
            <>
              <rect x={x - 6} y={0} width={SLOT - 12} height={HEIGHT} className="fill-transparent" />
              <rect
                x={x}
                y={y(high)}
                width={SLOT - 24}
                height={Math.max(2, y(low) - y(high))}
                rx="3"
                {...(end || step.cents >= 0 ? { className: end ? 'fill-ink-3' : 'fill-accent' } : { fill: 'url(#falls)' })}
              />
              <text x={x + (SLOT - 24) / 2} y={y(high) - 5} textAnchor="middle" className="num fill-ink-2 text-2xs">
                {end
                  ? shortMoney(step.cents, currency)
                  : `${step.cents > 0 ? '+' : step.cents < 0 ? '−' : ''}${shortMoney(Math.abs(step.cents), currency)}`}
              </text>
              <text x={x + (SLOT - 24) / 2} y={HEIGHT - 14} textAnchor="middle" className="fill-ink-2 text-2xs">
                {step.label}
              </text>
              {index < steps.length - 1 ? (
                <line
                  x1={x + SLOT - 24}
                  x2={x + SLOT}
                  y1={y(step.to)}
                  y2={y(step.to)}
                  strokeDasharray="2 3"
                  className="stroke-line-strong"
                />
              ) : null}
            </>
          );
          if (end)
            return (
              <g key={step.key} role="img" aria-label={said}>
                {shape}
              </g>
            );
          const open = () => onChoose(key);
          return (
            <g
              key={step.key}
              role="button"
              tabIndex={0}
              aria-pressed={chosen === step.key}
              className="cursor-pointer outline-offset-[-2px] hover:opacity-80"
              onClick={open}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                open();
              }}
            >
              <title>{said}</title>
              {shape}
              {chosen === step.key ? <rect x={x - 3} y={HEIGHT - 8} width={SLOT - 18} height="3" rx="1.5" className="fill-accent" /> : null}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
