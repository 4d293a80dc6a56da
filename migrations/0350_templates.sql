-- Templates as people write them: kinds, languages, blocks and other sources, attachments, snippets, drafts. Each version holds all it needs.
alter table message_templates add column kind text not null default 'mail' check (kind in ('mail', 'sms'));
alter table message_templates add column preheader text not null default '';
-- language of subject, preheader, body and html
alter table message_templates add column language text not null default 'en';
-- what body and html were made of; null: they were written as they are
alter table message_templates add column source jsonb;
-- further languages: [{language, subject, preheader, source, body, html}]
alter table message_templates add column variants jsonb not null default '[]';
-- files that go with each mail: [{file_id, filename, content_type, size}]
alter table message_templates add column attachments jsonb not null default '[]';
-- keys of the snippets that were put in, those inside snippets too
alter table message_templates add column snippets text[] not null default '{}';
-- why there is this version, in words
alter table message_templates add column note text;
-- deleted, or gone back to the built-in text: kept for what was sent by it, used no more
alter table message_templates add column retired_at timestamptz;
create index message_templates_snippets on message_templates using gin (snippets) where retired_at is null;

-- Work on a template that has not been published. One a template.
create table message_template_drafts (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  key text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  -- as the API takes it; checked when it is published
  content jsonb not null,
  -- the version it was begun from
  base_version integer not null default 0,
  updated_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint message_template_drafts_key unique (company_id, key)
);
create index message_template_drafts_updated_by on message_template_drafts (updated_by) where updated_by is not null;
select steward_protect('message_template_drafts');

-- Pieces that templates share.
create table message_snippets (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  key text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  title text not null,
  mode text not null check (mode in ('text', 'html')),
  body text not null,
  updated_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint message_snippets_key unique (company_id, key)
);
create index message_snippets_updated_by on message_snippets (updated_by) where updated_by is not null;
select steward_protect('message_snippets');

-- Files that go with mails. The same bytes are stored once.
create table template_files (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  sha256 text not null,
  filename text not null,
  content_type text not null,
  size integer not null check (size > 0),
  content bytea not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint template_files_hash unique (company_id, sha256)
);
alter table template_files alter column content set storage external;
create index template_files_created_by on template_files (created_by) where created_by is not null;
select steward_protect('template_files');

-- Files of one message, as those of a template: null for most
alter table messages add column attachments jsonb;
