-- How an entry stands in the host's calendar, where somebody moved it or took it out there. Null: as it was entered.
alter table calls add column entry_found jsonb, add column entry_looked_at timestamptz;
-- serves the round that looks at entries of calls to come
create index calls_to_look on calls (entry_looked_at nulls first) where state = 'planned' and entry = 'there';
