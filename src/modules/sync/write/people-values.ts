import type { CustomValue } from '#modules/people/public.ts';
import { decide } from '../decide.ts';
import type { Base } from '../links.ts';
import type { PersonRow } from '../row.ts';
import type { Ours } from './people-statements.ts';

/** What a person will be: the columns that a source may write. */
export interface Draft {
  id: string;
  full_name: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  phone_raw: string | null;
  time_zone: string | null;
  language: string | null;
  country: string | null;
  organisation_id: string | null;
  owner_id: string | null;
  custom: Record<string, CustomValue>;
}

export interface Clash {
  readonly field: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly kept: 'ours' | 'theirs';
}

export interface Merged {
  readonly draft: Draft;
  /** Fields whose value here changes. */
  readonly changed: readonly string[];
  readonly clashes: readonly Clash[];
  /** What stands here is not what the source has: with a source that goes both ways it is to be written there. */
  readonly apart: boolean;
}

export function blank(id: string): Draft {
  return {
    id,
    full_name: '',
    first_name: null,
    last_name: null,
    email: null,
    phone: null,
    phone_raw: null,
    time_zone: null,
    language: null,
    country: null,
    organisation_id: null,
    owner_id: null,
    custom: {},
  };
}

export function draftOf(ours: Ours): Draft {
  return {
    id: ours.id,
    full_name: ours.fullName,
    first_name: ours.firstName,
    last_name: ours.lastName,
    email: ours.email,
    phone: ours.phone,
    phone_raw: ours.phoneRaw,
    time_zone: ours.timeZone,
    language: ours.language,
    country: ours.country,
    organisation_id: ours.organisationId,
    owner_id: ours.ownerId,
    custom: { ...ours.custom },
  };
}

/** A field of a person here, in the words of `PersonRow.fields`. */
function valueHere(draft: Draft, organisation: string | null, field: string): string | null {
  switch (field) {
    case 'email':
      return draft.email;
    case 'name':
      return draft.full_name === '' ? null : draft.full_name;
    case 'phone':
      return draft.phone ?? draft.phone_raw;
    case 'organisation':
      return organisation;
    case 'owner':
      return draft.owner_id;
    case 'language':
      return draft.language;
    case 'time_zone':
      return draft.time_zone;
    case 'country':
      return draft.country;
    default: {
      const value = draft.custom[field.slice('custom.'.length)];
      return value === undefined ? null : String(value);
    }
  }
}

/** A person keeps a name and an address, whatever a source forgets. */
const NEVER_CLEARED = new Set(['name', 'email']);

/** Two ways of writing one organisation are one. */
const same = (field: string, a: string | null, b: string | null): boolean =>
  a === b || (field === 'organisation' && a !== null && b !== null && a.trim().toLowerCase() === b.trim().toLowerCase());

/**
 * What a person becomes by a row. `base`: as both sides had it last, undefined where they never met. `organisation`: ids by name.
 */
export function merged(
  draft: Draft,
  row: PersonRow,
  base: Base | undefined,
  here: { readonly organisation: string | null; readonly updatedAt: Date | null },
  organisation: (name: string) => string | null,
  bothWays: boolean,
): Merged {
  const changed: string[] = [];
  const clashes: Clash[] = [];
  let apart = false;
  const theirsIsLater = row.changedAt === null || here.updatedAt === null ? null : row.changedAt.getTime() > here.updatedAt.getTime();
  for (const [field, given] of Object.entries(row.fields)) {
    const was = valueHere(draft, here.organisation, field);
    const theirs = same(field, was, given) ? was : given;
    if (theirs === null && NEVER_CLEARED.has(field)) continue;
    const agreed = base?.[field];
    const verdict = decide({
      base: agreed !== undefined && agreed !== null && same(field, was, agreed) ? was : agreed,
      ours: was,
      theirs: agreed !== undefined && agreed !== null && same(field, agreed, theirs) && same(field, was, agreed) ? was : theirs,
      theirsIsLater,
    });
    if (verdict.conflict) clashes.push({ field, ours: was, theirs: given, kept: verdict.take });
    if (verdict.take === 'ours') {
      if (theirs === was) continue;
      if (base !== undefined) apart = true;
      // At the first meeting neither side is overwritten: a person decides.
      else if (bothWays && was !== null && theirs !== null) clashes.push({ field, ours: was, theirs: given, kept: 'ours' });
      continue;
    }
    changed.push(field);
    put(draft, row, field, given, organisation);
  }
  return { draft, changed, clashes, apart };
}

function put(draft: Draft, row: PersonRow, field: string, value: string | null, organisation: (name: string) => string | null): void {
  switch (field) {
    case 'email':
      draft.email = value;
      return;
    case 'name':
      draft.full_name = value ?? '';
      draft.first_name = row.firstName;
      draft.last_name = row.lastName;
      return;
    case 'phone':
      draft.phone = row.phone?.phone ?? null;
      draft.phone_raw = row.phone?.phoneRaw ?? null;
      draft.time_zone ??= row.phone?.timeZone ?? null;
      return;
    case 'organisation':
      draft.organisation_id = value === null ? null : organisation(value);
      return;
    case 'owner':
      draft.owner_id = value;
      return;
    case 'language':
      draft.language = value;
      return;
    case 'time_zone':
      draft.time_zone = value;
      return;
    case 'country':
      draft.country = value;
      return;
    default: {
      const key = field.slice('custom.'.length);
      const made = row.custom[key];
      if (made === undefined) delete draft.custom[key];
      else draft.custom[key] = made;
    }
  }
}
