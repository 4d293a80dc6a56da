-- Where an event, a run or an effect belongs in a trace (W3C Trace Context). Written only while traces are exported.
create table traces (
  -- of the event, run or effect
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- traceparent: 00-<trace>-<span above>-<flags>
  trace text not null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index traces_company on traces (company_id);
create index traces_old on traces (created_at);
select steward_protect('traces');
