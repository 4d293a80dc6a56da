-- References of the tables that imports fill, checked a statement instead of a row (docs/adr/0020-links.md).
--
-- A foreign key looks its parent up, locks it and writes the lock to the log for each row: 20 of the 110 µs that PostgreSQL spent on a
-- row of an import. A link promises the same: no row points to a parent that is not there, the parent stays until the transaction that
-- points to it ends, and a parent that goes takes its rows along or is forgotten by them. Parents that the transaction itself made are
-- looked up, not locked: nobody else can see them. SECURITY DEFINER as foreign keys are: neither rights nor policies hide a row from it.

create function steward_link(child regclass, child_column name, parent regclass, on_delete text, constraint_name name)
returns void language plpgsql as $$
declare
  base text := constraint_name;
  going text := case on_delete
    when 'cascade' then format('delete from %s where %I = any (array(select id from gone))', child, child_column)
    when 'set null' then format('update %s set %I = null where %I = any (array(select id from gone))', child, child_column, child_column) end;
begin
  if going is null then raise exception 'on_delete is cascade or set null'; end if;
  execute format($f$
    create function %1$I() returns trigger language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $b$
    declare
      missing uuid;
    begin
      -- offset 0: one look-up a row by the primary key, however large the parent's table was when this was planned
      with others as materialized (
        select w.id from (select distinct f.%3$I as id from fresh f where f.%3$I is not null) w
         where not exists (select from %4$s p where p.id = w.id and p.xmin = pg_current_xact_id()::xid offset 0)
      ), held as materialized (
        select p.id from %4$s p where p.id = any (array(select o.id from others o)) order by p.id for key share
      )
      select o.id into missing from (select id from others except select id from held) o limit 1;
      if missing is not null then
        raise exception 'insert or update on table "%2$s" violates foreign key constraint "%5$s"'
          using errcode = 'foreign_key_violation', table = %2$L, constraint = %5$L, detail = format('Key (%3$s)=(%%s) is not present in table "%4$s".', missing);
      end if;
      return null;
    end $b$ $f$, base || '_in', child, child_column, parent, constraint_name);
  execute format('create trigger %I after insert on %s referencing new table as fresh for each statement execute function %I(%L, %L, %L)',
    base || '_in', child, base || '_in', child_column, parent, on_delete);
  execute format($f$
    create function %1$I() returns trigger language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $b$
    begin
      perform from %4$s p where p.id = new.%3$I for key share;
      if not found then
        raise exception 'insert or update on table "%2$s" violates foreign key constraint "%5$s"'
          using errcode = 'foreign_key_violation', table = %2$L, constraint = %5$L, detail = format('Key (%3$s)=(%%s) is not present in table "%4$s".', new.%3$I);
      end if;
      return null;
    end $b$ $f$, base || '_moved', child, child_column, parent, constraint_name);
  execute format('create trigger %I after update on %s for each row when (new.%I is distinct from old.%I and new.%I is not null) execute function %I()',
    base || '_moved', child, child_column, child_column, child_column, base || '_moved');
  execute format($f$
    create function %1$I() returns trigger language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $b$
    begin
      %2$s;
      return null;
    end $b$ $f$, base || '_gone', going);
  execute format('create trigger %I after delete on %s referencing old table as gone for each statement execute function %I()',
    base || '_gone', parent, base || '_gone');
  if not exists (select from pg_trigger where tgrelid = parent and tgname = 'id_stays') then
    execute format('create trigger id_stays before update of id on %s for each row when (old.id <> new.id) execute function steward_id_stays()', parent);
  end if;
end $$;
revoke execute on function steward_link(regclass, name, regclass, text, name) from public;

create function steward_id_stays() returns trigger language plpgsql as $$
begin
  raise exception 'the id of a row of % never changes', tg_table_name using errcode = 'restrict_violation';
end $$;

-- For whoever reads foreign keys out of the catalogue.
create function steward_links() returns table (child regclass, name name, child_column name, parent regclass, on_delete text) language sql stable as $$
  select tgrelid::regclass, substring(tgname from '^(.*)_in$')::name, args[1]::name, args[2]::regclass, args[3]
    from (select tgrelid, tgname, string_to_array(encode(tgargs, 'escape'), '\000') as args from pg_trigger
           where not tgisinternal and tgnargs = 3 and tgname like '%\_fkey\_in') link
$$;

-- Rows that point to nothing: for a restore, which loads tables with their triggers switched off.
create function steward_check_links() returns void language plpgsql as $$
declare
  link record;
  missing uuid;
begin
  for link in select * from steward_links() loop
    execute format('select c.%I from %s c where c.%I is not null and not exists (select from %s p where p.id = c.%I) limit 1',
      link.child_column, link.child, link.child_column, link.parent, link.child_column) into missing;
    if missing is not null then
      raise exception 'table "%" points to % = %, which is not present in table "%"', link.child, link.child_column, missing, link.parent
        using errcode = 'foreign_key_violation', constraint = link.name;
    end if;
  end loop;
end $$;
revoke execute on function steward_check_links() from public;

do $$
declare
  key record;
begin
  for key in
    select c.conname, c.conrelid::regclass as child, a.attname as child_column, c.confrelid::regclass as parent,
           case c.confdeltype when 'c' then 'cascade' when 'n' then 'set null' end as on_delete
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.conrelid = any (array['people', 'person_emails', 'leads', 'consent_log', 'consent_state']::regclass[])
     order by c.conrelid, c.conname
  loop
    execute format('alter table %s drop constraint %I', key.child, key.conname);
    perform steward_link(key.child, key.child_column, key.parent, key.on_delete, key.conname);
  end loop;
end $$;

-- An entry of the log goes with its person only; the state that rests on it is found by that person, so that it needs no index of its own.
create or replace function consent_state_log_id_fkey_gone() returns trigger
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
begin
  delete from consent_state s where s.person_id = any (array(select person_id from gone)) and s.log_id = any (array(select id from gone));
  return null;
end $$;
drop index consent_state_log;
