-- What a user typed to one person, as opposed to what a workflow wrote.
alter table messages add column personal boolean not null default false;
alter table messages add column author_id uuid references users (id) on delete set null;
create index messages_author on messages (author_id) where author_id is not null;

-- Mail and SMS with one person: what of it still needs somebody, and whom. Holds no text; that stands in messages.
create table conversations (
  person_id uuid primary key references people (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  state text not null default 'open' check (state in ('open', 'done')),
  assignee_id uuid references users (id) on delete set null,
  -- out of sight until then; something new from the person ends it
  snoozed_until timestamptz,
  snoozed_by uuid references users (id) on delete set null,
  -- of the last message either way; a conversation that comes back from a snooze is moved up, too
  last_at timestamptz not null,
  last_message_id uuid references messages (id) on delete set null,
  -- when they last wrote
  inbound_at timestamptz,
  -- since when they wait for an answer of a person; null: nobody owes one
  waiting_since timestamptz,
  done_at timestamptz,
  done_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index conversations_list on conversations (company_id, state, last_at desc, person_id desc);
create index conversations_assignee on conversations (assignee_id, last_at desc) where assignee_id is not null;
create index conversations_snoozed on conversations (snoozed_until) where snoozed_until is not null;
create index conversations_snoozed_by on conversations (snoozed_by) where snoozed_by is not null;
create index conversations_done_by on conversations (done_by) where done_by is not null;
create index conversations_last_message on conversations (last_message_id) where last_message_id is not null;
select steward_protect('conversations');

-- Up to when each user has seen a conversation.
create table conversation_reads (
  person_id uuid not null references people (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  read_at timestamptz not null,
  primary key (person_id, user_id)
);
create index conversation_reads_user on conversation_reads (user_id);
create index conversation_reads_company on conversation_reads (company_id);
select steward_protect('conversation_reads');

-- What a user is typing, kept while they type. Its id makes the message one, however often Send is pressed.
create table conversation_drafts (
  id uuid primary key,
  person_id uuid not null references people (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  channel text not null check (channel in ('email', 'sms')),
  subject text not null default '',
  text text not null default '',
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint conversation_drafts_once unique (person_id, user_id)
);
create index conversation_drafts_user on conversation_drafts (user_id);
create index conversation_drafts_company on conversation_drafts (company_id);
select steward_protect('conversation_drafts');

-- Who looks at a conversation now, and who is typing. A row that is not renewed means nothing after a minute.
create table conversation_presence (
  person_id uuid not null references people (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  typing boolean not null,
  at timestamptz not null,
  primary key (person_id, user_id)
);
create index conversation_presence_user on conversation_presence (user_id);
create index conversation_presence_company on conversation_presence (company_id);
select steward_protect('conversation_presence');

-- Attachments of mail that came in: files on the person, so that they are shown, exported and erased with them.
create table message_files (
  message_id uuid not null references messages (id) on delete cascade,
  file_id uuid not null references person_files (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  primary key (message_id, file_id)
);
create index message_files_file on message_files (file_id);
create index message_files_company on message_files (company_id);
select steward_protect('message_files');

-- Searched by what was written to us, and by who wrote it. Only mail and SMS that came in is indexed: what leaves is written too often to pay for it.
create index messages_inbound_text on messages using gin ((subject || ' ' || coalesce(new_text, '')) gin_trgm_ops) where direction = 'inbound';

-- Conversations that some words fit, in no order. SECURITY DEFINER with the company inside: under a policy a trigram index is not used.
create function steward_conversations_like(q text, words text) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select c.person_id from conversations c
   where c.company_id = nullif(current_setting('steward.company', true), '')::uuid and c.person_id in (
     select p.id from people p where p.company_id = c.company_id and p.search like steward_search_pattern(q)
     union all
     select m.person_id from messages m
      where m.company_id = c.company_id and m.direction = 'inbound' and (m.subject || ' ' || coalesce(m.new_text, '')) ilike words)
$$;

-- Who has written before is in the inbox from the beginning: open where their last word came after ours.
insert into conversations (person_id, company_id, state, last_at, last_message_id, inbound_at, waiting_since, created_at, updated_at)
select m.person_id, m.company_id, case when max(m.created_at) filter (where m.direction = 'inbound' and not m.auto) = max(m.created_at) then 'open' else 'done' end,
       max(m.created_at), (array_agg(m.id order by m.created_at desc, m.id desc))[1], max(m.created_at) filter (where m.direction = 'inbound' and not m.auto),
       case when max(m.created_at) filter (where m.direction = 'inbound' and not m.auto) = max(m.created_at) then max(m.created_at) end,
       min(m.created_at), max(m.created_at)
  from messages m join people p on p.id = m.person_id and p.company_id = m.company_id
 where m.state in ('sent', 'captured', 'in_doubt', 'received') and not m.sensitive
 group by m.person_id, m.company_id
having bool_or(m.direction = 'inbound' and not m.auto);
