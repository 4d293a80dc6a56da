-- Commercial mail keeps off the public holidays of the person's country, and off days that the company adds.
alter table sending add column keep_holidays boolean not null default true;

create table sending_holidays (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  day date not null,
  -- the same day of every year
  yearly boolean not null default false,
  title text not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint sending_holidays_once unique (company_id, day)
);
create index sending_holidays_created_by on sending_holidays (created_by) where created_by is not null;
select steward_protect('sending_holidays');
