-- The public page of a company's published articles (docs/adr/0118-help-page.md). No row: there is none.
create table help_pages (
  company_id uuid primary key default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  -- its address: /help/<slug>, one for the whole installation
  slug text not null constraint help_pages_slug unique,
  open boolean not null default false,
  updated_at timestamptz not null default date_trunc('milliseconds', now())
);
select steward_protect('help_pages');

-- Whether an article helped. The voter is a keyed hash of where the vote came from and the day: a second one of the day changes the first, and nobody can be told from it.
create table article_votes (
  article_id uuid not null references ticket_articles (id) on delete cascade,
  voter text not null,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  helpful boolean not null,
  created_at timestamptz not null default date_trunc('milliseconds', now()),
  primary key (article_id, voter)
);
create index article_votes_company on article_votes (company_id);
select steward_protect('article_votes');
