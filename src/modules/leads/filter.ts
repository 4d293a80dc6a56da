import type { Clock } from '#core/clock.ts';
import { InvalidInput } from '#core/errors.ts';
import { tagKey } from '#modules/people/public.ts';
import { memberOf } from '#modules/segments/public.ts';
import type { LeadStatus } from './tables.ts';

/** Which leads; every part given must hold. What lists, counts and bulk changes share. */
export interface LeadFilter {
  readonly status?: LeadStatus | undefined;
  readonly source?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdTo?: Date | undefined;
  /** True: leads that nobody looks after. */
  readonly unowned?: boolean | undefined;
  readonly optedOut?: boolean | undefined;
  readonly organisationId?: string | undefined;
  /** Name of a tag, in any case. */
  readonly tag?: string | undefined;
  /** Days without a touch; who was never touched counts. */
  readonly idleDays?: number | undefined;
  /** JSON object: key of a custom field → its value as text. */
  readonly custom?: string | undefined;
  readonly segmentId?: string | undefined;
  readonly grade?: 'A' | 'B' | 'C' | 'D' | undefined;
  readonly q?: string | undefined;
}

/** Part of a statement: `text` holds `?` where each of `values` goes. */
interface Part {
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
}

/** Filters that one index on leads serves together with the newest-first order: the plain list. */
const PLAIN = [
  ['status', 'l.status = ?'],
  ['source', 'l.source = ?'],
  ['ownerId', 'l.owner_id = ?'],
  ['createdFrom', 'l.created_at >= ?'],
  ['createdTo', 'l.created_at < ?'],
] as const;

const FURTHER = [
  ['unowned', '(l.owner_id is null) = ?'],
  ['optedOut', '(p.opted_out_at is not null) = ?'],
  ['organisationId', 'p.organisation_id = ?'],
  ['segmentId', memberOf('l.person_id', '?')],
  ['grade', 'exists (select from lead_scores s where s.lead_id = l.id and s.company_id = l.company_id and s.grade = ?)'],
] as const;

const TAGGED = `exists (select from tags t join person_tags pt on pt.tag_id = t.id
  where t.company_id = l.company_id and t.name_key = ? and pt.person_id = l.person_id and pt.company_id = l.company_id)`;
const IDLE = 'l.last_touch_at < ?';
const CUSTOM = `not exists (select from jsonb_each_text(?::jsonb) as want where lower(coalesce(p.custom ->> want.key, '')) <> lower(want.value))`;
const WORDS = 'l.person_id in (select steward_people_like(?))';

/** Conditions on `leads l join people p`, in a fixed order: one prepared statement for each set of filters in use. @throws InvalidInput */
export function partsOf(filter: LeadFilter, clock: Clock): Part[] {
  const parts: Part[] = [];
  for (const [name, text] of [...PLAIN, ...FURTHER]) if (filter[name] !== undefined) parts.push({ name, text, value: filter[name] });
  if (filter.tag !== undefined) parts.push({ name: 'tag', text: TAGGED, value: tagKey(filter.tag) });
  if (filter.idleDays !== undefined)
    parts.push({ name: 'idleDays', text: IDLE, value: new Date(clock.now().getTime() - filter.idleDays * 86_400_000) });
  if (filter.custom !== undefined) parts.push({ name: 'custom', text: CUSTOM, value: JSON.stringify(readCustom(filter.custom)) });
  if (wordsOf(filter) !== undefined) parts.push({ name: 'q', text: WORDS, value: wordsOf(filter) });
  return parts;
}

/** Does it ask for nothing that the newest-first search function does not know? */
export function isPlain(filter: LeadFilter): boolean {
  const { unowned, optedOut, organisationId, segmentId, grade, tag, idleDays, custom } = filter;
  return [unowned, optedOut, organisationId, segmentId, grade, tag, idleDays, custom].every((one) => one === undefined);
}

export function wordsOf(filter: LeadFilter): string | undefined {
  return filter.q === undefined || filter.q.trim() === '' ? undefined : filter.q;
}

/** SQL of the parts, `?` numbered from `after` on, and their values. */
export function whereOf(parts: readonly Part[], after: number): { readonly text: string; readonly values: readonly unknown[] } {
  let position = after;
  const text = parts.map((part) => part.text.replace('?', () => `$${++position}`)).join(' and ');
  return { text, values: parts.map((part) => part.value) };
}

/** Does it look at the person? A count that does not can leave the join away. */
export function needsPerson(parts: readonly Part[]): boolean {
  return parts.some((part) => part.text.includes('p.'));
}

function readCustom(text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length <= 20)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]));
  } catch {
    // said below
  }
  throw new InvalidInput('custom is a JSON object of field keys and values, such as {"plan":"pro"}', {
    fields: [{ path: 'custom', message: 'is not a JSON object of fields' }],
  });
}

/** The whole filter as a condition on `leads l join people p`, values numbered from `after` on; empty when it asks for nothing. */
export function leadsWhere(
  filter: LeadFilter,
  clock: Clock,
  after: number,
): { readonly text: string; readonly values: readonly unknown[] } {
  return whereOf(partsOf(filter, clock), after);
}
