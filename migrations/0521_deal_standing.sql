-- How long open deals have stood in their stage, added up: of all deals and of each owner, product and source (docs/adr/0082-sums-of-standing-deals.md).
create table deal_standing (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  dim text not null check (dim in ('all', 'owner', 'product', 'source')),
  -- dated: deals of which one knows since when; since: the day (UTC) from which they stand there; closing: deals with a close date; close: that day; slipped: put off
  what text not null check (what in ('dated', 'since', 'closing', 'close', 'slipped')),
  -- of since and close; else the first day there is
  day date not null,
  value text not null,
  stage_id uuid not null,
  n bigint not null,
  cents bigint not null,
  primary key (company_id, dim, what, day, value, stage_id)
);
select steward_protect('deal_standing');

with stood as (
  select company_id, stage_id, coalesce(owner_id::text, '') as owner, coalesce(product_id::text, '') as product, coalesce(source, '') as source, base_cents,
         (stage_since at time zone 'UTC')::date as since, close_date, slips
    from deals where status = 'open'
), facts as (
  select s.*, f.what, f.day from stood s cross join lateral (values
    ('dated', case when since is not null then date '0001-01-01' end), ('since', since),
    ('closing', case when since is not null and close_date is not null then date '0001-01-01' end), ('close', case when since is not null then close_date end),
    ('slipped', case when slips > 0 then date '0001-01-01' end)) as f (what, day)
   where f.day is not null
)
insert into deal_standing (company_id, dim, what, day, value, stage_id, n, cents)
select company_id, case grouping(owner, product, source) when 7 then 'all' when 3 then 'owner' when 5 then 'product' else 'source' end, what, day,
       case grouping(owner, product, source) when 7 then '' when 3 then owner when 5 then product else source end, stage_id, count(*), sum(base_cents)
  from facts group by company_id, what, day, stage_id, grouping sets ((), (owner), (product), (source));
