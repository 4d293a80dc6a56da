import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import { tellPages } from './tell.ts';

/** In real time. */
const LOOK_MS = 20_000;
const MOST = 500;

/** Snoozes that are over: they move up. conversations_snoozed serves it. */
const WAKE: Statement = {
  name: 'conversations.wake',
  text: `with due as (select person_id, snoozed_by from conversations where snoozed_until <= $1 order by snoozed_until limit ${MOST} for update skip locked)
         update conversations c set snoozed_until = null, snoozed_by = null, last_at = $1, updated_at = $1 from due, people p
          where c.person_id = due.person_id and p.id = c.person_id
         returning c.company_id as "companyId", c.person_id as "personId", coalesce(c.assignee_id, due.snoozed_by) as "userId", c.state = 'open' as open,
           coalesce(nullif(p.full_name, ''), p.email, p.phone, 'somebody') as name`,
};
/** Who looked an hour ago looks no more. */
const FORGET: Statement = {
  name: 'conversations.forget_presence',
  text: `delete from conversation_presence where at < $1::timestamptz - interval '1 hour'`,
};

/** Conversations whose snooze is over come back; whoever they wait for is told. Answers how many. */
export async function wakeSnoozed(runtime: Runtime): Promise<number> {
  return runtime.system.write(async (tx) => {
    const now = runtime.clock.now();
    const woken = await tx.query<{ companyId: string; personId: string; userId: string | null; open: boolean; name: string }>(WAKE, [now]);
    await notify(
      tx,
      runtime,
      woken.flatMap(({ companyId, personId, userId, open, name }) =>
        userId === null || !open
          ? []
          : [
              {
                companyId,
                userId,
                personId,
                kind: 'conversation_back' as const,
                title: `Back from its snooze: ${name}`,
                link: `/conversations/${personId}`,
                key: `conversation_back:${personId}:${now.getTime()}`,
              },
            ],
      ),
    );
    for (const [companyId, rows] of Map.groupBy(woken, (row) => row.companyId))
      await tellPages(
        tx,
        companyId,
        rows.map((row) => row.personId),
      );
    await tx.query(FORGET, [now]);
    return woken.length;
  });
}

/** The worker's share. */
export function tendConversations(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'look for snoozes that are over', round: () => wakeSnoozed(runtime) });
}
