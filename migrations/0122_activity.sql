-- What happened in the company, for the feed: facts that are no touch on the timeline. Touches and imports are read where they stand.
create table activities (
  -- the event's, so that one is told once
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- see KINDS in src/modules/activity/kinds.ts
  kind text not null,
  person_id uuid references people (id) on delete cascade,
  -- who did it; null: Steward itself, or the person
  user_id uuid references users (id) on delete set null,
  data jsonb not null default '{}',
  created_at timestamptz not null
);
create index activities_recent on activities (company_id, created_at desc, id desc);
create index activities_kind on activities (company_id, kind, created_at desc, id desc);
create index activities_user on activities (user_id, created_at desc, id desc) where user_id is not null;
create index activities_person on activities (person_id) where person_id is not null;
select steward_protect('activities');

-- The feed by kind and by colleague; mail is most of the timeline, and its own newest rows are the newest of all.
create index interactions_by_hand on interactions (company_id, type, created_at desc, id desc) where type not in ('email', 'sms');
drop index interactions_created_by;
create index interactions_created_by on interactions (created_by, created_at desc, id desc) where created_by is not null;
