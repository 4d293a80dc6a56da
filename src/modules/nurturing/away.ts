import type { Statement, Transaction } from '#core/database/database.ts';

/** Never longer than this, whatever a machine wrote. */
const LONGEST_MS = 180 * 86_400_000;
/** When an absence note names no day: come back to it after a week. */
const UNKNOWN_MS = 7 * 86_400_000;

const SET: Statement = {
  name: 'nurturing.away.set',
  text: `insert into away_periods (company_id, person_id, until, message_id, created_at)
         select e.company_id, e.person_id, e.until, e.message_id, $2
           from jsonb_to_recordset($1::jsonb) as e(company_id uuid, person_id uuid, until timestamptz, message_id uuid)
           join people p on p.id = e.person_id and p.company_id = e.company_id
         on conflict (person_id) do update set until = excluded.until, message_id = excluded.message_id, created_at = excluded.created_at`,
};

export interface Absence {
  readonly companyId: string;
  readonly personId: string;
  readonly messageId: string;
  /** First day back; null when the note names none. */
  readonly returnAt: Date | null;
}

/** Remembers until when nothing is to be written to these people. The last note of a person counts. */
export async function setAway(tx: Transaction, absences: readonly Absence[], now: Date): Promise<void> {
  if (absences.length === 0) return;
  const last = new Map(absences.map((absence) => [absence.personId, absence]));
  const rows = [...last.values()].map((absence) => ({
    company_id: absence.companyId,
    person_id: absence.personId,
    until: awayUntil(absence.returnAt, now),
    message_id: absence.messageId,
  }));
  await tx.query(SET, [JSON.stringify(rows), now]);
}

export function awayUntil(returnAt: Date | null, now: Date): Date {
  const until = returnAt?.getTime() ?? now.getTime() + UNKNOWN_MS;
  return new Date(Math.min(until, now.getTime() + LONGEST_MS));
}

const UNTIL: Statement = {
  name: 'nurturing.away.until',
  text: `select until from away_periods where company_id = $1 and person_id = $2 and until > $3`,
};

const UNTIL_ALL: Statement = {
  name: 'nurturing.away.until_all',
  text: `select person_id as "personId", until from away_periods where company_id = $1 and person_id = any ($2::uuid[]) and until > $3`,
};

/** When each of these people is back who is away now. */
export async function awayPeriods(
  tx: Transaction,
  companyId: string,
  personIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Date>> {
  const rows = await tx.query<{ personId: string; until: Date }>(UNTIL_ALL, [companyId, personIds, now]);
  return new Map(rows.map((row) => [row.personId, row.until]));
}

/** When this person is back, if they are away now. */
export async function awayPeriod(tx: Transaction, companyId: string, personId: string, now: Date): Promise<Date | null> {
  const [row] = await tx.query<{ until: Date }>(UNTIL, [companyId, personId, now]);
  return row?.until ?? null;
}
