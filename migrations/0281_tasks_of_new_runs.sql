-- A run that takes its first steps in the transaction that starts it is written after them: the tasks they make point to it by the commit.
alter table tasks alter constraint tasks_run_id_fkey deferrable initially deferred;
