import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { cut, tidy } from '#modules/people/public.ts';
import { dealKey } from './key.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import type { StageKind } from './tables.ts';

const name = (text: string, most: number) => cut(tidy(text), most);

const OWNERS: Statement = {
  name: 'deals.ensure.owners',
  text: `with wanted as (
      select e.id, e.name, e.key, e.email, u.id as user_id from jsonb_to_recordset($2::jsonb) as e(id uuid, name text, key text, email text)
        left join users u on u.company_id = $1 and e.email is not null and lower(u.email) = e.email
    ) insert into deal_owners as o (id, company_id, name, name_key, email, user_id, created_at, updated_at)
      select w.id, $1, w.name, w.key, w.email, case when exists (select from deal_owners t where t.company_id = $1 and t.user_id = w.user_id) then null else w.user_id end, $3, $3 from wanted w
      on conflict (company_id, name_key) do update set email = coalesce(o.email, excluded.email)
      returning o.id, o.name_key as key`,
};
const BY_EMAIL: Statement = {
  name: 'deals.ensure.owners_by_email',
  text: 'select id, email from deal_owners where company_id = $1 and email = any($2::text[])',
};

/** Finds or makes those who sell; by address first, then by name. Ids by `dealKey` of the name. */
export async function ensureOwners(
  tx: Transaction,
  companyId: string,
  owners: readonly { readonly name: string; readonly email?: string | null }[],
  at: Date,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const emails = owners.flatMap(({ email }) => (email === null || email === undefined ? [] : [email.toLowerCase()]));
  const byEmail = emails.length === 0 ? [] : await tx.query<{ id: string; email: string }>(BY_EMAIL, [companyId, emails]);
  const known = new Map(byEmail.map((row) => [row.email, row.id]));
  const wanted = new Map<string, { id: string; name: string; key: string; email: string | null }>();
  for (const owner of owners) {
    const key = dealKey(owner.name);
    const email = owner.email?.toLowerCase() ?? null;
    const old = email === null ? undefined : known.get(email);
    if (old !== undefined) found.set(key, old);
    else if (key !== '') wanted.set(key, { id: newId(), name: name(owner.name, 200), key, email });
  }
  if (wanted.size === 0) return found;
  const rows = [...wanted.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const row of await tx.query<{ id: string; key: string }>(OWNERS, [companyId, JSON.stringify(rows), at])) found.set(row.key, row.id);
  return found;
}

const OF_USER: Statement = { name: 'deals.ensure.of_user', text: 'select id from deal_owners where company_id = $1 and user_id = $2' };
const USER_AS_OWNER: Statement = {
  name: 'deals.ensure.user_as_owner',
  text: `insert into deal_owners as o (id, company_id, name, name_key, email, user_id, created_at, updated_at)
         select $3, $1, u.name, lower(regexp_replace(u.name, '\\s+', ' ', 'g')), lower(u.email), u.id, $4, $4
           from (select id, email, left(coalesce(nullif(trim(full_name), ''), username), 200) as name from users where company_id = $1 and id = $2) u
         on conflict (company_id, name_key) do update set user_id = coalesce(o.user_id, excluded.user_id) returning id`,
};

/** The owner that a user is; made when there is none yet. Null: no such user. */
export async function ownerOfUser(tx: Transaction, companyId: string, userId: string, at: Date): Promise<string | null> {
  const [known] = await tx.query<{ id: string }>(OF_USER, [companyId, userId]);
  if (known !== undefined) return known.id;
  const [made] = await tx.query<{ id: string }>(USER_AS_OWNER, [companyId, userId, newId(), at]);
  return made?.id ?? null;
}

const PRODUCTS: Statement = {
  name: 'deals.ensure.products',
  text: `insert into products (id, company_id, name, name_key, currency, created_at, updated_at)
         select e.id, $1, e.name, e.key, $3, $4, $4 from jsonb_to_recordset($2::jsonb) as e(id uuid, name text, key text)
         on conflict (company_id, name_key) do update set name_key = excluded.name_key returning id, name_key as key`,
};

/** Finds or makes products by name, without a price. Ids by `dealKey`. */
export async function ensureProducts(tx: Transaction, companyId: string, names: readonly string[], at: Date): Promise<Map<string, string>> {
  const wanted = new Map(names.map((one) => [dealKey(one), name(one, 200)]));
  wanted.delete('');
  if (wanted.size === 0) return new Map();
  const rows = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, text]) => ({ id: newId(), name: text, key }));
  const currency = await companyCurrency(tx, companyId);
  const made = await tx.query<{ id: string; key: string }>(PRODUCTS, [companyId, JSON.stringify(rows), currency, at]);
  return new Map(made.map((row) => [row.key, row.id]));
}

const PIPELINE: Statement = {
  name: 'deals.ensure.pipeline',
  text: `insert into deal_pipelines (id, company_id, name, name_key, position, created_at, updated_at)
         select $2, $1, $3, $4, coalesce((select max(position) + 1 from deal_pipelines where company_id = $1), 0), $5, $5
         on conflict (company_id, name_key) do update set name_key = excluded.name_key returning id`,
};
const FIRST_PIPELINE: Statement = {
  name: 'deals.ensure.first_pipeline',
  text: 'select id from deal_pipelines where company_id = $1 order by position, created_at, id limit 1',
};
const STAGES: Statement = {
  name: 'deals.ensure.stages',
  text: `with last as (select coalesce(max(position), 0) as at from deal_stages where pipeline_id = $2 and company_id = $1)
    insert into deal_stages (id, company_id, pipeline_id, name, name_key, kind, probability, position, created_at, updated_at)
    select e.id, $1, $2, e.name, e.key, e.kind, e.probability, last.at + e.place, $4, $4
      from jsonb_to_recordset($3::jsonb) as e(id uuid, name text, key text, kind text, probability smallint, place integer), last
    on conflict (pipeline_id, name_key) do update set name_key = excluded.name_key returning id, name_key as key`,
};
/** Open stages come before those where a deal ends. */
const SORT: Statement = {
  name: 'deals.ensure.sort',
  text: `update deal_stages s set position = o.place from (
      select id, row_number() over (order by case kind when 'open' then 0 when 'won' then 1 else 2 end, position, id) as place
        from deal_stages where pipeline_id = $2 and company_id = $1) o
    where s.id = o.id and s.position <> o.place`,
};

export interface WantedStage {
  readonly name: string;
  readonly kind: StageKind;
  /** Per cent; default: 50 of an open stage. */
  readonly probability?: number;
}

/** The pipeline that comes first. */
export async function firstPipeline(tx: Transaction, companyId: string, at: Date): Promise<string> {
  const [row] = await tx.query<{ id: string }>(FIRST_PIPELINE, [companyId]);
  return row?.id ?? (await ensurePipeline(tx, companyId, { name: 'Sales' }, at)).id;
}

/** Finds or makes a pipeline by name (or takes the one with `id`) and the stages it lacks. Stage ids by `dealKey`. */
export async function ensurePipeline(
  tx: Transaction,
  companyId: string,
  wanted: { readonly name: string; readonly id?: string; readonly stages?: readonly WantedStage[] },
  at: Date,
): Promise<{ readonly id: string; readonly stages: ReadonlyMap<string, string> }> {
  const [row] =
    wanted.id === undefined
      ? await tx.query<{ id: string }>(PIPELINE, [companyId, newId(), name(wanted.name, 100), dealKey(wanted.name), at])
      : [{ id: wanted.id }];
  if (row === undefined) throw new Error('a pipeline that was just made is gone');
  const stages = (wanted.stages ?? []).map((stage, index) => ({
    id: newId(),
    name: name(stage.name, 100),
    key: dealKey(stage.name),
    kind: stage.kind,
    probability: stage.kind === 'won' ? 100 : stage.kind === 'lost' ? 0 : (stage.probability ?? 50),
    place: index + 1,
  }));
  if (stages.length === 0) return { id: row.id, stages: new Map() };
  const made = await tx.query<{ id: string; key: string }>(STAGES, [companyId, row.id, JSON.stringify(stages), at]);
  await tx.query(SORT, [companyId, row.id]);
  return { id: row.id, stages: new Map(made.map((stage) => [stage.key, stage.id])) };
}

const PRICES: Statement = {
  name: 'deals.ensure.prices',
  text: `with wanted as (select * from jsonb_to_recordset($2::jsonb) as e(id uuid, name text, key text, series text, price bigint, currency text)),
    before as (select p.name_key, p.series, p.price_cents, p.currency from products p join wanted w on w.key = p.name_key where p.company_id = $1),
    done as (
      insert into products as p (id, company_id, name, name_key, series, price_cents, currency, created_at, updated_at)
      select id, $1, name, key, series, price, currency, $3, $3 from wanted
      on conflict (company_id, name_key) do update set series = coalesce(excluded.series, p.series), price_cents = coalesce(excluded.price_cents, p.price_cents),
        currency = case when excluded.price_cents is null then p.currency else excluded.currency end, updated_at = excluded.updated_at
        where p.series is distinct from coalesce(excluded.series, p.series) or p.price_cents is distinct from coalesce(excluded.price_cents, p.price_cents)
      returning name_key)
    select (select count(*)::int from done d where not exists (select from before b where b.name_key = d.name_key)) as created,
           (select count(*)::int from done d where exists (select from before b where b.name_key = d.name_key)) as changed`,
};

/** A price list: products are made or get their price. */
export async function ensureProductPrices(
  tx: Transaction,
  companyId: string,
  list: readonly {
    readonly name: string;
    readonly series: string | null;
    readonly priceCents: number | null;
    readonly currency: string | null;
  }[],
  at: Date,
): Promise<{ readonly created: number; readonly changed: number }> {
  const currency = await companyCurrency(tx, companyId);
  const wanted = new Map(
    list.map((one) => [
      dealKey(one.name),
      {
        id: newId(),
        name: name(one.name, 200),
        key: dealKey(one.name),
        series: one.series,
        price: one.priceCents,
        currency: one.currency ?? currency,
      },
    ]),
  );
  const rows = [...wanted.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const [done] = await tx.query<{ created: number; changed: number }>(PRICES, [companyId, JSON.stringify(rows), at]);
  return done ?? { created: 0, changed: 0 };
}
