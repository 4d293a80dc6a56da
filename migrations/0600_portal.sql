-- Links to a client's own page hold client, generation and end, signed. Raising the generation ends every link that is out; no row: generation 0.
create table portal_access (
  client_id uuid primary key references clients (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  generation integer not null default 0 check (generation >= 0),
  revoked_at timestamptz not null default date_trunc('milliseconds', now()),
  revoked_by uuid
);
create index portal_access_of_company on portal_access (company_id);
select steward_protect('portal_access');

-- One visit of the page: what one browser opens within half an hour.
create table portal_views (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  first_at timestamptz not null,
  last_at timestamptz not null,
  pages integer not null default 1,
  ip text,
  user_agent text
);
create index portal_views_of_client on portal_views (client_id, last_at desc, id desc);
create index portal_views_of_company on portal_views (company_id);
select steward_protect('portal_views');

-- What a client sent from one drawing of a form: sent again it is not done again. Kept for two days.
create table portal_posts (
  client_id uuid not null references clients (id) on delete cascade,
  once text not null,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- where the browser went
  answer text not null default '',
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (client_id, once)
);
create index portal_posts_of_company on portal_posts (company_id);
select steward_protect('portal_posts');
