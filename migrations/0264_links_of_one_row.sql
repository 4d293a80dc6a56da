-- A statement that inserts one row, as most do, looks its parent up and locks it as a foreign key would; the set-based check of 0260 is for
-- many. It alone needs settings, which cost as much as the look-up. What runs without them names its tables with their schema.

create function steward_link_check(child regclass, child_column name, parent regclass, constraint_name name) returns void language plpgsql as $$
begin
  execute format($f$
    create function %1$I(ids uuid[]) returns uuid language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $b$
    declare
      missing uuid;
    begin
      -- offset 0: one look-up a row by the primary key, however large the parent's table was when this was planned
      with others as materialized (
        select w.id from unnest(ids) as w(id) where not exists (select from public.%2$I p where p.id = w.id and p.xmin = pg_current_xact_id()::xid offset 0)
      ), held as materialized (
        select p.id from public.%2$I p where p.id = any (array(select o.id from others o)) order by p.id for key share
      )
      select o.id into missing from (select id from others except select id from held) o limit 1;
      return missing;
    end $b$ $f$, constraint_name || '_held', parent);
  execute format('revoke execute on function %I(uuid[]) from public', constraint_name || '_held');
  execute format($f$
    create or replace function %1$I() returns trigger language plpgsql security definer as $b$
    declare
      ids uuid[] := array(select f.%3$I from fresh f where f.%3$I is not null limit 2);
      missing uuid;
    begin
      if cardinality(ids) = 1 then
        perform from public.%4$I p where p.id = ids[1] for key share;
        if not found then missing := ids[1]; end if;
      elsif cardinality(ids) > 1 then
        missing := public.%6$I(array(select distinct f.%3$I from fresh f where f.%3$I is not null));
      end if;
      if missing is not null then
        raise exception 'insert or update on table "%2$s" violates foreign key constraint "%5$s"'
          using errcode = 'foreign_key_violation', table = %2$L, constraint = %5$L, detail = format('Key (%3$s)=(%%s) is not present in table "%4$s".', missing);
      end if;
      return null;
    end $b$ $f$, constraint_name || '_in', child, child_column, parent, constraint_name, constraint_name || '_held');
  execute format('alter function %I() reset all', constraint_name || '_in');
end $$;
revoke execute on function steward_link_check(regclass, name, regclass, name) from public;

select steward_link_check(child, child_column, parent, name) from steward_links();
