import type { Statement, Transaction } from '#core/database/database.ts';
import { DAY_MS, LOST, WON, type History, type Standing } from './history.ts';
import { ALL } from './predict.ts';

/** So many deals tell the chances as well as all of them; what stands open is counted whole. */
const SAMPLE = 20_000;
/** Deals that were opened before this and are closed tell nothing any more: two years of trials, and what each of them learns from. */
const SINCE_MS = 4 * 365 * DAY_MS;

const STAGES: Statement = {
  name: 'forecast.stages',
  text: 'select id, kind from deal_stages where company_id = $1 order by pipeline_id, position, id',
};
/** How many deals were opened since, from the sums: counting them took a second of a million. */
const COUNT: Statement = {
  name: 'forecast.count',
  text: `select coalesce(sum(moves), 0)::int as count from deal_rollup where company_id = $1 and dim = 'all' and grain = 'm' and kind = 'new' and start >= date_trunc('month', $2::timestamptz at time zone 'UTC')::date`,
};
/** One row a deal. The last bytes of an id are random: every $3rd deal is a fair sample, the same one each time. */
const HISTORIES: Statement = {
  name: 'forecast.histories',
  text: `select string_agg(concat_ws(' ', floor(extract(epoch from m.at) * 1000)::bigint, s.code, m.cents, m.owner_id), ',' order by m.seq) as steps
           from deals d join deal_moves m on m.deal_id = d.id and m.company_id = $1 join unnest($4::uuid[], $5::int[]) as s (id, code) on s.id = m.stage_id
          where d.company_id = $1 and (d.opened_at >= $2 or d.status = 'open') and (get_byte(uuid_send(d.id), 14) * 256 + get_byte(uuid_send(d.id), 15)) % $3 = 0
          group by d.id`,
};
/** The last move of each deal (deal_moves_standing), and of those that are dated later than now the one before it (deal_moves_of_kind). */
const STANDING: Statement = {
  name: 'forecast.standing',
  text: `select coalesce(m.owner_id::text, '') as owner, s.code as stage, least(180, floor(extract(epoch from $2::timestamptz - m.at) / 86400))::int as age, count(*)::int as n,
                sum(m.cents)::float8 as cents, sum(m.cents::float8 * m.cents) as squares
           from (select stage_id, at, owner_id, cents from deal_moves where company_id = $1 and stage_id = any ($3::uuid[]) and until is null and at < $2::timestamptz
                 union all select p.stage_id, p.at, p.owner_id, p.cents from deal_moves f join deal_moves p on p.deal_id = f.deal_id and p.seq = f.seq - 1 and p.company_id = $1
                  where f.company_id = $1 and f.kind = any ('{new,up,down,won,lost,reopened,value_up,value_down,reweighted,reassigned}'::text[]) and f.at >= $2::timestamptz and p.at < $2::timestamptz) m
           join unnest($3::uuid[], $4::int[]) as s (id, code) on s.id = m.stage_id group by 1, 2, 3`,
};
/** Everything that won stages gained, by month: what the pipeline calls won. */
const WON_BY_MONTH: Statement = {
  name: 'forecast.won',
  text: `select r.start::text as month, case r.dim when 'all' then $3 else r.value end as value, sum(r.cents)::float8 as cents
           from deal_rollup r join deal_stages s on s.id = r.stage_id and s.kind = 'won'
          where r.company_id = $1 and r.dim in ('all', 'owner') and r.grain = 'm' and r.start >= $2::date group by 1, 2`,
};

export interface Known {
  readonly histories: readonly History[];
  /** How many open stages there are. */
  readonly stages: number;
  /** Deals that one history stands for. */
  readonly scale: number;
  readonly standing: readonly Standing[];
  /** Won by month (`YYYY-MM-01`), by owner and ALL. */
  readonly won: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** What a forecast is made from. */
export async function gather(tx: Transaction, companyId: string, now: Date): Promise<Known> {
  const rows = await tx.query<{ id: string; kind: string }>(STAGES, [companyId]);
  const open = rows.filter(({ kind }) => kind === 'open');
  const place = new Map(open.map(({ id }, i) => [id, i]));
  const ids = rows.map(({ id }) => id);
  const codes = rows.map(({ id, kind }) => place.get(id) ?? (kind === 'won' ? WON : LOST));
  const since = new Date(now.getTime() - SINCE_MS);
  const [total] = await tx.query<{ count: number }>(COUNT, [companyId, since]);
  const scale = Math.max(1, Math.ceil((total?.count ?? 0) / SAMPLE));
  const told = await tx.query<{ steps: string }>(HISTORIES, [companyId, since, scale, ids, codes]);
  const standing = await tx.query<Standing>(STANDING, [companyId, now, open.map(({ id }) => id), open.map((_stage, i) => i)]);
  const won = await tx.query<{ month: string; value: string; cents: number }>(WON_BY_MONTH, [companyId, since, ALL]);
  return {
    histories: told.map(({ steps }) => historyOf(steps)),
    stages: open.length,
    scale,
    standing,
    won: new Map(
      [...Map.groupBy(won, (row) => row.month)].map(([month, list]) => [month, new Map(list.map((row) => [row.value, row.cents]))]),
    ),
  };
}

function historyOf(text: string): History {
  return text.split(',').map((step) => {
    const [at = '0', stage = '0', cents = '0', owner = ''] = step.split(' ');
    return { at: Number(at), stage: Number(stage), cents: Number(cents), owner };
  });
}
