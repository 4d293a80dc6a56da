-- Whether a company wants to know if its commercial mail is opened and its links followed. No row: it does not.
create table tracking (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  opens boolean not null default false,
  clicks boolean not null default false,
  -- consented: only mail that rests on consent; all: all commercial mail
  who text not null default 'consented' check (who in ('consented', 'all')),
  -- keys of templates whose mail is left alone all the same
  not_templates text[] not null default '{}',
  keep_days integer not null default 90 check (keep_days between 1 and 730),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('tracking');

-- One opening, or one link followed, by a person or by a program. Neither address nor place of who did it is kept.
create table message_hits (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  message_id uuid not null references messages (id) on delete cascade,
  -- who was written to; whoever did it may be another
  person_id uuid references people (id) on delete cascade,
  kind text not null check (kind in ('open', 'click')),
  -- place of the link in the mail, from 1; 0 is the one that no reader sees
  link smallint,
  url text,
  agent text,
  -- why it was probably a machine; null: nothing speaks for that
  machine text check (machine in ('program', 'prefetch', 'hidden_link', 'at_once', 'all_links')),
  at timestamptz not null,
  -- null: hits nearby are still waited for
  judged_at timestamptz
);
create index message_hits_message on message_hits (message_id, at);
create index message_hits_person on message_hits (person_id) where person_id is not null;
create index message_hits_company on message_hits (company_id, at);
create index message_hits_due on message_hits (at) where judged_at is null;
select steward_protect('message_hits');
