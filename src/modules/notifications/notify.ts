import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { sendTransactional } from '#modules/messages/public.ts';
import { KINDS, type EmailChoice, type NotificationKind } from './kinds.ts';

/** Something one user should know. */
export interface NewNotification {
  readonly companyId: string;
  readonly userId: string;
  readonly kind: NotificationKind;
  readonly title: string;
  readonly body?: string;
  /** Path of the page where it goes on: `/people/…`. */
  readonly link?: string | null;
  readonly personId?: string | null;
  /** Says it once: `task_due:<id>`. Default: the same words about the same person once a day (UTC). */
  readonly key?: string;
}

/** More of one kind for one user in one call than this become one notification with a count. */
const MOST_SINGLE = 10;
/** PostgreSQL's limit for a message is 8,000 bytes. */
const USERS_A_MESSAGE = 200;

/** The channel that open pages hear of changes on; the payload is user ids, comma-separated. */
export const CHANNEL = 'steward_notifications';

/**
 * Unknown, deleted or inactive users are left out, and so is a person of another company. An off preference still makes the
 * row (hidden, unmailed), so that the key stays used.
 */
const INSERT: Statement = {
  name: 'notifications.insert',
  text: `with entry as (
      select * from jsonb_to_recordset($1::jsonb) as e(id uuid, company_id uuid, user_id uuid, kind text, key text, title text, body text,
        link text, person_id uuid, count integer, email text)
    ), added as (
      insert into notifications as n (id, company_id, user_id, kind, key, title, body, link, person_id, count, in_app, email, emailed_at, created_at)
      select e.id, e.company_id, e.user_id, e.kind, e.key, e.title, e.body, e.link, p.id, e.count, coalesce(w.in_app, true),
             coalesce(w.email, e.email), case when coalesce(w.email, e.email) = 'instant' then $2::timestamptz end, $2
        from entry e
        join users u on u.id = e.user_id and u.company_id = e.company_id and u.is_active and u.deleted_at is null
        left join people p on p.id = e.person_id and p.company_id = e.company_id
        left join notification_preferences w on w.user_id = e.user_id and w.company_id = e.company_id and w.kind = e.kind
      on conflict (company_id, user_id, key) do update
        set count = n.count + excluded.count, read_at = null, created_at = excluded.created_at
        where excluded.count > 1
      returning n.*, (n.xmax = 0) as fresh
    )
    select a.id, a.company_id as "companyId", a.user_id as "userId", a.title, a.body, a.link, a.count, a.in_app as "inApp", a.email, a.fresh,
           u.email as address, u.full_name as name
      from added a join users u on u.id = a.user_id`,
};

interface Added {
  readonly id: string;
  readonly companyId: string;
  readonly userId: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly count: number;
  readonly inApp: boolean;
  readonly email: EmailChoice;
  readonly fresh: boolean;
  readonly address: string;
  readonly name: string;
}

/**
 * Tells users, set-based, in the caller's transaction and under either role: under the bell, and by mail where their preferences
 * say so. Each thing once by its key. Many of one kind for one user become one row with a count. Answers how many rows were made.
 */
export async function notify(tx: Transaction, runtime: Runtime, entries: readonly NewNotification[]): Promise<number> {
  const now = runtime.clock.now();
  const rows = uniqueByKey(gathered(entries, now));
  if (rows.length === 0) return 0;
  const added = await tx.query<Added>(INSERT, [JSON.stringify(rows), now]);
  await sendTransactional(
    tx,
    runtime,
    added.filter((row) => row.email === 'instant' && row.fresh).map((row) => mailOf(runtime, row)),
  );
  await tellPages(
    tx,
    added.filter((row) => row.inApp).map((row) => row.userId),
  );
  return added.length;
}

/** Pages of these users look again once this transaction commits. */
export async function tellPages(tx: Transaction, userIds: readonly string[]): Promise<void> {
  const users = [...new Set(userIds)];
  for (let from = 0; from < users.length; from += USERS_A_MESSAGE)
    await tx.query({ name: 'notifications.tell', text: 'select pg_notify($1, $2)' }, [
      CHANNEL,
      users.slice(from, from + USERS_A_MESSAGE).join(','),
    ]);
}

function gathered(entries: readonly NewNotification[], now: Date) {
  const groups = Map.groupBy(entries, ({ companyId, userId, kind }) => `${companyId} ${userId} ${kind}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    if (group.length <= MOST_SINGLE) return group.map((entry) => rowOf(entry, keyOf(entry, now), 1));
    const body = `${group
      .slice(0, 3)
      .map(({ title }) => title)
      .join(' · ')} · and ${group.length - 3} more`;
    const many = { ...first, title: KINDS[first.kind].many, body, link: PAGES[first.kind], personId: null };
    return [rowOf(many, `many:${first.kind}:${now.toISOString().slice(0, 13)}`, group.length)];
  });
}

/** Where many of a kind are seen together. */
const PAGES: Record<NotificationKind, string> = {
  lead_assigned: '/leads',
  hot_lead: '/leads',
  score_reached: '/leads',
  mention: '/',
  reply: '/conversations',
  conversation_assigned: '/conversations',
  conversation_back: '/conversations',
  ticket_assigned: '/tickets',
  ticket_reply: '/tickets',
  ticket_target: '/tickets',
  call_booked: '/calls',
  quote_answered: '/invoices',
  task_due: '/',
  alert: '/reliability',
  schedule_missed: '/triggers',
  webhook_failed: '/settings/webhooks',
  approval_requested: '/approvals',
  approval_due: '/approvals',
  backup_failed: '/settings/backups',
  retention_due: '/settings/retention',
  daily_pipeline: '/pipeline',
  import_done: '/leads/import',
};

function rowOf(entry: NewNotification, key: string, count: number) {
  return {
    id: newId(),
    company_id: entry.companyId,
    user_id: entry.userId,
    kind: entry.kind,
    key,
    title: oneLine(entry.title, 200),
    body: (entry.body ?? '').slice(0, 1_000),
    link: entry.link ?? null,
    person_id: entry.personId ?? null,
    count,
    email: KINDS[entry.kind].email,
  };
}

/** An upsert may not meet one row twice. */
function uniqueByKey<Row extends { readonly user_id: string; readonly key: string }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [`${row.user_id} ${row.key}`, row])).values()];
}

function keyOf(entry: NewNotification, now: Date): string {
  if (entry.key !== undefined) return entry.key;
  const words = JSON.stringify([entry.title, entry.body ?? '', entry.link ?? '', entry.personId ?? '', now.toISOString().slice(0, 10)]);
  return `${entry.kind}:${createHash('sha256').update(words).digest('hex').slice(0, 32)}`;
}

function mailOf(runtime: Runtime, row: Added) {
  const url = publicUrl(runtime.config);
  return {
    companyId: row.companyId,
    to: { name: row.name, address: row.address },
    subject: row.count > 1 ? `${row.title} (${row.count})` : row.title,
    text: [
      row.title,
      ...(row.body === '' ? [] : [row.body]),
      ...(row.link === null ? [] : [`${url}${row.link}`]),
      `What you are told, and how, is yours to choose: ${url}/settings/notifications`,
    ].join('\n\n'),
    key: `notification:${row.id}`,
  };
}

const oneLine = (text: string, most: number) => text.replace(/\s+/g, ' ').trim().slice(0, most);
