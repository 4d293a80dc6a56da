import { DateTime } from 'luxon';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { sendTransactional } from '#modules/messages/public.ts';

/** From this hour of the business's day. */
const FROM_HOUR = 8;
const MOST_LINES = 50;

interface Pending {
  readonly companyId: string;
  readonly userId: string;
  readonly address: string;
  readonly name: string;
  readonly company: string;
  readonly timeZone: string;
  readonly lastAt: Date | null;
}

/** Users with something unread that waits for their daily mail, and when they had the last one. Serves itself from notifications_digest. */
const PENDING: Statement = {
  name: 'notifications.digest_pending',
  text: `select d.company_id as "companyId", d.user_id as "userId", u.email as address, u.full_name as name, c.name as company,
           coalesce(c.settings->>'time_zone', 'UTC') as "timeZone",
           (select max(n.emailed_at) from notifications n where n.company_id = d.company_id and n.user_id = d.user_id and n.email = 'digest') as "lastAt"
         from (select distinct company_id, user_id from notifications where email = 'digest' and emailed_at is null) d
         join users u on u.id = d.user_id and u.is_active and u.deleted_at is null join companies c on c.id = d.company_id`,
};
/** Taken by marking: two processes never write the same mail. */
const TAKE: Statement = {
  name: 'notifications.digest_take',
  text: `update notifications n set emailed_at = $3 from unnest($1::uuid[], $2::uuid[]) as due(company_id, user_id)
          where n.company_id = due.company_id and n.user_id = due.user_id and n.email = 'digest' and n.emailed_at is null
         returning n.user_id as "userId", n.title, n.body, n.link, n.count, n.read_at as "readAt", n.created_at as "createdAt"`,
};

interface Line {
  readonly userId: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly count: number;
  readonly readAt: Date | null;
  readonly createdAt: Date;
}

/** One mail a user and day with what they have not read yet, in the morning of the business. Answers how many. */
export async function sendDigests(runtime: Runtime): Promise<number> {
  const now = runtime.clock.now();
  return runtime.system.write(async (tx) => {
    const due = (await tx.query<Pending>(PENDING, [])).filter((user) => isDue(user, now));
    const taken = await tx.query<Line>(TAKE, [due.map((user) => user.companyId), due.map((user) => user.userId), now]);
    const unread = Map.groupBy(
      taken.filter((line) => line.readAt === null),
      (line) => line.userId,
    );
    const mails = due.flatMap((user) => {
      const lines = unread.get(user.userId);
      return lines === undefined ? [] : [mailOf(runtime, user, lines, now)];
    });
    await sendTransactional(tx, runtime, mails);
    return mails.length;
  });
}

function isDue({ timeZone, lastAt }: Pending, now: Date): boolean {
  const here = DateTime.fromJSDate(now, { zone: timeZone });
  const local = here.isValid ? here : DateTime.fromJSDate(now, { zone: 'UTC' });
  if (local.hour < FROM_HOUR) return false;
  return lastAt === null || lastAt < local.startOf('day').toJSDate();
}

function mailOf(runtime: Runtime, user: Pending, lines: readonly Line[], now: Date) {
  const url = publicUrl(runtime.config);
  const newest = lines.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const text = newest
    .slice(0, MOST_LINES)
    .map((line) =>
      [
        `• ${line.title}${line.count > 1 ? ` (${line.count})` : ''}`,
        ...(line.body === '' ? [] : [`  ${line.body}`]),
        ...(line.link === null ? [] : [`  ${url}${line.link}`]),
      ].join('\n'),
    );
  const more = newest.length - text.length;
  return {
    companyId: user.companyId,
    to: { name: user.name, address: user.address },
    subject: `${newest.length} ${newest.length === 1 ? 'thing' : 'things'} to know at ${user.company}`,
    text: [...text, ...(more > 0 ? [`And ${more} more: ${url}/`] : []), `Choose what you are told: ${url}/settings/notifications`].join(
      '\n\n',
    ),
    key: `notification-digest:${user.userId}:${now.toISOString()}`,
  };
}

const SWEEP: Statement = {
  name: 'notifications.sweep',
  text: `delete from notifications where id in (select id from notifications
          where created_at < $1::timestamptz - interval '180 days' or (created_at < $1::timestamptz - interval '30 days' and read_at is not null) limit 10000)`,
};

/** Read ones are kept for 30 days, unread ones for 180. */
export function sweepNotifications(runtime: Runtime): Promise<unknown> {
  return runtime.system.write((tx: Transaction) => tx.query(SWEEP, [runtime.clock.now()]));
}
