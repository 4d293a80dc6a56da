-- A report for a client is a document: page, PDF, slides and links are those of its document, and both go together. Reports of before get theirs when somebody asks for it.
alter table reports add column document_id uuid references documents (id) on delete cascade;
create unique index reports_document on reports (document_id) where document_id is not null;
