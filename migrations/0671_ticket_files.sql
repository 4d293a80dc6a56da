-- Files that a client sent with a word on their page (docs/adr/0117-what-a-client-sees.md). Those of mails stand in message_files.
create table ticket_entry_files (
  entry_id uuid not null references ticket_entries (id) on delete cascade,
  file_id uuid not null references person_files (id) on delete cascade,
  company_id uuid not null default nullif(current_setting('steward.company', true), '')::uuid references companies (id) on delete cascade,
  primary key (entry_id, file_id)
);
create index ticket_entry_files_file on ticket_entry_files (file_id);
create index ticket_entry_files_company on ticket_entry_files (company_id);
select steward_protect('ticket_entry_files');
