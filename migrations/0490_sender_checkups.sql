-- What the deliverability doctor knows of an address that mail leaves from (docs/adr/0075-deliverability-doctor.md).
create table sender_checkups (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  address text not null,
  -- null: the address of a company without senders
  sender_id uuid references senders (id) on delete cascade,
  -- selectors of DKIM: named by a person, and read from mail that arrived
  named_selectors text[] not null default '{}',
  seen_selectors text[] not null default '{}',
  verdict text not null default 'unknown' check (verdict in ('good', 'warn', 'bad', 'unknown')),
  findings jsonb not null default '[]',
  -- the last known state of each check; what could not be asked changes nothing here
  known jsonb not null default '{}',
  -- checks that were fine once and are bad now
  broken text[] not null default '{}',
  broken_at timestamptz,
  checked_at timestamptz,
  -- when it is looked at again
  due_at timestamptz not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint sender_checkups_address unique (company_id, address)
);
create index sender_checkups_due on sender_checkups (due_at);
create index sender_checkups_sender on sender_checkups (sender_id) where sender_id is not null;
select steward_protect('sender_checkups');

-- Each look that found something else than the one before.
create table sender_checkup_changes (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  checkup_id uuid not null references sender_checkups (id) on delete cascade,
  verdict text not null check (verdict in ('good', 'warn', 'bad', 'unknown')),
  -- check, state before (null: it was not looked at), state since, and what was said
  changes jsonb not null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index sender_checkup_changes_of on sender_checkup_changes (checkup_id, created_at desc, id desc);
create index sender_checkup_changes_company on sender_checkup_changes (company_id);
select steward_protect('sender_checkup_changes');

-- A real mail that was sent to see how it arrives.
create table sender_probes (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  checkup_id uuid not null references sender_checkups (id) on delete cascade,
  to_email text not null,
  message_id uuid references messages (id) on delete set null,
  -- arrived: found, and not judged yet. lost: not found in time. refused: it never left
  state text not null default 'waiting' check (state in ('waiting', 'arrived', 'judged', 'lost', 'refused')),
  says text,
  verdict text check (verdict in ('good', 'warn', 'bad', 'unknown')),
  findings jsonb not null default '[]',
  folder text check (folder in ('inbox', 'junk', 'other')),
  folder_name text,
  mailbox text,
  -- the mail as it arrived, until it is judged; then its header alone
  raw bytea,
  header text,
  arrived_at timestamptz,
  -- when it is looked for, or judged; null: nothing more to do
  look_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index sender_probes_look on sender_probes (look_at) where look_at is not null;
create index sender_probes_of on sender_probes (checkup_id, created_at desc, id desc);
create index sender_probes_company on sender_probes (company_id);
create index sender_probes_message on sender_probes (message_id) where message_id is not null;
select steward_protect('sender_probes');
