-- What a user should know, one row a user and thing. The bell shows it, a mail may repeat it.
create table notifications (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  -- see KINDS in src/modules/notifications/kinds.ts
  kind text not null,
  -- says it once: the same key for the same user is the same notification
  key text not null,
  title text not null,
  body text not null default '',
  -- path of the page where it goes on, /people/…
  link text,
  person_id uuid references people (id) on delete cascade,
  -- how many of these it stands for: 57 leads assigned at once are one row
  count integer not null default 1,
  -- shown under the bell; false when this user switched the kind off
  in_app boolean not null default true,
  email text not null default 'off' check (email in ('off', 'instant', 'digest')),
  emailed_at timestamptz,
  read_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint notifications_once unique (company_id, user_id, key)
);
-- serves the bell's list, and its number
create index notifications_recent on notifications (company_id, user_id, created_at desc, id desc) where in_app;
create index notifications_unread on notifications (company_id, user_id, created_at desc, id desc) where in_app and read_at is null;
create index notifications_user on notifications (user_id);
create index notifications_person on notifications (person_id) where person_id is not null;
create index notifications_digest on notifications (company_id, user_id, created_at) where email = 'digest' and emailed_at is null;
create index notifications_old on notifications (created_at);
select steward_protect('notifications');

-- What a user wants to hear of, where it differs from the kind's default.
create table notification_preferences (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  kind text not null,
  in_app boolean not null,
  email text not null check (email in ('off', 'instant', 'digest')),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (user_id, kind)
);
create index notification_preferences_company on notification_preferences (company_id, user_id);
select steward_protect('notification_preferences');
