import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { cut, tidy } from '../names.ts';
import { TAG_COLORS } from '../tables.ts';

/** No such tag in this company. */
export class TagNotFound extends NotFound {
  override readonly code = 'tag_not_found';
}

/** Another tag has this name; merge the two instead. */
export class TagTaken extends Conflict {
  override readonly code = 'tag_taken';
}

export const LONGEST_TAG = 60;
/** More names at once than anybody means. */
export const MOST_TAGS = 50;

/** A tag as a person carries it. */
export const Tag = z.object({ id: z.uuid(), name: z.string(), color: z.enum(TAG_COLORS) });
export type Tag = z.output<typeof Tag>;

/** What makes two names one tag: case, spacing and a leading # do not matter. */
export const tagKey = (name: string): string => tagName(name).toLowerCase();
export const tagName = (name: string): string => cut(tidy(name).replace(/^#+\s*/, ''), LONGEST_TAG).trim();

/** A zod field for the name of a tag, tidied. */
export const tagField = () =>
  z
    .string()
    .max(200)
    .transform(tagName)
    .refine((name) => name !== '', { error: 'is empty; give the tag a name' })
    .refine((name) => !name.includes(','), { error: 'has a comma; give several tags as a list' });

/** The tags of the person `p`, by name: a column for a list of people. */
export const TAGS_COLUMN = `(select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'color', t.color) order by t.name_key), '[]')
    from person_tags pt join tags t on t.id = pt.tag_id where pt.person_id = p.id)`;

/** The same as run facts: names only. */
export const TAG_NAMES_COLUMN = `(select coalesce(jsonb_agg(t.name order by t.name_key), '[]')
    from person_tags pt join tags t on t.id = pt.tag_id where pt.person_id = p.id)`;

const UPSERT: Statement = {
  name: 'tags.upsert',
  text: `insert into tags (id, company_id, name, name_key, color, created_at, updated_at)
         select e.id, $1, e.name, e.key, e.color, $3, $3 from jsonb_to_recordset($2::jsonb) as e(id uuid, name text, key text, color text)
         on conflict (company_id, name_key) do update set name_key = excluded.name_key
         returning id, name_key as key, name, color`,
};

/** Finds or makes tags by name; a batch in one statement. Answers them by `tagKey`. */
export async function upsertTags(
  tx: Transaction,
  companyId: string,
  names: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, Tag>> {
  const wanted = new Map(names.map((name) => [tagKey(name), tagName(name)]));
  wanted.delete('');
  if (wanted.size === 0) return new Map();
  // Sorted, so that two batches at once lock in the same order.
  const entries = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, name]) => ({ id: newId(), name, key, color: colorOf(key) }));
  const rows = await tx.query<Tag & { key: string }>(UPSERT, [companyId, JSON.stringify(entries), at]);
  return new Map(rows.map(({ key, ...tag }) => [key, tag]));
}

const KNOWN: Statement = {
  name: 'tags.known',
  text: 'select count(*)::int as known from tags where company_id = $1 and id = any($2::uuid[])',
};

/** @throws TagNotFound when one of them is no tag of this company */
export async function requireTags(tx: Transaction, companyId: string, ids: readonly string[] | undefined): Promise<void> {
  if (ids === undefined || ids.length === 0) return;
  const [row] = await tx.query<{ known: number }>(KNOWN, [companyId, ids]);
  if ((row?.known ?? 0) < new Set(ids).size) throw new TagNotFound('There is no such tag; list them with GET /api/tags');
}

/** A new tag gets a colour by its name, so that neighbours differ; a person may choose another. */
function colorOf(key: string): Tag['color'] {
  let sum = 0;
  for (const letter of key) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return TAG_COLORS[sum % TAG_COLORS.length] ?? 'gray';
}
