-- Effects that are due at one moment are done in the order of their keys (the order of their runs), so that a limit lets the same ones go in a
-- rehearsal and in earnest.
drop index effects_due;
create index effects_due on effects (kind, company_id, due_at, key collate "C") where state = 'reserved' and not held;
