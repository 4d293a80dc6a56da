import type { Statement, Transaction } from '#core/database/database.ts';
import type { Case } from './learn.ts';

/** Days after a lead came at which it is looked at when the model learns: young and older leads are known as they were then. */
const AGES = [1, 7, 21, 45] as const;
/** A lead converts within so many days of the look, or counts as one that did not. */
export const HORIZON_DAYS = 60;
/** The newest leads teach; older ones came to another business. */
const MOST_LEADS = 15_000;
/** Sources that are told apart; the rest is one. */
const MOST_SOURCES = 8;
/** Nothing for so long is nothing. */
const SILENT_DAYS = 90;

/** What is known of a lead at a moment, in the order in which TOUCHES tells it. Only what was true then: what may be filled in later (a phone, an organisation) would give the answer away. */
const FIXED = ['age', 'imported', 'inbound', 'inbound_recent', 'outbound', 'visits', 'calls', 'silence'] as const;

/** How a feature is called where it is given as a reason. */
export const FEATURE_WORDS: Readonly<Record<(typeof FIXED)[number], readonly [more: string, less: string]>> = {
  age: ['Known for long', 'Came lately'],
  imported: ['Came by a file', 'Did not come by a file'],
  inbound: ['Has answered', 'Has not answered yet'],
  inbound_recent: ['Answered within 30 days', 'No answer within 30 days'],
  outbound: ['Was written to often', 'Was hardly written to'],
  visits: ['Looks at what we send', 'Does not look at what we send'],
  calls: ['Had a call or a meeting', 'Had no call or meeting'],
  silence: ['Silent for long', 'Was heard of lately'],
};

/** $2: the moment of each lead's look. Touches up to that moment only. */
const TOUCHES = `
  extract(epoch from look.at - l.created_at) / 86400 as age, l.imported::int as imported, coalesce(t.inbound, 0) as inbound, coalesce(t.recent, 0) as recent,
  coalesce(t.outbound, 0) as outbound, coalesce(t.visits, 0) as visits, coalesce(t.calls, 0) as calls,
  coalesce(extract(epoch from look.at - t.last) / 86400, ${SILENT_DAYS}) as silence
  from look join leads l on l.id = look.id and l.company_id = $1
  left join lateral (
    select count(*) filter (where i.direction = 'inbound' and i.type <> 'visit') as inbound, count(*) filter (where i.direction = 'inbound' and i.type <> 'visit' and i.created_at > look.at - interval '30 days') as recent,
           count(*) filter (where i.direction = 'outbound') as outbound, count(*) filter (where i.type = 'visit') as visits, count(*) filter (where i.type in ('call', 'meeting')) as calls,
           max(i.created_at) filter (where i.direction = 'inbound' and i.type <> 'visit') as last
      from interactions i where i.person_id = l.person_id and i.company_id = $1 and i.direction <> 'internal' and i.created_at <= look.at) t on true`;

/** Leads whose time was up by $2, as they were at each of AGES while they were still open, and whether they converted within the horizon. */
const PAST: Statement = {
  name: 'prediction.past',
  text: `with newest as (
           select id, created_at, converted_at from leads where company_id = $1 and created_at <= $2::timestamptz - interval '${HORIZON_DAYS + AGES[0]} days' order by created_at desc, id desc limit ${MOST_LEADS}),
         look as (
           select n.id, n.created_at + make_interval(days => k.days) as at, (n.converted_at is not null and n.converted_at <= n.created_at + make_interval(days => k.days + ${HORIZON_DAYS}))::int as y
             from newest n cross join unnest('{${AGES.join(',')}}'::int[]) as k (days)
            where n.created_at + make_interval(days => k.days + ${HORIZON_DAYS}) <= $2::timestamptz and (n.converted_at is null or n.converted_at > n.created_at + make_interval(days => k.days)))
         select l.id, look.y, extract(epoch from l.created_at) * 1000 as came, coalesce(l.source, '') as source, ${TOUCHES}`,
};
/** Open leads after $3, as they are at $2. */
const OPEN: Statement = {
  name: 'prediction.open',
  text: `with look as (select id, $2::timestamptz as at from leads where company_id = $1 and id > $3 and status not in ('converted', 'lost', 'unsubscribed') order by id limit 2000)
         select l.id, 0 as y, 0::float8 as came, coalesce(l.source, '') as source, ${TOUCHES} order by l.id`,
};

interface Row {
  readonly id: string;
  readonly y: 0 | 1;
  readonly came: number | string;
  readonly source: string;
  readonly age: number | string;
  readonly imported: number;
  readonly inbound: number | string;
  readonly recent: number | string;
  readonly outbound: number | string;
  readonly visits: number | string;
  readonly calls: number | string;
  readonly silence: number | string;
}

const SOURCE = 'source:';
export const sourceOf = (feature: string): string | null => (feature.startsWith(SOURCE) ? feature.slice(SOURCE.length) : null);

/** Counts on a logarithm: the tenth answer says less than the first. */
function valuesOf(row: Row, features: readonly string[]): number[] {
  const few = (value: number | string) => Math.log1p(Number(value));
  const values: Readonly<Record<(typeof FIXED)[number], number>> = {
    age: few(row.age),
    imported: row.imported,
    inbound: few(row.inbound),
    inbound_recent: few(row.recent),
    outbound: few(row.outbound),
    visits: few(row.visits),
    calls: few(row.calls),
    silence: few(Math.min(SILENT_DAYS, Math.max(0, Number(row.silence)))),
  };
  return features.map((feature) => {
    const source = sourceOf(feature);
    return source === null ? (values[FIXED.find((one) => one === feature) ?? 'age'] ?? 0) : Number(row.source === source);
  });
}

/** What there is to learn from, in features that this company's leads tell apart. */
export async function pastCases(
  tx: Transaction,
  companyId: string,
  now: Date,
): Promise<{ features: string[]; cases: (features: readonly string[]) => Case[] }> {
  const rows = await tx.query<Row>(PAST, [companyId, now]);
  const counted = [...Map.groupBy(rows, (row) => row.source)].filter(([source]) => source !== '').toSorted(([, a], [, b]) => b.length - a.length); // prettier-ignore
  return {
    features: [...FIXED, ...counted.slice(0, MOST_SOURCES).map(([source]) => `${SOURCE}${source}`)],
    cases: (features) => rows.map((row) => ({ x: valuesOf(row, features), y: row.y, came: Number(row.came) })),
  };
}

/** The next open leads, in the order of their ids. */
export async function openLeads(
  tx: Transaction,
  companyId: string,
  now: Date,
  after: string,
  features: readonly string[],
): Promise<{ id: string; x: number[] }[]> {
  return (await tx.query<Row>(OPEN, [companyId, now, after])).map((row) => ({ id: row.id, x: valuesOf(row, features) }));
}
