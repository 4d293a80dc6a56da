-- When somebody of the house can be talked with, and which of their calendars say when they cannot. No row: office hours, and no calendar.
create table call_hosts (
  user_id uuid primary key references users (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- IANA; null: that of the company
  time_zone text,
  -- by day of the week: spans of the wall clock
  hours jsonb not null,
  -- the sign-in of this person, of nobody else; null: only calls of ours are known
  connection_id uuid references connections (id) on delete set null,
  -- calendars that are asked for busy times
  calendars text[] not null default '{primary}',
  -- the one that calls are entered in; null: none
  entered_in text default 'primary',
  -- when they were asked last, and what could not be read then
  asked_at timestamptz,
  problem text,
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create unique index call_hosts_connection on call_hosts (connection_id) where connection_id is not null;
create index call_hosts_of_company on call_hosts (company_id);
select steward_protect('call_hosts');

-- What calls are booked for: how long, with whom, how soon.
create table call_kinds (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  title text not null,
  description text not null default '',
  minutes integer not null default 30 check (minutes between 5 and 480),
  -- times begin so far apart
  step_minutes integer not null default 30 check (step_minutes between 5 and 480),
  before_minutes integer not null default 0 check (before_minutes between 0 and 240),
  after_minutes integer not null default 0 check (after_minutes between 0 and 240),
  notice_minutes integer not null default 240 check (notice_minutes between 0 and 43200),
  horizon_days integer not null default 30 check (horizon_days between 1 and 60),
  -- calls of this kind a day and host; null: any number
  daily_limit integer check (daily_limit between 1 and 50),
  -- users.id; any of them takes the call
  host_ids uuid[] not null,
  place text not null default '',
  -- a calendar that cannot be read: its owner's times are hidden, or offered all the same
  unread text not null default 'hide' check (unread in ('hide', 'offer')),
  -- clients see it on their page
  in_portal boolean not null default true,
  -- anybody may book it who has the address
  open boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index call_kinds_in_order on call_kinds (company_id, position, created_at);
select steward_protect('call_kinds');

create table calls (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  person_id uuid not null references people (id) on delete cascade,
  kind_id uuid references call_kinds (id) on delete set null,
  -- who of us; null: nobody in particular
  host_id uuid references users (id) on delete set null,
  title text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  place text not null default '',
  -- IANA, of whoever calls with us
  time_zone text not null,
  note text not null default '',
  state text not null default 'planned' check (state in ('planned', 'cancelled')),
  cancelled_at timestamptz,
  booked_by text not null check (booked_by in ('us', 'them')),
  -- the calendar could not be read when it was booked
  unread boolean not null default false,
  -- one drawing of the page books once
  once text,
  -- RFC 5545: stays for ever, and rises with each change
  uid text not null,
  sequence integer not null default 1,
  -- where it stands in the host's calendar
  connection_id uuid references connections (id) on delete set null,
  calendar text,
  entry text check (entry in ('waiting', 'there', 'gone', 'failed')),
  entry_link text,
  entry_problem text,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  check (starts_at < ends_at),
  -- Nobody is in two calls at once, whoever writes here. A host is a range of one number, so that no extension is needed.
  constraint calls_apart exclude using gist (
    int8range(hashtextextended(host_id::text, 0) >> 1, hashtextextended(host_id::text, 0) >> 1, '[]') with &&, tstzrange(starts_at, ends_at) with &&
  ) where (state = 'planned' and host_id is not null)
);
create unique index calls_once on calls (company_id, once) where once is not null;
create index calls_by_time on calls (company_id, starts_at, id);
create index calls_of_person on calls (person_id, starts_at desc);
create index calls_of_host on calls (host_id, starts_at) where host_id is not null;
select steward_protect('calls');

-- Calls of onboardings are calls as others are. Whose they were, nobody had said.
insert into calls (id, company_id, person_id, title, starts_at, ends_at, place, time_zone, state, cancelled_at, booked_by, uid, sequence, created_at, updated_at)
select gen_random_uuid(), o.company_id, c.person_id, 'Onboarding call', o.call_at, o.call_at + o.call_minutes * interval '1 minute', o.call_place,
       coalesce(co.settings ->> 'time_zone', 'UTC'), case when o.call_cancelled_at is null then 'planned' else 'cancelled' end, o.call_cancelled_at, 'us',
       'onboarding-' || o.id || '@steward', greatest(o.call_sequence, 1), o.created_at, o.updated_at
  from onboardings o join clients c on c.id = o.client_id join companies co on co.id = o.company_id where o.call_at is not null;
alter table onboardings drop column call_at, drop column call_minutes, drop column call_place, drop column call_sequence, drop column call_cancelled_at;

-- Their mails are written by the workflows of calls from now on.
update workflows set active = false where name in ('onboarding-call', 'onboarding-call-cancelled') and built_in;
