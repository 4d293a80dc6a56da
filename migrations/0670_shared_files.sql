-- A file on a person that the client sees on their page (docs/adr/0117-what-a-client-sees.md). Null: it stays in the house.
alter table person_files add column shared_at timestamptz;
-- serves the client's page: what they may see, newest first
create index person_files_shared on person_files (person_id, shared_at desc, id desc) where shared_at is not null;
-- What they sent themselves on their page, they may see there.
update person_files f set shared_at = f.created_at from onboarding_tasks t where t.file_id = f.id and t.company_id = f.company_id and t.owner = 'client';
