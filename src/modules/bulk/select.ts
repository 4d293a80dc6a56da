import type { Clock } from '#core/clock.ts';
import type { Transaction } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { leadsWhere, named, type LeadFilter } from '#modules/leads/public.ts';
import { peopleFound, type PeopleFilter } from '#modules/people/public.ts';

/** Which rows are meant: named ones, or all that a filter finds. */
export interface Selection {
  readonly leadIds?: readonly string[] | undefined;
  readonly personIds?: readonly string[] | undefined;
  readonly filter?: LeadFilter | undefined;
  readonly peopleFilter?: PeopleFilter | undefined;
}

const fragment = (text: string, values: readonly unknown[]) => ({ text, values });

/** `select id, person_id …` of the rows; `$1` is the company. @throws InvalidInput */
export function selected(noun: 'leads' | 'people', selection: Selection, clock: Clock) {
  const { leadIds, personIds, filter, peopleFilter } = selection;
  if ([leadIds, personIds, filter, peopleFilter].filter((one) => one !== undefined).length !== 1)
    throw new InvalidInput('Say which rows in one way: lead_ids, person_ids, filter or people_filter', {
      fields: [{ path: 'filter', message: 'or lead_ids, or person_ids' }],
    });
  if (noun === 'people') {
    if (peopleFilter !== undefined) {
      const found = peopleFound(peopleFilter, 2);
      return {
        ...fragment(
          `select p.id, p.id as person_id from (${found.text}) as found join people p on p.id = found.id where p.company_id = $1`,
          found.values,
        ),
        asked: null,
      };
    }
    if (personIds === undefined)
      throw new InvalidInput('People are named by person_ids or people_filter', {
        fields: [{ path: 'person_ids', message: 'is missing' }],
      });
    return {
      ...fragment('select p.id, p.id as person_id from people p where p.company_id = $1 and p.id = any($2::uuid[])', [personIds]),
      asked: new Set(personIds).size,
    };
  }
  if (peopleFilter !== undefined)
    throw new InvalidInput('people_filter finds people; leads are found by filter', {
      fields: [{ path: 'people_filter', message: 'is for people' }],
    });
  if (leadIds !== undefined)
    return {
      ...fragment('select l.id, l.person_id from leads l where l.company_id = $1 and l.id = any($2::uuid[])', [leadIds]),
      asked: new Set(leadIds).size,
    };
  if (personIds !== undefined)
    return {
      ...fragment('select l.id, l.person_id from leads l where l.company_id = $1 and l.person_id = any($2::uuid[])', [personIds]),
      asked: null,
    };
  const where = leadsWhere(filter ?? {}, clock, 1);
  return {
    ...fragment(
      `select l.id, l.person_id from leads l join people p on p.id = l.person_id where l.company_id = $1${where.text === '' ? '' : ` and ${where.text}`}`,
      where.values,
    ),
    asked: null,
  };
}

/** Puts the rows on the journal. Answers how many. @throws NotFound when a named row is not there */
export async function keepRows(tx: Transaction, companyId: string, changeId: string, rows: ReturnType<typeof selected>): Promise<number> {
  const place = rows.values.length + 2;
  const insert = named(
    'bulk.keep',
    `with meant as (${rows.text}), kept as (
        insert into bulk_change_rows (company_id, change_id, row_id, person_id) select $1, $${place}::uuid, id, person_id from meant returning 1
      ) select count(*)::int as n from kept`,
  );
  const [kept] = await tx.query<{ n: number }>(insert, [companyId, ...rows.values, changeId]);
  const n = kept?.n ?? 0;
  if (rows.asked !== null && rows.asked !== n) throw new NotFound('Some of these rows do not exist; read the list again');
  return n;
}
