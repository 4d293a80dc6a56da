-- A small picture of a user, beside their name. One each; gone with the user.
create table user_pictures (
  user_id uuid primary key references users (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- what the first bytes say, whatever the sender said
  type text not null check (type in ('image/png', 'image/jpeg', 'image/webp')),
  bytes bytea not null check (length(bytes) <= 262144),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index user_pictures_company on user_pictures (company_id);
alter table user_pictures alter column bytes set storage external;
select steward_protect('user_pictures');
