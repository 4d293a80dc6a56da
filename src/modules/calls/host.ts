import type { Statement, Transaction } from '#core/database/database.ts';
import { OFFICE_HOURS, type WeekHours } from './hours.ts';

/** Somebody of the house whom others call. */
export interface Host {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** Their own, else the company's. */
  readonly timeZone: string;
  readonly ownZone: string | null;
  readonly hours: WeekHours;
  readonly connectionId: string | null;
  /** Who they are at the vendor; null: not signed in yet, or nothing is connected. */
  readonly account: string | null;
  /** Null: no calendar is connected. */
  readonly connectionState: string | null;
  readonly connectionError: string | null;
  readonly calendars: readonly string[];
  readonly enteredIn: string | null;
  readonly askedAt: Date | null;
  readonly problem: string | null;
  readonly updatedAt: Date;
}

const COLUMNS = `u.id as "userId", u.full_name as name, u.email, coalesce(h.time_zone, co.settings ->> 'time_zone', 'UTC') as "timeZone", h.time_zone as "ownZone",
  coalesce(h.hours, $2::jsonb) as hours, h.connection_id as "connectionId", x.account, x.state as "connectionState", x.error as "connectionError",
  coalesce(h.calendars, '{primary}') as calendars, case when h.user_id is null then 'primary' else h.entered_in end as "enteredIn", h.asked_at as "askedAt", h.problem,
  coalesce(h.updated_at, u.created_at) as "updatedAt"`;
const FROM = `from users u join companies co on co.id = u.company_id left join call_hosts h on h.user_id = u.id and h.company_id = u.company_id
  left join connections x on x.id = h.connection_id and x.company_id = u.company_id where u.company_id = $1 and u.is_active and u.deleted_at is null`;

const ALL: Statement = { name: 'calls.hosts', text: `select ${COLUMNS} ${FROM} order by u.full_name, u.id limit 500` };
const SOME: Statement = {
  name: 'calls.some_hosts',
  text: `select ${COLUMNS} ${FROM} and u.id = any ($3::uuid[]) order by array_position($3::uuid[], u.id)`,
};
/** Two who book the same hosts follow each other. */
const LOCK: Statement = {
  name: 'calls.lock_hosts',
  text: `select user_id from call_hosts where company_id = $1 and user_id = any ($2::uuid[]) order by user_id for update`,
};
const MAKE: Statement = {
  name: 'calls.make_hosts',
  text: `insert into call_hosts (user_id, company_id, hours) select u.id, $1, $3::jsonb from users u where u.company_id = $1 and u.id = any ($2::uuid[]) on conflict (user_id) do nothing`,
};

const OFFICE = JSON.stringify(OFFICE_HOURS);

export const allHosts = (tx: Transaction, companyId: string) => tx.query<Host>(ALL, [companyId, OFFICE]);

/** Those who can still sign in, in the order asked for. */
export const hostsOf = (tx: Transaction, companyId: string, userIds: readonly string[]) =>
  tx.query<Host>(SOME, [companyId, OFFICE, userIds]);

/** They have a row of their own from now on. */
export async function makeHosts(tx: Transaction, companyId: string, userIds: readonly string[]): Promise<void> {
  await tx.query(MAKE, [companyId, userIds, OFFICE]);
}

export async function lockHosts(tx: Transaction, companyId: string, userIds: readonly string[]): Promise<void> {
  await makeHosts(tx, companyId, userIds);
  await tx.query(LOCK, [companyId, userIds]);
}

const ASKED: Statement = {
  name: 'calls.host_asked',
  text: `update call_hosts set asked_at = $3, problem = $4 where company_id = $1 and user_id = $2`,
};

/** What came of asking their calendars; not a change of theirs, so their version stays. */
export async function noteAsked(tx: Transaction, companyId: string, userId: string, at: Date, problem: string | null): Promise<void> {
  await tx.query(ASKED, [companyId, userId, at, problem]);
}
