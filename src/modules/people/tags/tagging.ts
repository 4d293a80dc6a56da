import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { tagKey, upsertTags } from './tag.ts';

/** Ids of other companies and of nobody are passed over: both sides are joined within the company. */
const ADD: Statement = {
  name: 'people.tag',
  text: `insert into person_tags (company_id, person_id, tag_id, created_at)
         select $1, p.id, t.id, $4 from people p join tags t on t.company_id = $1 and t.id = any($3::uuid[])
          where p.company_id = $1 and p.id = any($2::uuid[])
          order by p.id, t.id
         on conflict (person_id, tag_id) do nothing
         returning person_id as "personId"`,
};

const REMOVE: Statement = {
  name: 'people.untag',
  text: `delete from person_tags pt using tags t
          where t.id = pt.tag_id and t.company_id = $1 and t.name_key = any($3::text[])
            and pt.company_id = $1 and pt.person_id = any($2::uuid[])
         returning pt.person_id as "personId"`,
};

const distinct = (rows: readonly { readonly personId: string }[]): string[] => [...new Set(rows.map((row) => row.personId))];

/** Gives people these tags, making tags that are new. Set-based, any role. Answers the people who got at least one. */
export async function tagPersons(
  tx: Transaction,
  companyId: string,
  personIds: readonly string[],
  names: readonly string[],
  at: Date,
): Promise<string[]> {
  if (personIds.length === 0) return [];
  const known = await upsertTags(tx, companyId, names, at);
  if (known.size === 0) return [];
  return distinct(await tx.query<{ personId: string }>(ADD, [companyId, personIds, [...known.values()].map((tag) => tag.id), at]));
}

/** Takes these tags from people; a name that is no tag is passed over. Answers the people who lost at least one. */
export async function untagPersons(
  tx: Transaction,
  companyId: string,
  personIds: readonly string[],
  names: readonly string[],
): Promise<string[]> {
  if (personIds.length === 0 || names.length === 0) return [];
  return distinct(await tx.query<{ personId: string }>(REMOVE, [companyId, personIds, names.map(tagKey)]));
}

/** `person.tagged`, `person.untagged`: one a person, with the names that were given or taken. */
export function tagEvents(
  name: 'person.tagged' | 'person.untagged',
  companyId: string,
  personIds: readonly string[],
  tags: readonly string[],
): DomainEvent[] {
  return personIds.map((id) => ({ name, companyId, subject: { type: 'person', id }, personId: id, payload: { tags: [...tags] } }));
}
