-- A quote holds until a day, and its client answers it on their page: by which name, when and whence is kept, as with proposals.
alter table invoices
  add column valid_until date,
  -- when the day after valid_until begins for the company
  add column lapses_at timestamptz,
  -- the event was told
  add column lapse_told_at timestamptz,
  add constraint invoices_valid_until_check check (valid_until is null or kind = 'quote');
-- serves the look for quotes that lapsed
create index invoices_lapsing on invoices (lapses_at) where kind = 'quote' and state = 'issued' and lapses_at is not null and lapse_told_at is null;

create table quote_answers (
  invoice_id uuid primary key references invoices (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  answer text not null check (answer in ('accepted', 'declined')),
  -- as typed by the client; null: one of us noted it
  name text,
  reason text not null default '',
  -- of what stood on the quote
  sha256 text not null,
  total_cents bigint not null,
  currency text not null,
  ip text,
  user_agent text,
  -- users.id
  noted_by uuid references users (id) on delete set null,
  answered_at timestamptz not null default date_trunc('milliseconds', now())
);
create index quote_answers_of_company on quote_answers (company_id);
create index quote_answers_of_user on quote_answers (noted_by) where noted_by is not null;
select steward_protect('quote_answers');
