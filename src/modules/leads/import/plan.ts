import type { ImportRow } from './row.ts';

/** What is known of an address before a row is looked at. */
export interface Known {
  /** Null while the person is only going to be made (or, in a dry run, would be). */
  readonly personId: string | null;
  readonly optedOut: boolean;
  readonly hasLead: boolean;
  readonly named: boolean;
  readonly hasPhone: boolean;
  readonly hasOrganisation: boolean;
  readonly hasNotes: boolean;
}

export interface Counts {
  /** New leads. */
  readonly created: number;
  /** Rows whose person was a lead already, here or further up in the file. */
  readonly merged: number;
  /** Of the merged: rows that told us something new. */
  readonly changed: number;
  /** Rows of people who opted out: left as they are. */
  readonly optOutsKept: number;
  readonly refused: number;
}

export const NOTHING: Counts = { created: 0, merged: 0, changed: 0, optOutsKept: 0, refused: 0 };

/** What a batch of rows comes to: one entry an address. */
export interface Plan {
  /** Addresses that nobody has: a person and a lead. */
  readonly people: ReadonlyMap<string, ImportRow>;
  /** People whom we know, who are no lead yet. */
  readonly leads: ReadonlyMap<string, ImportRow>;
  /** People who have a lead and lack something that the rows have. */
  readonly fills: ReadonlyMap<string, ImportRow>;
  /** Known people whom the file says to have opted out. */
  readonly optOuts: ReadonlySet<string>;
  readonly counts: Counts;
  /** What is known of each address afterwards. */
  readonly known: ReadonlyMap<string, Known>;
}

/**
 * Decides, writes nothing: a dry run and a real one differ only in what happens next. What is there stays, gaps are filled
 * (not the source: that says where somebody came from first), the strictest consent wins, an opt-out is never touched.
 */
export function planBatch(rows: readonly ImportRow[], before: ReadonlyMap<string, Known>): Plan {
  const people = new Map<string, ImportRow>();
  const leads = new Map<string, ImportRow>();
  const fills = new Map<string, ImportRow>();
  const optOuts = new Set<string>();
  const known = new Map(before);
  let [created, merged, changed, optOutsKept] = [0, 0, 0, 0];

  for (const row of rows) {
    const state = known.get(row.email);
    if (state === undefined) {
      people.set(row.email, row);
      known.set(row.email, knownAfter(row));
      created += 1;
    } else if (state.optedOut) {
      optOutsKept += 1;
    } else {
      const news = newsOf(row, state);
      const list = [people, leads].find((entries) => entries.has(row.email)) ?? (state.hasLead ? fills : leads);
      if (state.hasLead) merged += 1;
      else created += 1;
      if (state.hasLead && (news || row.optedOut)) changed += 1;
      if (news || row.optedOut || !state.hasLead) {
        const earlier = list.get(row.email);
        list.set(row.email, earlier === undefined ? row : together(earlier, row));
      }
      if (row.optedOut && !people.has(row.email)) optOuts.add(row.email);
      known.set(row.email, { ...union(state, knownAfter(row)), personId: state.personId });
    }
  }
  return { people, leads, fills, optOuts, known, counts: { created, merged, changed, optOutsKept, refused: 0 } };
}

function knownAfter(row: ImportRow): Known {
  return {
    personId: null,
    optedOut: row.optedOut,
    hasLead: true,
    named: row.name.fullName !== '',
    hasPhone: row.phoneRaw !== null,
    hasOrganisation: row.organisation !== null,
    hasNotes: row.notes !== null,
  };
}

function union(a: Known, b: Known): Known {
  return {
    personId: a.personId,
    optedOut: a.optedOut || b.optedOut,
    hasLead: a.hasLead || b.hasLead,
    named: a.named || b.named,
    hasPhone: a.hasPhone || b.hasPhone,
    hasOrganisation: a.hasOrganisation || b.hasOrganisation,
    hasNotes: a.hasNotes || b.hasNotes,
  };
}

function newsOf(row: ImportRow, state: Known): boolean {
  return (
    (!state.named && row.name.fullName !== '') ||
    (!state.hasPhone && row.phoneRaw !== null) ||
    (!state.hasOrganisation && row.organisation !== null) ||
    (!state.hasNotes && row.notes !== null)
  );
}

/** Two rows of one address: the first one's word holds, the second fills its gaps. */
function together(first: ImportRow, second: ImportRow): ImportRow {
  const phone = first.phoneRaw === null ? second : first;
  const optedOut = first.optedOut || second.optedOut;
  return {
    email: first.email,
    name: first.name.fullName === '' ? second.name : first.name,
    phone: phone.phone,
    phoneRaw: phone.phoneRaw,
    timeZone: phone.timeZone,
    organisation: first.organisation ?? second.organisation,
    source: first.source ?? second.source,
    notes: first.notes ?? second.notes,
    status: optedOut ? 'unsubscribed' : first.status,
    optedOut,
  };
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    created: a.created + b.created,
    merged: a.merged + b.merged,
    changed: a.changed + b.changed,
    optOutsKept: a.optOutsKept + b.optOutsKept,
    refused: a.refused + b.refused,
  };
}
