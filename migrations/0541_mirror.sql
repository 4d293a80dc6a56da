-- What changed and is still to be written to Firestore, where a mirror is kept (docs/adr/0087-firestore-mirror.md). Ids alone: the row is read when it is written.
create table mirror_pending (
  -- the table
  collection text not null,
  document_id uuid not null,
  -- counts the changes: one that came while it was written is not lost
  version bigint not null default 1,
  changed_at timestamptz not null default clock_timestamp(),
  -- one process writes it until then
  held_until timestamptz,
  primary key (collection, document_id)
);
create index mirror_pending_due on mirror_pending (changed_at);
alter table mirror_pending enable row level security;
create policy system on mirror_pending for all to steward_system using (true) with check (true);
revoke all on mirror_pending from steward_app;

create table mirror_state (
  sole boolean primary key default true check (sole),
  -- where the mirror is, and of which installation: another one is filled anew
  place text not null,
  instance text not null,
  -- every row was noted once
  filled_at timestamptz,
  -- what Firestore holds and we don't was noted
  swept_at timestamptz,
  written bigint not null default 0,
  written_at timestamptz,
  failed_at timestamptz,
  error text
);
alter table mirror_state enable row level security;
create policy system on mirror_state for all to steward_system using (true) with check (true);
revoke all on mirror_state from steward_app;

-- Notes the rows of a statement, in the transaction that changes them. In one order, so that two such statements wait for each other and never deadlock.
create function steward_mirror_note() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into mirror_pending as p (collection, document_id) select tg_table_name, c.id from changed c group by c.id order by c.id
    on conflict (collection, document_id) do update set version = p.version + 1;
  return null;
end $$;
revoke execute on function steward_mirror_note() from public;

-- Sets up what notes changes of these tables, and takes it away from all others. Where nothing is mirrored, nothing runs.
create function steward_mirror(tables text[]) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  t record;
  done boolean := false;
begin
  for t in select c.relname as name, g.tgname as trigger from pg_trigger g join pg_class c on c.oid = g.tgrelid
            where g.tgfoid = 'steward_mirror_note()'::regprocedure and c.relname <> all (tables) loop
    execute format('drop trigger %I on %I', t.trigger, t.name);
    done := true;
  end loop;
  for t in select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = any (tables)
              and not exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgfoid = 'steward_mirror_note()'::regprocedure) loop
    execute format('create trigger mirror_insert after insert on %I referencing new table as changed for each statement execute function steward_mirror_note()', t.name);
    execute format('create trigger mirror_update after update on %I referencing new table as changed for each statement execute function steward_mirror_note()', t.name);
    execute format('create trigger mirror_delete after delete on %I referencing old table as changed for each statement execute function steward_mirror_note()', t.name);
    done := true;
  end loop;
  return done;
end $$;
revoke execute on function steward_mirror(text[]) from public;
grant execute on function steward_mirror(text[]) to steward_system;
