-- What becomes of mail from people whom nobody knows. No row: it is left alone.
create table inbound_rules (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- all: of every mailbox that is read; mailboxes: of those named alone
  strangers text not null default 'ignore' check (strangers in ('ignore', 'all', 'mailboxes')),
  connection_ids uuid[] not null default '{}',
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('inbound_rules');
