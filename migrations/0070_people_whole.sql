-- What else is known of a person: custom fields, tags, further phone numbers, files; notes that can be changed; lists by name and by change.

-- A field that a company invented. Its values stand in people.custom by key; key and type never change, an archived field keeps its values.
create table custom_fields (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- what templates and conditions call it: person.custom.<key>
  key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  label text not null,
  type text not null check (type in ('text', 'number', 'date', 'boolean', 'choice', 'url')),
  -- of a choice: the texts that may be chosen, in order
  options jsonb not null default '[]',
  position integer not null default 0,
  archived_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint custom_fields_key unique (company_id, key)
);
create index custom_fields_order on custom_fields (company_id, position, id);
select steward_protect('custom_fields');

create table tags (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  name text not null,
  -- lower case, white space collapsed: "VIP" and "vip" are one tag
  name_key text not null,
  color text not null default 'gray' check (color in ('gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink')),
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint tags_name_key unique (company_id, name_key)
);
select steward_protect('tags');

create table person_tags (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  tag_id uuid not null references tags (id) on delete cascade,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (person_id, tag_id)
);
create index person_tags_tag on person_tags (tag_id, person_id);
select steward_protect('person_tags');

-- Numbers beside the primary one, which stands in people.phone and phone_raw.
create table person_phones (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  -- E.164, null when the text could not be read as a number
  phone text,
  phone_raw text not null,
  label text,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index person_phones_person on person_phones (person_id, created_at, id);
create index person_phones_number on person_phones (company_id, phone) where phone is not null;
select steward_protect('person_phones');

create table person_files (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  name text not null,
  -- what the first bytes say, whatever the sender said
  type text not null,
  size_bytes integer not null,
  sha256 text not null,
  -- an upload that broke off is not complete, shown to nobody and cleared away
  complete boolean not null default false,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index person_files_person on person_files (person_id, created_at desc, id desc);
create index person_files_broken on person_files (created_at) where not complete;
create index person_files_created_by on person_files (created_by) where created_by is not null;
select steward_protect('person_files');

-- The file in pieces of 256 KiB: read and written one by one (docs/adr, files of a person).
create table person_file_chunks (
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  file_id uuid not null references person_files (id) on delete cascade,
  position integer not null,
  bytes bytea not null,
  primary key (file_id, position)
);
select steward_protect('person_file_chunks');
-- Compressing pictures and PDFs again costs time and saves nothing.
alter table person_file_chunks alter column bytes set storage external;

-- Who changed a note and when; null: as first written.
alter table interactions add column edited_at timestamptz;
create index interactions_notes on interactions using gin (to_tsvector('simple', content)) where type in ('note', 'call', 'meeting');

drop index people_search;
alter table people
  add column custom jsonb not null default '{}',
  -- label of the primary number: mobile, work …
  add column phone_label text,
  -- lower-case addresses and numbers beside the primary ones, each with a space in front; kept by refreshContacts (contacts.ts)
  add column other_contacts text not null default '',
  -- what a list by name sorts by: the name, else the address, else the number
  add column name_key text not null generated always as (lower(coalesce(nullif(full_name, ''), email, phone, phone_raw, ''))) stored,
  drop column search;
update people p set other_contacts = extra.text
  from (select e.person_id, string_agg(' ' || e.email, '' order by e.email) as text
          from person_emails e join people own on own.id = e.person_id and own.email is distinct from e.email group by e.person_id) extra
 where p.id = extra.person_id;
-- The leading space lets ' an' find words that begin with "an" by trigram.
alter table people add column search text not null
  generated always as (' ' || lower(full_name) || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || other_contacts) stored;
create index people_search on people using gin (search gin_trgm_ops);
create index people_changed on people (company_id, updated_at desc, id desc);
create index people_by_name on people (company_id, name_key, id);
create index people_phone on people (company_id, phone) where phone is not null;
create index people_custom on people using gin (custom jsonb_path_ops) where custom <> '{}';
drop index people_owner;
create index people_owner on people (owner_id, created_at desc, id desc) where owner_id is not null;
drop index people_organisation;
create index people_organisation on people (organisation_id, created_at desc, id desc) where organisation_id is not null;

-- Open tasks of a person, soonest first.
create index tasks_due on tasks (company_id, due_at, id) where state = 'open';
create index organisations_search on organisations using gin (name_key gin_trgm_ops);
