-- More people than this enter a workflow that sends commercial mail only with a rehearsal that still holds; null: never asked for.
alter table sending add column rehearse_above integer default 200 check (rehearse_above >= 0);
