-- Counts by state leave branches out and still read the index alone.
drop index runs_state;
create index runs_state on runs (company_id, state, id) include (branch);
