-- Amounts of deals counted hundredths in every currency; now they count units of the currency's last digit, as invoices do: yen of JPY, fils of KWD
-- (docs/adr/0110-minor-units.md). Nothing changes for currencies of two digits.

-- As src/core/money.ts; a test compares them.
create function steward_minor_digits(currency text) returns integer language sql immutable parallel safe as $$
  select case
    when currency = any (string_to_array('AFN ALL BIF CLP COP DJF GNF HUF IDR IQD IRR ISK JPY KMF KPW KRW LAK LBP MGA MMK PKR PYG RWF SLL SOS SYP UGX UYI VND VUV XAF XOF XPF YER', ' ')) then 0
    when currency = any (string_to_array('BHD JOD KWD LYD OMR TND', ' ')) then 3
    when currency = any (string_to_array('CLF UYW', ' ')) then 4
    else 2 end
$$;

create function pg_temp.recounted(hundredths numeric, currency text) returns bigint language sql immutable as $$
  select round(hundredths * 10.0 ^ (steward_minor_digits(currency) - 2))::bigint
$$;

update products set price_cents = pg_temp.recounted(price_cents, currency) where price_cents is not null and steward_minor_digits(currency) <> 2;
update deal_lines l set price_cents = pg_temp.recounted(l.price_cents, d.currency) from deals d where d.id = l.deal_id and steward_minor_digits(d.currency) <> 2;
update deals set amount_cents = pg_temp.recounted(amount_cents, currency) where steward_minor_digits(currency) <> 2;

-- The history says amounts as text, each in the currency that the deal had by then; what it was before, in the one of before.
create temp table recounted_changes on commit drop as
with ordered as (
  select c.deal_id, c.id, c.field, c.value_from, c.value_to, row_number() over (partition by c.deal_id order by c.at nulls first, c.id) as place,
         case when c.field = 'currency' then c.value_to end as becomes
    from deal_changes c
   where c.field in ('amount', 'currency')
     and exists (select from deal_changes o where o.deal_id = c.deal_id and o.field = 'currency' and steward_minor_digits(o.value_to) <> 2)
), grouped as (
  select o.*, count(becomes) over (partition by deal_id order by place) as stretch from ordered o
), told as (
  select g.*, max(becomes) over (partition by deal_id, stretch) as currency from grouped g
)
select id, pg_temp.recounted(value_to::numeric, currency)::text as value_to,
       pg_temp.recounted(value_from::numeric, coalesce(lag(currency) over (partition by deal_id order by place), currency))::text as value_from
  from told where field = 'amount' and currency is not null;
update deal_changes c set value_to = r.value_to, value_from = r.value_from from recounted_changes r where r.id = c.id;

-- What is counted in the currency of a company that has another number of digits.
create temp table recounted_companies on commit drop as
select company_id, currency from deal_settings where steward_minor_digits(currency) <> 2;

update deals d set base_cents = pg_temp.recounted(d.base_cents, r.currency), weighted_cents = pg_temp.recounted(d.weighted_cents, r.currency)
  from recounted_companies r where r.company_id = d.company_id;
update deal_changes c set base_cents = pg_temp.recounted(c.base_cents, r.currency) from recounted_companies r where r.company_id = c.company_id and c.base_cents is not null;
update deal_moves m set from_cents = pg_temp.recounted(m.from_cents, r.currency), cents = pg_temp.recounted(m.cents, r.currency),
       from_weighted = pg_temp.recounted(m.from_weighted, r.currency), weighted = pg_temp.recounted(m.weighted, r.currency)
  from recounted_companies r where r.company_id = m.company_id;
update deal_targets t set cents = pg_temp.recounted(t.cents, r.currency) from recounted_companies r where r.company_id = t.company_id;
update forecasts f set won_cents = pg_temp.recounted(f.won_cents, r.currency), open_cents = pg_temp.recounted(f.open_cents, r.currency),
       fresh_cents = pg_temp.recounted(f.fresh_cents, r.currency), expected_cents = pg_temp.recounted(f.expected_cents, r.currency),
       low_cents = pg_temp.recounted(f.low_cents, r.currency), high_cents = pg_temp.recounted(f.high_cents, r.currency)
  from recounted_companies r where r.company_id = f.company_id;
update forecast_trials f set expected_cents = pg_temp.recounted(f.expected_cents, r.currency), low_cents = pg_temp.recounted(f.low_cents, r.currency),
       high_cents = pg_temp.recounted(f.high_cents, r.currency), actual_cents = pg_temp.recounted(f.actual_cents, r.currency)
  from recounted_companies r where r.company_id = f.company_id;
update metric_watches w set amount = w.amount * 10.0 ^ (steward_minor_digits(r.currency) - 2), now_amount = w.now_amount * 10.0 ^ (steward_minor_digits(r.currency) - 2),
       before_amount = w.before_amount * 10.0 ^ (steward_minor_digits(r.currency) - 2),
       blame = coalesce((select jsonb_agg(b || jsonb_build_object('cents', pg_temp.recounted((b ->> 'cents')::numeric, r.currency))) from jsonb_array_elements(w.blame) b), '[]')
  from recounted_companies r
 where r.company_id = w.company_id and w.metric in ('deals.won_value', 'deals.average_won', 'deals.new_value', 'deals.open_value', 'deals.weighted_value');

-- Sums are added up anew, so that rounded parts and their sum agree: as src/modules/deals/history/rollup.ts and standing.ts add them.
update deal_rollup u set cents = 0, weighted = 0 from recounted_companies r where r.company_id = u.company_id;
with sides as (
  select m.company_id, m.kind, (m.at at time zone 'UTC')::date as day, m.stage_id, m.owner_id, m.product_id, m.source, m.cents, m.weighted
    from deal_moves m join recounted_companies r using (company_id)
  union all
  select m.company_id, m.kind, (m.at at time zone 'UTC')::date, m.from_stage_id, m.from_owner_id, m.from_product_id, m.from_source, -m.from_cents, -m.from_weighted
    from deal_moves m join recounted_companies r using (company_id) where m.from_stage_id is not null
), sums as (
  select s.company_id, d.dim, g.grain, g.start, d.value, s.stage_id, s.kind, sum(s.cents) as cents, sum(s.weighted) as weighted
    from sides s
    cross join lateral (values ('all', ''), ('owner', coalesce(s.owner_id::text, '')), ('product', coalesce(s.product_id::text, '')), ('source', coalesce(s.source, ''))) as d (dim, value)
    cross join lateral (values ('d', s.day), ('m', date_trunc('month', s.day)::date)) as g (grain, start)
   group by 1, 2, 3, 4, 5, 6, 7
)
update deal_rollup u set cents = s.cents, weighted = s.weighted from sums s
 where u.company_id = s.company_id and u.dim = s.dim and u.grain = s.grain and u.start = s.start and u.value = s.value and u.stage_id = s.stage_id and u.kind = s.kind;

update deal_standing t set cents = 0 from recounted_companies r where r.company_id = t.company_id;
with facts as (
  select d.company_id, d.stage_id, d.owner_id, d.product_id, d.source, d.base_cents, f.what, f.day
    from deals d join recounted_companies r using (company_id)
    cross join lateral (values
      ('dated', case when d.stage_since is not null then date '0001-01-01' end), ('since', (d.stage_since at time zone 'UTC')::date),
      ('closing', case when d.stage_since is not null and d.close_date is not null then date '0001-01-01' end), ('close', case when d.stage_since is not null then d.close_date end),
      ('slipped', case when d.slips > 0 then date '0001-01-01' end)) as f (what, day)
   where d.status = 'open' and f.day is not null
), sums as (
  select f.company_id, v.dim, f.what, f.day, v.value, f.stage_id, sum(f.base_cents) as cents
    from facts f
    cross join lateral (values ('all', ''), ('owner', coalesce(f.owner_id::text, '')), ('product', coalesce(f.product_id::text, '')), ('source', coalesce(f.source, ''))) as v (dim, value)
   group by 1, 2, 3, 4, 5, 6
)
update deal_standing t set cents = s.cents from sums s
 where t.company_id = s.company_id and t.dim = s.dim and t.what = s.what and t.day = s.day and t.value = s.value and t.stage_id = s.stage_id;
