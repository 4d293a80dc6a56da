-- Landing pages: a draft made of blocks, the versions that were published of it, the addresses that it had, and how often it was seen.
create table landing_pages (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- /go/<slug>: one for the whole installation, as the address is
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
  title text not null,
  -- under the title in search results and in previews of links
  description text not null default '',
  language text not null default 'en' check (language in ('en', 'de')),
  -- may search engines list it
  indexed boolean not null default true,
  blocks jsonb not null default '[]',
  -- the one of landing_versions that is shown; 0: none was published yet
  version integer not null default 0,
  published_at timestamptz,
  -- shown from and until then; null: at once, for ever
  shown_from timestamptz,
  shown_until timestamptz,
  created_by uuid,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  check (shown_until > shown_from)
);
create unique index landing_pages_slug on landing_pages (slug);
create index landing_pages_recent on landing_pages (company_id, created_at desc, id desc);
select steward_protect('landing_pages');

-- What was published, as it was then; how it looks is the brand's.
create table landing_versions (
  page_id uuid not null references landing_pages (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  number integer not null,
  content jsonb not null,
  published_by uuid,
  published_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (page_id, number)
);
create index landing_versions_of_company on landing_versions (company_id);
select steward_protect('landing_versions');

-- Where a page was before: whoever comes there is led on.
create table landing_redirects (
  slug text primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  page_id uuid not null references landing_pages (id) on delete cascade,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create index landing_redirects_of_page on landing_redirects (page_id);
create index landing_redirects_of_company on landing_redirects (company_id);
select steward_protect('landing_redirects');

-- Counted by day (UTC); nothing tells who.
create table landing_days (
  page_id uuid not null references landing_pages (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  day date not null,
  visits integer not null default 0,
  -- programs that say so
  machines integer not null default 0,
  conversions integer not null default 0,
  primary key (page_id, day)
);
create index landing_days_of_company on landing_days (company_id, day);
select steward_protect('landing_days');
