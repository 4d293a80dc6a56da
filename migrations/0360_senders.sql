-- Addresses that mail leaves from: each with its connection, what it may carry, how much in a day, and how it is doing. A company without a row sends as
-- before, by the connection in use (docs/adr/0047-senders.md).
create table senders (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  address text not null,
  name text not null,
  reply_to text,
  -- null: it was deleted; what is planned for this sender waits
  connection_id uuid references connections (id) on delete set null,
  carries text[] not null default '{commercial,transactional}'
    constraint senders_carries check (cardinality(carries) > 0 and carries <@ array['commercial', 'transactional']),
  -- what its provider lets through in a day: nothing goes above it; null is no limit
  daily_limit integer check (daily_limit between 1 and 10000000),
  -- our own caution while it is new: commercial mails on the first day, so many per cent more on each further day that it sends; both null: none
  ramp_start integer check (ramp_start between 1 and 100000),
  ramp_percent integer check (ramp_percent between 1 and 200),
  ramp_since date,
  -- where its day begins and ends; null: the company's
  time_zone text,
  state text not null default 'active' check (state in ('active', 'paused', 'retired')),
  health text not null default 'well' check (health in ('well', 'slowed', 'stopped')),
  health_at timestamptz,
  -- what was counted: see senders/health.ts
  health_because jsonb,
  -- feedback before this moment is forgiven: a person let it go on
  counted_from timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint senders_ramp_whole check ((ramp_start is null) = (ramp_percent is null) and (ramp_start is null) = (ramp_since is null))
);
create unique index senders_address on senders (company_id, address) where state <> 'retired';
create index senders_company on senders (company_id, id);
create index senders_connection on senders (connection_id) where connection_id is not null;
select steward_protect('senders');

-- What a sender has taken of a day, counted in the transaction that hands the mails over. One row a day, written only where there are senders.
create table sender_days (
  sender_id uuid not null references senders (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- of the sender's zone
  day date not null,
  -- all mails, and the commercial ones among them
  taken integer not null default 0,
  commercial integer not null default 0,
  -- days of its ramp before this one
  step integer not null default 0,
  -- commercial mails that were allowed when it was last counted; null: no limit
  allowed integer,
  primary key (sender_id, day)
)
  -- a row that is written at every round stays on its page
  with (fillfactor = 50);
create index sender_days_company on sender_days (company_id, day);
select steward_protect('sender_days');

-- Which of them a message is planned for, then left by.
alter table messages add column sender_id uuid references senders (id) on delete set null;
create index messages_sender on messages (sender_id, created_at desc) where sender_id is not null;
