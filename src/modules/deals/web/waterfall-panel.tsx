import { Link } from '@tanstack/react-router';
import { Button } from '#web/kit/button.tsx';
import { Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useList, useRead } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { money, signedMoney } from '#web/kit/money.ts';
import { dayOf, monthOf } from '#web/kit/time.tsx';
import type { PipelineSearch, sliceOf } from './pipeline-search.ts';
import { barWords, WaterfallChart, type BarKind } from './waterfall-chart.tsx';

const measures = { open: 'Open value', weighted: 'Weighted by probability', booked: 'Weighted, and won' } as const;
type Measure = keyof typeof measures;
const isMeasure = (text: string | undefined): text is Measure => text !== undefined && text in measures;
const isKind = (text: string | undefined): text is BarKind => text !== undefined && text in barWords;

interface Props {
  period: { from: string; to: string };
  month: string;
  slice: ReturnType<typeof sliceOf>;
  search: PipelineSearch;
  onSearch: (next: PipelineSearch) => void;
}

/** Start, plus each bar, is the end: to the cent, as a chart and as a table; a bar opens its deals. */
export function WaterfallPanel({ period, month, slice, search, onSearch }: Props) {
  const measure: Measure = isMeasure(search.measure) ? search.measure : 'open';
  const found = useRead('pipeline.waterfall', { ...period, ...slice, measure }, { keep: true });
  const chosen = isKind(search.bar) ? search.bar : null;
  const choose = (kind: BarKind) => onSearch({ bar: chosen === kind ? undefined : kind });
  return (
    <Panel
      title={`What changed in ${monthOf(month)}`}
      aside={
        <Select
          aria-label="Measure"
          className="w-48"
          value={measure}
          onChange={(event) => onSearch({ measure: event.target.value === 'open' ? undefined : event.target.value })}
        >
          {Object.entries(measures).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </Select>
      }
    >
      {found.error !== null ? (
        <Failure what="The month could not be loaded." error={found.error} retry={() => void found.refetch()} />
      ) : found.data === undefined ? (
        <SkeletonLines lines={6} />
      ) : (
        <>
          <WaterfallChart data={found.data} chosen={chosen} onChoose={choose} />
          <details className="mt-3 text-sm">
            <summary className="text-ink-2 hover:text-ink">As a table</summary>
            <table className="num mt-2 w-full max-w-md">
              <tbody>
                <Row label="Start" value={money(found.data.start_cents, found.data.currency)} strong />
                {found.data.bars.map((bar) => (
                  <Row key={bar.kind} label={barWords[bar.kind]} value={signedMoney(bar.cents, found.data.currency)} />
                ))}
                <Row label="End" value={money(found.data.end_cents, found.data.currency)} strong />
              </tbody>
            </table>
          </details>
          {chosen === null ? null : (
            <Moves
              key={chosen}
              kind={chosen}
              period={period}
              slice={slice}
              currency={found.data.currency}
              onClose={() => onSearch({ bar: undefined })}
            />
          )}
        </>
      )}
    </Panel>
  );
}

function Row({ label, value, strong }: { label: string; value: string; strong?: boolean }) {
  return (
    <tr className={strong === true ? 'font-medium' : ''}>
      <th scope="row" className="py-1 text-left font-[inherit]">
        {label}
      </th>
      <td className="py-1 text-right">{value}</td>
    </tr>
  );
}

/** The deals behind a bar. */
function Moves({
  kind,
  period,
  slice,
  currency,
  onClose,
}: Pick<Props, 'period' | 'slice'> & { kind: BarKind; currency: string; onClose: () => void }) {
  const moves = useList('pipeline.moves', { ...period, ...slice, kind, limit: 50 });
  return (
    <section aria-label={`Deals behind ${barWords[kind]}`} className="mt-5 rounded-lg border">
      <header className="flex items-center justify-between gap-2 border-b px-4 py-2">
        <h3 className="text-sm font-medium">{barWords[kind]}</h3>
        <Button kind="quiet" size="sm" onClick={onClose}>
          Close
        </Button>
      </header>
      {moves.error !== null ? (
        <Failure what="The deals could not be loaded." error={moves.error} retry={() => void moves.refetch()} />
      ) : moves.isPending ? (
        <div className="p-4">
          <SkeletonLines lines={4} />
        </div>
      ) : moves.rows.length === 0 ? (
        <Empty title="No deal" />
      ) : (
        <ul className="divide-y text-sm">
          {moves.rows.map((move) => (
            <li key={`${move.deal_id} ${move.seq}`}>
              <Link
                to="/deals/$dealId"
                params={{ dealId: move.deal_id }}
                className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5 hover:bg-hover"
              >
                <span className="min-w-0 flex-1 basis-48 truncate font-medium">{move.name}</span>
                <span className="text-ink-2">
                  {move.from_stage === null || move.from_stage === move.stage ? move.stage : `${move.from_stage} → ${move.stage}`}
                </span>
                <span className="num text-ink-3">{dayOf(move.at)}</span>
                <span className="num w-28 text-right">
                  {kind === 'value_up' || kind === 'value_down'
                    ? signedMoney(move.cents - move.from_cents, currency)
                    : money(move.cents, currency)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <ShowMore list={moves} />
      <p className="border-t px-4 py-2 text-xs text-ink-3">{countOf(moves.rows.length, 'move')} shown, the latest first.</p>
    </section>
  );
}
