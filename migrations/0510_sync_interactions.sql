-- Meetings, calls, notes and mail of other programs stand on the timeline of whom they were with.
alter table sync_sources drop constraint sync_sources_kind_check;
alter table sync_sources add constraint sync_sources_kind_check check (kind in ('people', 'organisations', 'deals', 'interactions'));

-- person_id stands beside it: who is erased takes the link along
alter table sync_links add column interaction_id uuid references interactions (id) on delete set null;
create index sync_links_interaction on sync_links (interaction_id) where interaction_id is not null;
