-- A contract that ends is told of in time, and goes on by itself where that was agreed. How a client is, as the last look found it: see src/modules/clients/health.
alter table clients
  add column contract_renews_months integer check (contract_renews_months between 1 and 120),
  add column notice_days integer not null default 30 check (notice_days between 0 and 365),
  -- the end of which somebody was told
  add column ending_told_for date,
  add column health_level text check (health_level in ('good', 'watch', 'at_risk')),
  add column health_score smallint check (health_score between 0 and 100),
  add column health_signs jsonb not null default '[]';
-- serves the list of those who are not well
create index clients_by_health on clients (company_id, health_level, created_at desc, id desc) where health_level is not null;
