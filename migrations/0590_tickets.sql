-- Support tickets. What was said by mail stands in messages; a ticket holds what is owed, to whom, until when.

-- Hours, targets and habits of a company's support: see src/modules/tickets/settings.ts. No row: the defaults.
create table ticket_settings (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  options jsonb not null default '{}',
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('ticket_settings');

-- The last number that a ticket got.
create table ticket_numbers (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  last bigint not null default 0
);
select steward_protect('ticket_numbers');

-- Whoever writes to one of these opens a ticket, strangers included.
create table ticket_addresses (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- lower case
  address text not null,
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
  assignee_id uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint ticket_addresses_once unique (company_id, address)
);
create index ticket_addresses_assignee on ticket_addresses (assignee_id) where assignee_id is not null;
select steward_protect('ticket_addresses');

create table tickets (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  number bigint not null,
  person_id uuid not null references people (id) on delete cascade,
  subject text not null default '',
  state text not null default 'open' check (state in ('open', 'pending', 'on_hold', 'solved', 'closed')),
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
  source text not null check (source in ('mail', 'api', 'form', 'portal', 'user', 'workflow')),
  -- makes it one, however often it is asked for
  key text,
  assignee_id uuid references users (id) on delete set null,
  tags text[] not null default '{}',
  address_id uuid references ticket_addresses (id) on delete set null,
  -- the closed one that it goes on from
  follows_id uuid references tickets (id) on delete set null,
  -- what it said now stands there
  merged_into_id uuid references tickets (id) on delete set null,
  -- since when they wait for an answer; null: nobody owes one
  waiting_since timestamptz,
  first_responded_at timestamptz,
  -- a clock: business milliseconds that it has run, and since when it runs; null: it rests
  response_used_ms bigint not null default 0,
  response_since timestamptz,
  response_due_at timestamptz,
  -- 0 nothing was told, 1 that it is soon broken, 2 that it is broken
  response_told smallint not null default 0,
  resolution_used_ms bigint not null default 0,
  resolution_since timestamptz,
  resolution_due_at timestamptz,
  resolution_told smallint not null default 0,
  -- some answer was late; the solution was
  response_broken boolean not null default false,
  resolution_broken boolean not null default false,
  -- the nearer of the two; far away when neither clock runs
  sort_due_at timestamptz not null default '9999-12-31T00:00:00Z',
  -- when there is something to tell next
  alarm_at timestamptz,
  -- the hours, holidays and targets that the moments above were worked out by
  clock_key text not null default '',
  reopened integer not null default 0,
  last_at timestamptz not null default date_trunc('milliseconds', now()),
  solved_at timestamptz,
  closed_at timestamptz,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint tickets_number unique (company_id, number)
);
create unique index tickets_key on tickets (company_id, key) where key is not null;
-- serve the list: last moved first, and what is due first
create index tickets_recent on tickets (company_id, last_at desc, id desc) where merged_into_id is null;
create index tickets_due on tickets (company_id, sort_due_at, id) where merged_into_id is null and state in ('open', 'pending', 'on_hold');
create index tickets_assignee on tickets (assignee_id, last_at desc) where assignee_id is not null;
create index tickets_person on tickets (person_id, last_at desc);
create index tickets_state on tickets (company_id, state, last_at desc, id desc) where merged_into_id is null;
create index tickets_address on tickets (address_id) where address_id is not null;
create index tickets_follows on tickets (follows_id) where follows_id is not null;
create index tickets_merged on tickets (merged_into_id) where merged_into_id is not null;
create index tickets_created_by on tickets (created_by) where created_by is not null;
-- serve the round that tells of clocks, closes what was solved long ago, and works moments out anew
create index tickets_alarm on tickets (alarm_at) where alarm_at is not null;
create index tickets_solved on tickets (solved_at) where state = 'solved';
create index tickets_clock on tickets (company_id, clock_key) where state in ('open', 'pending', 'on_hold');
create index tickets_subject on tickets using gin (subject gin_trgm_ops);
select steward_protect('tickets');

-- What happened on a ticket, in order: a stored message, a note, what they wrote on a page, a change.
create table ticket_entries (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  ticket_id uuid not null references tickets (id) on delete cascade,
  kind text not null check (kind in ('message', 'note', 'web', 'change')),
  message_id uuid references messages (id) on delete cascade,
  -- of a message and of what was written on a page
  inbound boolean,
  -- written by a machine: it neither opens nor answers
  auto boolean not null default false,
  text text not null default '',
  change jsonb,
  author_id uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint ticket_entries_message unique (message_id)
);
create index ticket_entries_ticket on ticket_entries (ticket_id, created_at, id);
create index ticket_entries_company on ticket_entries (company_id);
create index ticket_entries_author on ticket_entries (author_id) where author_id is not null;
create index ticket_entries_web on ticket_entries using gin (text gin_trgm_ops) where kind = 'web';
select steward_protect('ticket_entries');

-- Tickets that some words fit, in no order. SECURITY DEFINER with the company inside: under a policy a trigram index is not used.
create function steward_tickets_like(q text, words text) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  with mine as (select nullif(current_setting('steward.company', true), '')::uuid as id)
  select t.id from tickets t, mine where t.company_id = mine.id and (t.subject ilike words or t.number::text = ltrim(q, '#'))
  union
  select t.id from tickets t, mine where t.company_id = mine.id and t.person_id in (
    select p.id from people p where p.company_id = mine.id and p.search like steward_search_pattern(q))
  union
  select e.ticket_id from ticket_entries e, mine where e.company_id = mine.id and e.kind = 'web' and e.text ilike words
  union
  select e.ticket_id from messages m join ticket_entries e on e.message_id = m.id, mine
   where m.company_id = mine.id and e.company_id = mine.id and m.direction = 'inbound' and (m.subject || ' ' || coalesce(m.new_text, '')) ilike words
$$;
