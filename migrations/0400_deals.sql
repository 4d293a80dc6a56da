-- What may be sold, to whom, by whom, and every change of it. Pipelines are made of stages; a deal stands in one.
create table deal_pipelines (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  name_key text not null,
  position integer not null default 0,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint deal_pipelines_name unique (company_id, name_key)
);
select steward_protect('deal_pipelines');

create table deal_stages (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  pipeline_id uuid not null references deal_pipelines (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  name_key text not null,
  kind text not null check (kind in ('open', 'won', 'lost')),
  -- of a deal in it, in per cent; 100 of won, 0 of lost
  probability smallint not null check (probability between 0 and 100),
  position integer not null,
  -- days after which a deal that has not moved is called rotting; null: never
  rot_days integer check (rot_days between 1 and 3650),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint deal_stages_name unique (pipeline_id, name_key)
);
create index deal_stages_of on deal_stages (company_id, pipeline_id, position);
select steward_protect('deal_stages');

-- What the probability of a stage was, from when on: the weighted value of a past day is that day's.
create table deal_stage_probabilities (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  stage_id uuid not null references deal_stages (id) on delete cascade,
  since timestamptz not null,
  probability smallint not null check (probability between 0 and 100),
  primary key (stage_id, since)
);
create index deal_stage_probabilities_of on deal_stage_probabilities (company_id, stage_id);
select steward_protect('deal_stage_probabilities');

-- Who sells. Need not be a user: files and CRMs name people who never sign in here.
create table deal_owners (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  name_key text not null,
  email text,
  user_id uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint deal_owners_name unique (company_id, name_key)
);
create unique index deal_owners_user on deal_owners (company_id, user_id) where user_id is not null;
create index deal_owners_user_fk on deal_owners (user_id) where user_id is not null;
select steward_protect('deal_owners');

create table products (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  name_key text not null,
  series text,
  -- list price; null: none is known
  price_cents bigint check (price_cents >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  active boolean not null default true,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint products_name unique (company_id, name_key)
);
select steward_protect('products');

-- In which currency reports add up.
create table deal_settings (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('deal_settings');

-- One unit of `currency` in the company's currency, from that day on until the next rate.
create table currency_rates (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  day date not null,
  rate numeric not null check (rate > 0),
  primary key (company_id, currency, day)
);
select steward_protect('currency_rates');

create table deals (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null check (length(name) between 1 and 300),
  pipeline_id uuid not null references deal_pipelines (id),
  stage_id uuid not null references deal_stages (id),
  -- of its stage
  status text not null check (status in ('open', 'won', 'lost')),
  organisation_id uuid references organisations (id) on delete set null,
  owner_id uuid references deal_owners (id) on delete set null,
  product_id uuid references products (id) on delete set null,
  amount_cents bigint not null default 0 check (amount_cents >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- in the company's currency, at the rate of the day on which the amount was set
  base_cents bigint not null,
  weighted_cents bigint not null,
  -- null: that of the stage
  probability smallint check (probability between 0 and 100),
  close_date date,
  forecast text not null default 'pipeline' check (forecast in ('omitted', 'pipeline', 'best_case', 'commit')),
  source text,
  next_step text,
  -- null: nobody knows when it began; reports over time list it apart
  opened_at timestamptz,
  closed_at timestamptz,
  stage_since timestamptz,
  -- how often the close date was put off
  slips integer not null default 0,
  import_id uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
-- serve the list in its orders, newest first
create index deals_recent on deals (company_id, created_at desc, id desc);
create index deals_touched on deals (company_id, updated_at desc, id desc);
create index deals_by_value on deals (company_id, base_cents desc, id desc);
create index deals_by_close on deals (company_id, close_date desc nulls last, id desc);
-- serves the board: a column with its highest values first
create index deals_in_stage on deals (company_id, stage_id, base_cents desc, id desc);
-- serves ageing, rotting and the totals of the board without looking at the rows
create index deals_open on deals (company_id, stage_id, stage_since) include (base_cents, weighted_cents, owner_id, product_id, close_date) where status = 'open';
create index deals_overdue on deals (company_id, close_date, id) where status = 'open';
create index deals_undated on deals (company_id, id) where opened_at is null;
create index deals_without_account on deals (company_id, id) where organisation_id is null;
create index deals_of_owner on deals (company_id, owner_id, base_cents desc, id desc);
create index deals_of_organisation on deals (organisation_id, company_id) where organisation_id is not null;
create index deals_of_product on deals (product_id, company_id) where product_id is not null;
create index deals_of_pipeline on deals (pipeline_id);
create index deals_of_stage_fk on deals (stage_id);
create index deals_of_owner_fk on deals (owner_id) where owner_id is not null;
create index deals_of_import on deals (import_id, id) where import_id is not null;
select steward_protect('deals');

create table deal_people (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  deal_id uuid not null references deals (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  primary key (deal_id, person_id)
);
create index deal_people_of on deal_people (person_id, company_id, deal_id);
select steward_protect('deal_people');

-- What is sold with it, where that is more than one thing.
create table deal_lines (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  deal_id uuid not null references deals (id) on delete cascade,
  product_id uuid references products (id) on delete set null,
  description text not null default '',
  quantity integer not null check (quantity > 0),
  -- of one, in the deal's currency
  price_cents bigint not null check (price_cents >= 0),
  position integer not null
);
create index deal_lines_of on deal_lines (deal_id, position);
create index deal_lines_product on deal_lines (product_id) where product_id is not null;
select steward_protect('deal_lines');

create table deal_external_ids (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  source text not null,
  external_id text not null,
  deal_id uuid not null references deals (id) on delete cascade,
  primary key (company_id, source, external_id)
);
create index deal_external_ids_of on deal_external_ids (deal_id);
select steward_protect('deal_external_ids');

-- Every change of a deal. Rows are added, never changed: `at` is when it became so (null: nobody knows), `recorded_at` when we heard of it.
create table deal_changes (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  deal_id uuid not null references deals (id) on delete cascade,
  at timestamptz,
  recorded_at timestamptz not null,
  by_kind text not null check (by_kind in ('user', 'import', 'sync', 'workflow')),
  by_id text,
  field text not null,
  value_from text,
  value_to text,
  -- of an amount: in the company's currency at the rate of that day
  base_cents bigint
);
create index deal_changes_of on deal_changes (deal_id, at, id);
select steward_protect('deal_changes');

-- The same as steps of value, made from the changes: what a deal was from `at` until `until`, and what it was before. Sums of them are the pipeline
-- of any instant and the bars between two (docs/adr/0056-pipeline-history.md).
create table deal_moves (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  deal_id uuid not null references deals (id) on delete cascade,
  seq integer not null,
  at timestamptz not null,
  until timestamptz,
  kind text not null check (kind in ('new', 'up', 'down', 'won', 'lost', 'reopened', 'value_up', 'value_down', 'reweighted', 'reassigned')),
  from_stage_id uuid,
  stage_id uuid not null,
  from_owner_id uuid,
  owner_id uuid,
  from_product_id uuid,
  product_id uuid,
  from_source text,
  source text,
  from_cents bigint not null,
  cents bigint not null,
  from_weighted bigint not null,
  weighted bigint not null,
  -- seconds in the stage that it left; seconds from the first day to the close
  stay_s bigint not null,
  cycle_s bigint not null,
  primary key (deal_id, seq)
);
-- serves the deals behind a bar, and what happened within one day
create index deal_moves_of_kind on deal_moves (company_id, kind, at);
-- serves the deals that stood in a stage at an instant
create index deal_moves_in_stage on deal_moves (company_id, stage_id, at);
select steward_protect('deal_moves');

-- Sums of the moves a day (d) and a month (m), of all deals and of each owner, product and source. Both sides of a move count: what left its stage
-- is negative, what came is positive.
create table deal_rollup (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  dim text not null check (dim in ('all', 'owner', 'product', 'source')),
  grain text not null check (grain in ('d', 'm')),
  start date not null,
  value text not null,
  stage_id uuid not null,
  kind text not null,
  -- deals, cents and weighted cents that the stage has more of; moves into it, with seconds: of the stage that was left, or to the close
  n bigint not null,
  cents bigint not null,
  weighted bigint not null,
  moves bigint not null,
  stay_s bigint not null,
  cycle_s bigint not null,
  primary key (company_id, dim, grain, start, value, stage_id, kind)
);
select steward_protect('deal_rollup');

-- A company begins with one pipeline that can be renamed, extended and thrown away.
create function steward_first_pipeline(company uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare pipeline uuid := gen_random_uuid();
begin
  insert into deal_pipelines (id, company_id, name, name_key) values (pipeline, company, 'Sales', 'sales');
  insert into deal_stages (id, company_id, pipeline_id, name, name_key, kind, probability, position, rot_days)
  select gen_random_uuid(), company, pipeline, s.name, lower(s.name), s.kind, s.probability, s.position, s.rot
    from (values ('Prospecting', 'open', 10, 1, 30), ('Qualification', 'open', 30, 2, 30), ('Proposal', 'open', 50, 3, 30),
                 ('Negotiation', 'open', 75, 4, 21), ('Won', 'won', 100, 5, null), ('Lost', 'lost', 0, 6, null)) as s (name, kind, probability, position, rot);
end $$;
revoke execute on function steward_first_pipeline(uuid) from public;

create function steward_company_begins_selling() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform steward_first_pipeline(new.id);
  return null;
end $$;
create trigger companies_first_pipeline after insert on companies for each row execute function steward_company_begins_selling();
select steward_first_pipeline(id) from companies;

-- Deals by words of their name or organisation: the pattern match is not leakproof, so a function with the company inside looks.
create index deals_name_words on deals using gin (lower(name) gin_trgm_ops);
create function steward_search_deals(q text, rows_wanted integer) returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp as $$
declare company uuid := nullif(current_setting('steward.company', true), '')::uuid;
begin
  return query execute
    'select d.id from deals d where d.company_id = $1 and lower(d.name) like $2
     union select d.id from organisations o join deals d on d.organisation_id = o.id and d.company_id = $1 where o.company_id = $1 and o.name_key like $2 limit $3'
    using company, steward_search_pattern(q), rows_wanted;
end $$;
revoke execute on function steward_search_deals(text, integer) from public;
grant execute on function steward_search_deals(text, integer) to steward_app;
