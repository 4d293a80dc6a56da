-- Rate limits of vendors, shared by every process: whoever wants to call one takes the next turns of its connection (docs/adr/0036-turns.md).
create table connection_turns (
  connection_id uuid primary key references connections (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- the first turn that nobody has
  next_at timestamptz not null,
  -- the vendor asked for quiet until then
  held_until timestamptz
)
  -- a row that is written at every lease stays on its page
  with (fillfactor = 50);
create index connection_turns_company on connection_turns (company_id);
select steward_protect('connection_turns');

-- In the place of the vendor's own limit: so many requests in so many seconds.
alter table connections
  add column limit_requests integer check (limit_requests between 1 and 10000),
  add column limit_seconds integer check (limit_seconds between 1 and 86400),
  add constraint connections_limit_whole check ((limit_requests is null) = (limit_seconds is null));
