-- What the Today page and the dashboard count: runs that ended lately, attempts that failed. Partial, so that moving a run costs nothing.
create index runs_completed on runs (company_id, completed_at) where completed_at is not null;
create index run_steps_failed on run_steps (company_id, finished_at) where state in ('failed', 'lost');
