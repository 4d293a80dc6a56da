-- Lists newest first are read backwards from indexes that grow at their end. An index that grows at its beginning takes each new row
-- by a search from the root and splits its pages in half; an import of a million rows pays that in ten indexes.

drop index people_recent;
create index people_recent on people (company_id, created_at, id);
drop index people_changed;
create index people_changed on people (company_id, updated_at, id);
drop index people_organisation;
create index people_organisation on people (organisation_id, created_at, id) where organisation_id is not null;
drop index leads_recent;
create index leads_recent on leads (company_id, created_at, id);
drop index leads_changed;
create index leads_changed on leads (company_id, updated_at, id);
drop index leads_status;
create index leads_status on leads (company_id, status, created_at, id);
drop index leads_source;
create index leads_source on leads (company_id, source, created_at, id);
drop index leads_touched;
create index leads_touched on leads (company_id, last_touch_at, id);
drop index consent_log_person;
create index consent_log_person on consent_log (person_id, created_at, id);

