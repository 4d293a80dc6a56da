-- Since when an attempt is worked on. One that found it has to wait (until somebody is back in the office) began earlier, and that time is no work.
alter table run_steps add column worked_from timestamptz;
