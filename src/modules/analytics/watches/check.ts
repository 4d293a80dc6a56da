import type { Statement, Transaction } from '#core/database/database.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { ask } from '../metrics/ask.ts';
import { metricOf } from '../metrics/catalogue.ts';
import type { Metric, MetricDimension } from '../metrics/types.ts';
import { amountWords, valueNames } from '../metrics/words.ts';
import type { Blamed } from '../tables.ts';
import { judge, judgeDay, USUAL_WEEKS, type Judged, type Wish } from './judge.ts';

/** What is looked at, and when it is worth a word. */
export interface Watched extends Wish {
  readonly metric: string;
  readonly dimension: MetricDimension | null;
  readonly value: string | null;
  readonly days: number;
}

export interface Found extends Judged {
  readonly title: string;
  readonly body: string;
  readonly blame: readonly Blamed[];
}

const DAY_MS = 86_400_000;
const day = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Looks once, at days that are over. What stands is held against what stood so many days ago. */
export async function look(tx: Transaction, companyId: string, watched: Watched, now: Date): Promise<Found> {
  const metric = metricOf(watched.metric);
  const { dimension, value } = watched;
  const where = dimension === null || value === null ? undefined : [{ dimension, values: [value] }];
  const today = Date.parse(day(now.getTime()));
  const currency = await companyCurrency(tx, companyId);
  const name = dimension === null || value === null ? '' : ` of ${(await valueNames(tx, companyId, dimension, [value]))(value)}`;
  const total = async (from: number, to: number) => {
    const rows = await ask(tx, companyId, metric, { from: day(from), to: day(to), grain: 'none', where });
    return rows[0]?.amount ?? (metric.per === undefined ? 0 : null);
  };
  const from = today - watched.days * DAY_MS;
  let judged: Judged;
  if (watched.compare === 'unusual') {
    const first = today - (USUAL_WEEKS * 7 + 1) * DAY_MS;
    const rows = new Map((await ask(tx, companyId, metric, { from: day(first), to: day(today), grain: 'day', where })).map((row) => [row.start, row.amount])); // prettier-ignore
    const known = [...rows.keys()].toSorted()[0] ?? day(today);
    const at = (weeks: number) => day(today - (1 + 7 * weeks) * DAY_MS);
    // Days before the first one that is known are no zeros.
    const same = Array.from({ length: USUAL_WEEKS }, (_, i) => at(i + 1)).filter((one) => one >= known);
    judged = judgeDay(watched, rows.get(at(0)) ?? 0, same.map((one) => rows.get(one) ?? 0)); // prettier-ignore
  } else {
    // What stands is asked for as it is now.
    const after = metric.kind === 'stock' ? await total(today, today + DAY_MS) : await total(from, today);
    const limit = watched.compare === 'below' || watched.compare === 'above';
    const before = limit
      ? null
      : metric.kind === 'stock'
        ? await total(from - DAY_MS, from)
        : await total(from - watched.days * DAY_MS, from);
    judged = judge(watched, after, before);
  }
  const blame = judged.wrong ? await blamed(tx, companyId, metric, watched, judged, { from, today }) : [];
  const words = (amount: number | null) => amountWords(amount, metric.unit, currency);
  return { ...judged, ...wordsOf(metric, watched, judged, name, words), blame };
}

function wordsOf(metric: Metric, watched: Watched, { now, before }: Judged, name: string, words: (amount: number | null) => string) {
  const what = `${metric.title}${name}`;
  const stretch = watched.days === 1 ? 'a day' : `${watched.days} days`;
  if (watched.compare === 'unusual')
    return { title: `${what} is unusual`, body: `${words(now)} yesterday; on this weekday it is usually ${words(before)}.` };
  if (watched.compare === 'below' || watched.compare === 'above')
    return {
      title: `${what} is ${watched.compare} ${words(watched.amount)}`,
      body: `It is ${words(now)}${metric.kind === 'stock' ? '' : ` in ${stretch}`}.`,
    };
  const change = Math.abs((now ?? 0) - (before ?? 0));
  const part = before === null || before === 0 ? '' : ` by ${((change / Math.abs(before)) * 100).toFixed(0)} %`;
  return {
    title: `${what} ${watched.compare === 'falls' ? 'fell' : 'rose'}${part} (${words(change)})`,
    body: `From ${words(before)} to ${words(now)} within ${stretch}.`,
  };
}

/** Deals whose moves made the most of the difference, in its direction. Served by deal_moves_of_kind. */
const blameOf = (column: 'cents' | 'weighted', owner: string): Statement => ({
  name: `watches.blame.${column}.${owner === '' ? 'all' : owner.replaceAll(/\W+/g, '_')}`,
  text: `select m.deal_id, sum(case when s.kind = $5 then m.${column} else 0 end - case when f.kind = $5 then m.from_${column} else 0 end)::float8 as cents
           from deal_moves m join deal_stages s on s.id = m.stage_id left join deal_stages f on f.id = m.from_stage_id
          where m.company_id = $1 and m.kind = any ('{new,up,down,won,lost,reopened,value_up,value_down,reweighted,reassigned}'::text[]) and m.at >= $2::date::timestamp at time zone 'UTC'
            and m.at < $3::date::timestamp at time zone 'UTC'${owner}
          group by m.deal_id having sum(case when s.kind = $5 then m.${column} else 0 end - case when f.kind = $5 then m.from_${column} else 0 end) * $4 > 0 order by abs(sum(case when s.kind = $5 then m.${column} else 0 end - case when f.kind = $5 then m.from_${column} else 0 end)) desc limit 8`,
});
const COLUMNS: Partial<Record<MetricDimension, string>> = {
  owner: ` and coalesce(m.owner_id::text, '') = $6`,
  product: ` and coalesce(m.product_id::text, '') = $6`,
  source: ` and coalesce(m.source, '') = $6`,
  stage: ` and (m.stage_id::text = $6 or m.from_stage_id::text = $6)`,
};

async function blamed(
  tx: Transaction,
  companyId: string,
  metric: Metric,
  watched: Watched,
  { now, before }: Judged,
  { from, today }: { from: number; today: number },
): Promise<Blamed[]> {
  if (metric.blame === undefined) return [];
  const { kind, column } = metric.blame;
  const fell = (now ?? 0) < (before ?? 0);
  const limit = watched.dimension === null || watched.value === null ? '' : (COLUMNS[watched.dimension] ?? '');
  const begin = watched.compare === 'unusual' ? today - DAY_MS : from;
  // Too little happened: what happened in the stretch before is what is missed. Of what stands, and of losses, it is what was done since.
  const missed = fell && metric.kind === 'flow' && kind !== 'lost';
  const [first, last] = missed ? [begin - (today - begin), begin] : [begin, metric.kind === 'stock' ? today + DAY_MS : today];
  const sign = metric.kind === 'stock' ? (fell ? -1 : 1) : 1;
  return tx.query<Blamed>(blameOf(column, limit), [companyId, day(first), day(last), sign, kind, ...(limit === '' ? [] : [watched.value])]);
}
