-- Consent by a form may ask for a mail to the address first: it counts once its reader has said yes there (docs/adr/0013-lawful-basis.md).
alter table forms add column confirm boolean not null default false;
alter table form_submissions
  add column confirmation text check (confirmation in ('asked', 'confirmed')),
  add column confirmed_at timestamptz;
