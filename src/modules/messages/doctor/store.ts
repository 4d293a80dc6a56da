import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { verdictOf, type Check, type Finding, type State, type Verdict } from './finding.ts';
import type { SendingAddress } from './patients.ts';
import type { Change } from './tables.ts';

/** A checkup as it is stored. */
export interface CheckupRow {
  readonly id: string;
  readonly companyId: string;
  readonly address: string;
  readonly senderId: string | null;
  readonly namedSelectors: readonly string[];
  readonly seenSelectors: readonly string[];
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly known: Readonly<Partial<Record<Check, State>>>;
  readonly broken: readonly string[];
  readonly brokenAt: Date | null;
  readonly checkedAt: Date | null;
  readonly updatedAt: Date;
}

export const CHECKUP = `c.id, c.company_id as "companyId", c.address, c.sender_id as "senderId", c.named_selectors as "namedSelectors", c.seen_selectors as "seenSelectors", c.verdict,
  c.findings, c.known, c.broken, c.broken_at as "brokenAt", c.checked_at as "checkedAt", c.updated_at as "updatedAt"`;

const OPEN: Statement = {
  name: 'checkups.open',
  text: `insert into sender_checkups as c (id, company_id, address, sender_id, due_at, created_at, updated_at)
         select x.id, $2, x.address, x.sender_id, $3, $3, $3 from json_to_recordset($1::json) as x (id uuid, address text, sender_id uuid)
         on conflict (company_id, address) do update set sender_id = excluded.sender_id where c.sender_id is distinct from excluded.sender_id`,
};
const OF_COMPANY: Statement = {
  name: 'checkups.of_company',
  text: `select ${CHECKUP} from sender_checkups c where c.company_id = $1 and c.address = any($2::text[]) order by c.address`,
};

/** The rows of these addresses, made where there is none; by address. */
export async function openCheckups(
  tx: Transaction,
  companyId: string,
  addresses: readonly Pick<SendingAddress, 'address' | 'senderId'>[],
  now: Date,
): Promise<ReadonlyMap<string, CheckupRow>> {
  if (addresses.length === 0) return new Map();
  const rows = addresses.map(({ address, senderId }) => ({ id: newId(), address, sender_id: senderId }));
  await tx.query(OPEN, [JSON.stringify(rows), companyId, now]);
  return readCheckups(
    tx,
    companyId,
    addresses.map(({ address }) => address),
  );
}

export async function readCheckups(
  tx: Transaction,
  companyId: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, CheckupRow>> {
  return new Map((await tx.query<CheckupRow>(OF_COMPANY, [companyId, addresses])).map((row) => [row.address, row]));
}

const LOCK: Statement = {
  name: 'checkups.lock',
  text: `select ${CHECKUP} from sender_checkups c where c.id = $1 and c.company_id = $2 for update`,
};
const SAVE: Statement = {
  name: 'checkups.save',
  text: `update sender_checkups set verdict = $3, findings = $4::jsonb, known = $5::jsonb, broken = $6::text[],
                broken_at = case when cardinality($6::text[]) = 0 then null else coalesce(broken_at, $7) end, checked_at = $7, due_at = $8, updated_at = $7
          where id = $1 and company_id = $2`,
};
const CHANGED: Statement = {
  name: 'checkups.changed',
  text: `insert into sender_checkup_changes (id, company_id, checkup_id, verdict, changes, created_at) values ($1, $2, $3, $4, $5::jsonb, $6)`,
};

const DAY_MS = 86_400_000;

/** Keeps what a look found, with what changed since the one before. */
export async function saveCheckup(
  tx: Transaction,
  { id, companyId }: Pick<CheckupRow, 'id' | 'companyId'>,
  findings: readonly Finding[],
  now: Date,
): Promise<void> {
  const [row] = await tx.query<CheckupRow>(LOCK, [id, companyId]);
  if (row === undefined) return;
  const { known, broken, changes } = compare(row, findings);
  const verdict = verdictOf(findings);
  const due = new Date(now.getTime() + DAY_MS);
  await tx.query(SAVE, [id, companyId, verdict, JSON.stringify(findings), JSON.stringify(known), broken, now, due]);
  if (changes.length > 0) await tx.query(CHANGED, [newId(), companyId, id, verdict, JSON.stringify(changes), now]);
}

/** A look beside the one before. What could not be asked changes nothing; what is bad now and was not is broken until it is mended. */
export function compare(
  before: Pick<CheckupRow, 'known' | 'broken'>,
  findings: readonly Finding[],
): { readonly known: CheckupRow['known']; readonly broken: readonly string[]; readonly changes: readonly Change[] } {
  const known: Partial<Record<Check, State>> = { ...before.known };
  const broken = new Set(before.broken);
  const changes: Change[] = [];
  for (const { check, state, says } of findings) {
    if (state === 'unknown') continue;
    const from = before.known[check] ?? null;
    if (from !== state) changes.push({ check, from, to: state, says });
    if (state !== 'bad') broken.delete(check);
    else if (from !== null && from !== 'bad') broken.add(check);
    known[check] = state;
  }
  // A check that no longer applies (another connection) is not broken any more.
  for (const check of broken) if (!findings.some((one) => one.check === check)) broken.delete(check);
  return { known, broken: [...broken].toSorted(), changes };
}
