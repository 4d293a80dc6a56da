import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { KIND_NAMES } from './kinds.ts';

/** A notification as its user sees it. */
export const Notification = z.object({
  id: z.uuid(),
  kind: z.enum(KIND_NAMES),
  title: z.string(),
  body: z.string(),
  link: z.string().nullable().describe('Path of the page where it goes on'),
  personId: z.uuid().nullable(),
  count: z.int().describe('How many of these it stands for'),
  readAt: z.date().nullable(),
  createdAt: z.date(),
});
export type Notification = z.output<typeof Notification>;

/** No such notification of this user. */
export class NotificationNotFound extends NotFound {
  override readonly code = 'notification_not_found';
}

const COLUMNS = `n.id, n.kind, n.title, n.body, n.link, n.person_id as "personId", n.count, n.read_at as "readAt", n.created_at as "createdAt"`;

function listing(unread: boolean, after: boolean): Statement {
  return {
    name: `notifications.list${unread ? '.unread' : ''}${after ? '.after' : ''}`,
    text: `select ${COLUMNS} from notifications n where n.company_id = $1 and n.user_id = $2 and n.in_app${unread ? ' and n.read_at is null' : ''}
            ${after ? 'and (n.created_at, n.id) < ($4::timestamptz, $5::uuid)' : ''} order by n.created_at desc, n.id desc limit $3`,
  };
}

/** Whose bell. */
export interface Reader {
  readonly companyId: string;
  readonly userId: string;
}

export async function listNotifications(
  tx: Transaction,
  { companyId, userId }: Reader,
  page: { readonly unread: boolean; readonly limit: number; readonly cursor: string | undefined },
) {
  const position = page.cursor === undefined ? [] : positionOf(page.cursor);
  const values = [companyId, userId, page.limit + 1, ...position];
  const rows = await tx.query<Notification>(listing(page.unread, position.length > 0), values);
  return toPage(rows, page.limit, (row) => [row.createdAt.getTime(), row.id]);
}

const MOST_COUNTED = 100;
const UNREAD: Statement = {
  name: 'notifications.unread',
  text: `select count(*)::int as unread from (select 1 from notifications where company_id = $1 and user_id = $2 and in_app and read_at is null limit ${MOST_COUNTED}) n`,
};

/** Counts to 100: more is "99+". */
export async function unreadCount(tx: Transaction, { companyId, userId }: Reader): Promise<number> {
  const [row] = await tx.query<{ unread: number }>(UNREAD, [companyId, userId]);
  return row?.unread ?? 0;
}

const SET_READ: Statement = {
  name: 'notifications.set_read',
  text: `update notifications n set read_at = case when $4 then coalesce(n.read_at, $5::timestamptz) end
          where n.id = $3 and n.company_id = $1 and n.user_id = $2 returning ${COLUMNS}`,
};
const READ_ALL: Statement = {
  name: 'notifications.read_all',
  text: `update notifications set read_at = $3 where company_id = $1 and user_id = $2 and in_app and read_at is null and created_at <= $4 returning id`,
};

/** @throws NotificationNotFound */
export async function setRead(
  tx: Transaction,
  { companyId, userId }: Reader,
  change: { readonly id: string; readonly read: boolean; readonly at: Date },
): Promise<Notification> {
  const [row] = await tx.query<Notification>(SET_READ, [companyId, userId, change.id, change.read, change.at]);
  if (row === undefined)
    throw new NotificationNotFound('There is no such notification of yours; list them with: steward notifications list');
  return row;
}

/** Those up to `upTo`: what came while the reader was reading stays unread. Answers how many. */
export async function readAll(tx: Transaction, { companyId, userId }: Reader, at: Date, upTo: Date): Promise<number> {
  return (await tx.query(READ_ALL, [companyId, userId, at, upTo])).length;
}
