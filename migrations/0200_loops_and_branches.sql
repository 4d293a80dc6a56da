-- Loops and branches of runs (docs/adr/0014-loops-and-branches.md).

alter table runs
  -- the loops it is in: list, turn, results so far
  add column frames jsonb,
  -- the run that hears of its end
  add column parent_id uuid,
  -- place in the parent's journal of the attempt that waits for it
  add column parent_place integer,
  -- which branch of the parent's parallel step this is; null for a run of its own
  add column branch integer,
  -- how many runs started one another above it
  add column depth integer not null default 0;
create index runs_parent on runs (parent_id) where parent_id is not null;

-- Which turn of the loops around the step: 2.0
alter table run_steps add column turn text;

-- A branch goes with the run it belongs to, and takes its journal along.
create or replace function take_journal_along() returns trigger language plpgsql as $$
begin
  delete from run_steps s using gone where s.run_id = gone.id;
  -- fires for an empty set too: without the question it would call itself for ever
  if exists (select from gone) then
    delete from runs r using gone where r.parent_id = gone.id and r.branch is not null;
  end if;
  return null;
end $$;

-- Counts leave branches out and still read the index alone.
drop index runs_counts;
create index runs_counts on runs (workflow_id, state, step_id) include (branch);
