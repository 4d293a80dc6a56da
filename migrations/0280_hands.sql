-- Which worker has a run's step in hand, so that the steps of one that is gone are taken over as soon as that is known, not when a heartbeat of the queue runs out.
alter table runs add column held_by uuid;
create index runs_held on runs (held_by) where held_by is not null;
