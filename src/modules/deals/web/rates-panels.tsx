import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Choice } from '#web/kit/choice.tsx';
import { count } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Failure } from '#web/kit/states.tsx';
import { inDays, money, percent, shortMoney } from '#web/kit/money.ts';
import type { PipelineSearch, sliceOf } from './pipeline-search.ts';

const dimensions = { owner: 'Owner', product: 'Product', source: 'Source' } as const;
type Dimension = keyof typeof dimensions;
const isDimension = (text: string | undefined): text is Dimension => text !== undefined && text in dimensions;

const head = 'px-3 py-2 text-left text-xs font-medium text-ink-3 first:pl-4 last:pr-4';
const cell = 'whitespace-nowrap px-3 py-2 first:pl-4 last:pr-4';

interface Props {
  search: PipelineSearch;
  onSearch: (next: PipelineSearch) => void;
}

/** Win rate, conversion and time, of all that has happened. */
export function RatesPanel({ slice, search, onSearch }: Props & { slice: ReturnType<typeof sliceOf> }) {
  const by: Dimension = isDimension(search.by) ? search.by : 'owner';
  // Once a visit: a moving end would ask again with every drawing.
  const [to] = useState(() => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
  const found = useRead('pipeline.rates', { ...slice, from: '2000-01-01T00:00:00.000Z', to: `${to}T00:00:00.000Z`, by }, { keep: true });
  if (found.error !== null) return <Failure what="The rates could not be loaded." error={found.error} retry={() => void found.refetch()} />;
  const data = found.data;
  return (
    <div className="grid grid-cols-1 gap-6 xl:grid-cols-2">
      <Panel title="From stage to stage" flush>
        {data === undefined ? (
          <div className="p-4">
            <SkeletonLines lines={5} />
          </div>
        ) : (
          <>
            <div className="grid grid-cols-3 gap-4 border-b p-4">
              <Figure label="win rate" value={percent(data.win_rate)} hint={`${count(data.won)} won, ${count(data.lost)} lost`} />
              <Figure label="won" value={shortMoney(data.won_cents, data.currency)} hint={money(data.won_cents, data.currency)} />
              <Figure label="from first day to win" value={inDays(data.cycle_days)} />
            </div>
            <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Conversion by stage">
              <table className="num w-full text-sm">
                <thead>
                  <tr>
                    <th scope="col" className={head}>
                      Stage
                    </th>
                    {['Came in', 'Went on', 'Lost', 'Conversion', 'Stay'].map((title) => (
                      <th key={title} scope="col" className={`${head} text-right`}>
                        {title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody className="divide-y">
                  {data.stages.map((stage) => (
                    <tr key={stage.stage_id}>
                      <th scope="row" className={`${cell} text-left font-normal`}>
                        {stage.name}
                      </th>
                      <td className={`${cell} text-right`}>{count(stage.entered)}</td>
                      <td className={`${cell} text-right`}>{count(stage.on)}</td>
                      <td className={`${cell} text-right`}>{count(stage.lost)}</td>
                      <td className={`${cell} text-right`}>{percent(stage.conversion)}</td>
                      <td className={`${cell} text-right`}>{inDays(stage.stay_days)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </Panel>
      <Panel
        title="Win rate and cycle"
        flush
        aside={
          <Choice
            label="Win rate by"
            className="w-32"
            value={by}
            options={Object.entries(dimensions)}
            onChange={(next) => onSearch({ by: next === 'owner' ? undefined : next })}
          />
        }
      >
        {data === undefined ? (
          <div className="p-4">
            <SkeletonLines lines={5} />
          </div>
        ) : (
          <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label={`Win rate by ${by}`}>
            <table className="num w-full text-sm">
              <thead>
                <tr>
                  <th scope="col" className={head}>
                    {dimensions[by]}
                  </th>
                  {['Won', 'Lost', 'Rate', 'Value', 'Cycle'].map((title) => (
                    <th key={title} scope="col" className={`${head} text-right`}>
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody className="divide-y">
                {data.groups.map((group) => (
                  <tr key={group.value}>
                    <th scope="row" className={`${cell} max-w-40 truncate text-left font-normal`}>
                      {by === 'source' || group.value === '' ? (
                        group.name
                      ) : (
                        <Link
                          to="/deals"
                          search={{
                            ...(by === 'owner' ? { owner: group.value } : { product: group.value }),
                            layout: 'list',
                            status: 'won',
                          }}
                          className="underline decoration-line-strong underline-offset-4 hover:decoration-ink"
                        >
                          {group.name}
                        </Link>
                      )}
                    </th>
                    <td className={`${cell} text-right`}>{count(group.won)}</td>
                    <td className={`${cell} text-right`}>{count(group.lost)}</td>
                    <td className={`${cell} text-right`}>{percent(group.win_rate)}</td>
                    <td className={`${cell} text-right`}>{shortMoney(group.won_cents, data.currency)}</td>
                    <td className={`${cell} text-right`}>{inDays(group.cycle_days)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </div>
  );
}

const ageing = { stage: 'Stage', ...dimensions } as const;
type Ageing = keyof typeof ageing;
const isAgeing = (text: string | undefined): text is Ageing => text !== undefined && text in ageing;
const shades = ['opacity-25', 'opacity-40', 'opacity-55', 'opacity-70', 'opacity-85', 'opacity-100'];

/** How long what is open has stood where it is. */
export function AgeingPanel({ search, onSearch }: Props) {
  const by: Ageing = isAgeing(search.ages) ? search.ages : 'stage';
  const found = useRead('pipeline.ageing', { by }, { keep: true });
  if (found.error !== null) return <Failure what="The ages could not be loaded." error={found.error} retry={() => void found.refetch()} />;
  const data = found.data;
  const sum = (pick: (group: NonNullable<typeof data>['groups'][number]) => number) =>
    (data?.groups ?? []).reduce((total, group) => total + pick(group), 0);
  const open = (only: string, value: number) => (
    <Link to="/deals" search={{ only }} className="underline decoration-line-strong underline-offset-4 hover:decoration-ink">
      {count(value)}
    </Link>
  );
  return (
    <Panel
      title="How long open deals have stood still"
      aside={
        <Choice
          label="Ages by"
          className="w-32"
          value={by}
          options={Object.entries(ageing)}
          onChange={(next) => onSearch({ ages: next === 'stage' ? undefined : next })}
        />
      }
    >
      {data === undefined ? (
        <SkeletonLines lines={5} />
      ) : (
        <>
          <div className="mb-5 grid grid-cols-3 gap-4">
            <Figure
              label="too long in one stage"
              value={open(
                'rotting',
                sum((group) => group.rotting),
              )}
            />
            <Figure
              label="close date has passed"
              value={open(
                'overdue',
                sum((group) => group.overdue),
              )}
            />
            <Figure
              label="put off at least once"
              value={open('slipped', data.slipped.deals)}
              hint={money(data.slipped.value_cents, data.currency)}
            />
          </div>
          <ul className="space-y-2">
            {data.groups.slice(0, 20).map((group) => (
              <li key={group.value} className="grid grid-cols-[7.5rem_1fr_4rem] items-center gap-3 text-sm">
                <span className="truncate">{group.name}</span>
                <span
                  className="flex h-3 overflow-hidden rounded-full bg-sunken"
                  role="img"
                  aria-label={group.buckets.map((bucket, place) => `${wordOf(data.limits, place)}: ${bucket.deals}`).join(', ')}
                >
                  {group.buckets.map((bucket, place) => (
                    <span
                      key={data.limits[place] ?? 'last'}
                      title={`${wordOf(data.limits, place)}: ${count(bucket.deals)} deals, ${money(bucket.value_cents, data.currency)}`}
                      className={`h-full bg-accent ${shades[place] ?? ''}`}
                      style={{ width: `${group.deals === 0 ? 0 : (bucket.deals / group.deals) * 100}%` }}
                    />
                  ))}
                </span>
                <span className="num text-right text-ink-2">{count(group.deals)}</span>
              </li>
            ))}
          </ul>
          <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-3">
            {[...data.limits, null].map((_limit, place) => (
              <span key={wordOf(data.limits, place)} className="flex items-center gap-1.5">
                <span aria-hidden className={`size-2.5 rounded-sm bg-accent ${shades[place] ?? ''}`} />
                {wordOf(data.limits, place)}
              </span>
            ))}
          </p>
        </>
      )}
    </Panel>
  );
}

function wordOf(limits: readonly number[], place: number): string {
  const [from, to] = [limits[place - 1], limits[place]];
  if (from === undefined) return `under ${to} days`;
  return to === undefined ? `over ${from} days` : `${from} to ${to} days`;
}
