import type { Statement, Transaction } from '#core/database/database.ts';

/** A table that points to leads: with the lead its rows go, too, or only lose their link. */
interface Link {
  readonly table: string;
  readonly column: string;
  readonly goes: boolean;
  /** All that can be written. */
  readonly columns: string;
}

/** From the catalogue, so that a table that a module brings tomorrow is brought back, too. */
const LINKS: Statement = {
  name: 'bulk.links',
  text: `select c.conrelid::regclass::text as "table", quote_ident(a.attname) as "column", c.confdeltype = 'c' as goes,
           (select string_agg(quote_ident(w.attname), ', ' order by w.attnum) from pg_attribute w where w.attrelid = c.conrelid and w.attnum > 0 and not w.attisdropped and w.attgenerated = '') as columns
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
   where c.contype = 'f' and c.confrelid = 'leads'::regclass and array_length(c.conkey, 1) = 1 and c.confdeltype in ('c', 'n') order by 1, 2`,
};
const LEAD_COLUMNS: Statement = {
  name: 'bulk.links.columns',
  text: `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute where attrelid = 'leads'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
};

const keyOf = (link: Link) => `${link.table}.${link.column}`;

/** Each lead with all that hangs on it, as JSON by lead. */
export async function copyLeads(tx: Transaction, companyId: string, ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const links = await tx.query<Link>(LINKS, []);
  const parts = links.map((link) => {
    const what = link.goes ? 'to_jsonb(x)' : 'x.id';
    return `'${keyOf(link)}', (select coalesce(jsonb_agg(${what}), '[]') from ${link.table} x where x.${link.column} = l.id and x.company_id = l.company_id)`;
  });
  const text = `select l.id, jsonb_build_object('lead', to_jsonb(l), ${parts.join(', ')}) as before
    from leads l where l.company_id = $1 and l.id = any($2::uuid[]) order by l.id for update of l`;
  const copies = await tx.query<{ id: string; before: unknown }>({ name: `bulk.links.copy.${links.length}`, text }, [companyId, ids]);
  return new Map(copies.map((row) => [row.id, row.before]));
}

/**
 * Puts leads back from their copies. Left out: whose person is gone, or is a lead again (leads_current allows one). Answers those that are
 * back. `entries`: JSON of [{row_id, person_id, before}].
 */
export async function restoreLeads(tx: Transaction, companyId: string, entries: string): Promise<{ id: string; personId: string }[]> {
  const [leads] = await tx.query<{ columns: string }>(LEAD_COLUMNS, []);
  const columns = leads?.columns ?? '';
  const owner = `coalesce((select to_jsonb(u.id) from users u where u.id = (e.before -> 'lead' ->> 'owner_id')::uuid and u.company_id = $1), 'null')`;
  const back = await tx.query<{ id: string; personId: string }>(
    {
      name: 'bulk.links.restore',
      text: `insert into leads (${columns}) select ${columns} from (
               select (jsonb_populate_record(null::leads, jsonb_set(e.before -> 'lead', '{owner_id}', ${owner}))).*
                 from jsonb_to_recordset($2::jsonb) as e(row_id uuid, person_id uuid, before jsonb)
                where exists (select from people p where p.id = e.person_id and p.company_id = $1)) old
              where company_id = $1 on conflict do nothing returning id, person_id as "personId"`,
    },
    [companyId, entries],
  );
  const ids = back.map((row) => row.id);
  for (const link of await tx.query<Link>(LINKS, [])) {
    const key = keyOf(link);
    const text = link.goes
      ? `insert into ${link.table} (${link.columns}) select ${link.columns
          .split(', ')
          .map((name) => `old.${name}`)
          .join(', ')} from jsonb_to_recordset($2::jsonb) as e(row_id uuid, before jsonb),
           jsonb_populate_recordset(null::${link.table}, e.before -> '${key}') old
         where e.row_id = any($3::uuid[]) and old.company_id = $1 on conflict do nothing`
      : `update ${link.table} x set ${link.column} = e.row_id from jsonb_to_recordset($2::jsonb) as e(row_id uuid, before jsonb)
          where x.company_id = $1 and x.${link.column} is null and e.row_id = any($3::uuid[])
            and x.id = any (select value::uuid from jsonb_array_elements_text(e.before -> '${key}'))`;
    await tx.query({ name: `bulk.links.${key}`.slice(0, 60), text }, [companyId, entries, ids]);
  }
  return back;
}
