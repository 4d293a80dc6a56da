import type { Statement, Transaction } from '#core/database/database.ts';
import type { CustomValue } from './custom/field.ts';

/** Which people; every part given must hold. What lists, counts and bulk changes share. */
export interface PeopleFilter {
  readonly q?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly segmentId?: string | undefined;
  /** Everybody must carry all of them. */
  readonly tagIds?: readonly string[] | undefined;
  readonly optedOut?: boolean | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdTo?: Date | undefined;
  /** Equality, by key. */
  readonly custom?: Readonly<Record<string, CustomValue>> | undefined;
}

/** The filter as the function steward_find_people takes it: see migrations/0131. */
export function wantedOf(filter: PeopleFilter): string {
  const { q, ownerId, organisationId, segmentId, tagIds, optedOut, createdFrom, createdTo, custom } = filter;
  return JSON.stringify({
    q,
    owner_id: ownerId,
    organisation_id: organisationId,
    segment_id: segmentId,
    tag_id: tagIds,
    opted_out: optedOut,
    created_from: createdFrom,
    created_to: createdTo,
    custom,
  });
}

/** Does it ask for what only steward_find_people can look at? */
export function needsFind({ q, custom, tagIds, segmentId }: PeopleFilter): boolean {
  return (
    (q !== undefined && q.trim() !== '') || Object.keys(custom ?? {}).length > 0 || (tagIds?.length ?? 0) > 0 || segmentId !== undefined
  );
}

/** All that a filter may find, for those who change them by the set. */
const ALL = 10_000_000;

/** `select id` of everybody found; the company is the transaction's own. `place` is the number of the one value. */
export function peopleFound(filter: PeopleFilter, place: number, most = ALL) {
  return {
    text: `select hit.id from steward_find_people($${place}::jsonb, '-created_at', null, null, ${most}) as hit(id)`,
    values: [wantedOf(filter)],
  };
}

const ALL_OF: Statement = {
  name: 'people.count.all',
  text: 'select count(*)::int as n from (select 1 from people where company_id = $1 limit $2) as hit',
};

/** Counts to `most` and stops there. */
export async function countPeople(tx: Transaction, companyId: string, filter: PeopleFilter, most: number): Promise<number> {
  const found = peopleFound(filter, 1, most);
  const plain = Object.values(filter).every((one) => one === undefined);
  const [row] = plain
    ? await tx.query<{ n: number }>(ALL_OF, [companyId, most])
    : await tx.query<{ n: number }>(
        { name: `people.count.${most}`, text: `select count(*)::int as n from (${found.text}) as hit` },
        found.values,
      );
  return row?.n ?? 0;
}
