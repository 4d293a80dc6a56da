-- Who may act on this database: docs/adr/0027-held-boot.md. A copy of it knows nobody who opens it, so nothing of it acts until an admin says so.
alter table steward_instance
  -- moves with every release: whoever was admitted under an older one is fenced off
  add column epoch bigint not null default 1,
  -- the whole database is held: it was restored, put back, or somebody asked for it
  add column held_at timestamptz,
  add column held_because text check (held_because in ('restored', 'went_back', 'asked')),
  add column held_note text,
  -- of the backup that it was restored from: taken_at, reason, from (the machine and data directory it was taken on), key
  add column restored jsonb,
  -- goes up while anybody works: a home that remembers a higher one is looking at an older state of the database
  add column ticks bigint not null default 0,
  add column released_at timestamptz,
  add column released_by text,
  add constraint steward_instance_held check ((held_at is null) = (held_because is null));
update steward_instance set held_at = restored_at, held_because = 'restored' where restored_at is not null;

-- A data directory (or a named installation) together with the place where it found this database.
create table instance_seats (
  -- hash of the three below
  id text primary key,
  home text not null,
  -- what sets a directory apart from a copy of it
  mark text not null,
  -- which database, as PostgreSQL and as its address tell
  place text not null,
  -- for people: host and directory
  says text not null,
  -- the epoch it was admitted under; null: it was not
  epoch bigint,
  because text check (because in ('unknown', 'copied', 'moved', 'asked')),
  first_seen_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  admitted_at timestamptz,
  admitted_by text
);
alter table instance_seats enable row level security;
create policy system on instance_seats for all to steward_system using (true) with check (true);
revoke all on instance_seats from steward_app;

-- Called by every transaction that takes up work, before anything else in it. The lock is shared by all who work and lasts to the end of their
-- transaction; a release takes it alone, so that after it nobody of an older epoch commits anything. Each query in here sees what was committed
-- before it, also after the wait for the lock.
create function steward_fence(seat text) returns void
language plpgsql volatile set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(7365, 27);
  if not exists (select from steward_instance i join instance_seats s on s.epoch = i.epoch where s.id = seat and i.held_at is null) then
    raise exception 'this installation is held' using errcode = 'SW001';
  end if;
end $$;
revoke execute on function steward_fence(text) from public;
grant execute on function steward_fence(text) to steward_system;
