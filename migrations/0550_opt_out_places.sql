-- The journal of opt-outs is read in the order in which it was written, whatever the clock said meanwhile: a clock that is set back
-- makes no line look older than one before it, and none is passed over.
create sequence opt_out_journal_place as bigint;

-- A transaction has its number before its line has a place. So a reader knows who may still hold a place below those it sees: nobody
-- whose number is above the one that it takes itself afterwards (modules/people/erasure/replay.ts).
create function steward_journal_place() returns bigint language plpgsql as $$
begin
  perform pg_current_xact_id();
  return nextval('opt_out_journal_place');
end $$;

alter table opt_out_journal add column place bigint;
update opt_out_journal j set place = ordered.place
  from (select id, row_number() over (order by at, id) as place from opt_out_journal) ordered where ordered.id = j.id;
select setval('opt_out_journal_place', (select coalesce(max(place), 0) + 1 from opt_out_journal), false);
alter table opt_out_journal alter column place set not null, alter column place set default steward_journal_place();
alter sequence opt_out_journal_place owned by opt_out_journal.place;

drop index opt_out_journal_order;
create unique index opt_out_journal_order on opt_out_journal (place);
drop index opt_out_journal_hash;
create index opt_out_journal_hash on opt_out_journal (company_id, address_hash, place);
