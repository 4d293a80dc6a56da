-- What makes answering tickets quick, and says whether it was good: macros, merges that can be taken back, ratings, articles.

create table ticket_macros (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  title text not null,
  -- Liquid, drawn with the facts of the ticket; empty: it only changes something
  text text not null default '',
  -- see MacroChanges in src/modules/tickets/macros.ts
  changes jsonb not null default '{}',
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now()),
  constraint ticket_macros_once unique (company_id, title)
);
select steward_protect('ticket_macros');

-- A ticket that was put together with another one, and how to take it back.
create table ticket_merges (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  ticket_id uuid not null references tickets (id) on delete cascade,
  into_id uuid not null references tickets (id) on delete cascade,
  entry_ids uuid[] not null default '{}',
  -- the ticket's row as it was
  before jsonb not null default '{}',
  merged_by uuid references users (id) on delete set null,
  undone_at timestamptz,
  created_at timestamptz not null default date_trunc('milliseconds', now())
);
create unique index ticket_merges_standing on ticket_merges (ticket_id) where undone_at is null;
create index ticket_merges_of on ticket_merges (ticket_id);
create index ticket_merges_into on ticket_merges (into_id);
create index ticket_merges_company on ticket_merges (company_id);
create index ticket_merges_by on ticket_merges (merged_by) where merged_by is not null;
select steward_protect('ticket_merges');

-- How they found the help that they got.
create table ticket_ratings (
  ticket_id uuid primary key references tickets (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  score smallint not null check (score between 1 and 5),
  comment text not null default '',
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index ticket_ratings_recent on ticket_ratings (company_id, created_at desc);
select steward_protect('ticket_ratings');

-- What people ask again and again, written down once.
create table ticket_articles (
  id uuid primary key,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  title text not null,
  body text not null default '',
  state text not null default 'draft' check (state in ('draft', 'published')),
  -- how its words are cut to their stems: a text search configuration of PostgreSQL
  language text not null default 'simple' check (language in ('simple', 'english', 'german', 'french', 'spanish', 'italian', 'dutch', 'portuguese', 'swedish', 'danish', 'norwegian', 'finnish')),
  words tsvector not null default '',
  published_at timestamptz,
  updated_by uuid references users (id) on delete set null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
create index ticket_articles_recent on ticket_articles (company_id, updated_at desc, id desc);
create index ticket_articles_by on ticket_articles (updated_by) where updated_by is not null;
create index ticket_articles_words on ticket_articles using gin (words);
select steward_protect('ticket_articles');

create function steward_article_words() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.words := setweight(to_tsvector(new.language::regconfig, new.title), 'A') || setweight(to_tsvector(new.language::regconfig, new.body), 'B');
  return new;
end $$;
create trigger steward_article_words before insert or update of title, body, language on ticket_articles for each row execute function steward_article_words();

-- Articles that words fit, best first; any of the words, as a mail has many. SECURITY DEFINER with the company inside: under a policy no full text index is used.
create function steward_articles_found(q text, published_only boolean, most integer) returns table (id uuid, rank real)
language sql stable security definer set search_path = public, pg_temp as $$
  with mine as (select nullif(current_setting('steward.company', true), '')::uuid as id),
       languages as (select distinct a.language from ticket_articles a, mine where a.company_id = mine.id),
       asked as (select l.language, replace(plainto_tsquery(l.language::regconfig, left(q, 5000))::text, ' & ', ' | ')::tsquery as query from languages l)
  select a.id, ts_rank(a.words, k.query) as rank from mine, asked k join ticket_articles a on a.language = k.language and a.words @@ k.query
   where a.company_id = mine.id and (not published_only or a.state = 'published')
   order by rank desc, a.id limit most
$$;
