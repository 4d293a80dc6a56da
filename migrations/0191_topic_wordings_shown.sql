-- Which wording of a topic stood in a form's consent text, by key of the topic; a text of the form's own holds none.
alter table form_consents add column topic_versions jsonb not null default '{}';
