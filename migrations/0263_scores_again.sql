-- The pass over all leads goes by the moment they were made. Leads that come with an older moment than it has reached (brought by SQL, put
-- back, or committed long after their moment) were never scored: the pass begins anew now and then, and works out only what is missing.
alter table score_models add column passed_at timestamptz not null default 'epoch';
