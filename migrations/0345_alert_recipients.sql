-- Whom a company wants told when something goes wrong, instead of its admins. No row: the admins.
create table alert_recipients (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- a colleague, told as they chose under Notifications; null: an address
  user_id uuid references users (id) on delete cascade,
  -- normalised; empty where it is a colleague
  email text not null default '',
  -- which kinds of alerts; empty: all
  kinds text[] not null default '{}',
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index alert_recipients_company on alert_recipients (company_id, created_at, id);
create index alert_recipients_user on alert_recipients (user_id) where user_id is not null;
select steward_protect('alert_recipients');
