-- Those that wait, told in words that no other index is told in. As `state = 'reserved' and not held` the list of the open ones served them too, and where
-- statistics are from a time when nothing waited the planner took that one, and sorted all that waits for each round of ten.
create index effects_waiting on effects (kind, company_id, due_at, key collate "C") where (case when held then 'held' else state end) = 'reserved';
drop index effects_due;
