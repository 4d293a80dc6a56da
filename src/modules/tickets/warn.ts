import type { Statement } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import { notify } from '#modules/notifications/public.ts';

/** Who works on them; where nobody does, the admins and managers of the company. */
const AUDIENCE: Statement = {
  name: 'tickets.warned',
  text: `select t.id, t.company_id as "companyId", t.person_id as "personId", t.number::float8 as number, t.subject, u.id as "userId"
           from tickets t join users u on u.company_id = t.company_id and u.is_active and u.deleted_at is null
            and case when t.assignee_id is null then u.role in ('admin', 'manager') else u.id = t.assignee_id end
          where t.id = any ($1::uuid[]) and t.company_id = any ($2::uuid[])`,
};

const TARGETS: Readonly<Record<string, string>> = { first_response: 'first answer', next_response: 'next answer', resolution: 'solution' };

/** A target that is near, or broken, is told to whoever works on the ticket. */
const warns = (event: 'ticket.target_soon' | 'ticket.target_broken'): EventHandler => ({
  event,
  name: `tickets.warn.${event}`,
  async handle(tx, events, runtime) {
    const rows = await tx.query<{ id: string; companyId: string; personId: string; number: number; subject: string; userId: string }>(
      AUDIENCE,
      [events.map(({ subject }) => subject.id), events.map(({ companyId }) => companyId)],
    );
    await notify(
      tx,
      runtime,
      events.flatMap(({ subject, companyId, payload }) => {
        const what = TARGETS[String(payload?.['target'])] ?? 'answer';
        const due = String(payload?.['due_at']);
        return rows
          .filter((row) => row.id === subject.id && row.companyId === companyId)
          .map((row) => ({
            companyId,
            userId: row.userId,
            personId: row.personId,
            kind: 'ticket_target' as const,
            title: event === 'ticket.target_soon' ? `The ${what} on #${row.number} is due soon` : `The ${what} on #${row.number} is late`,
            body: row.subject,
            link: `/tickets/${row.id}`,
            key: `${event}:${row.id}:${what}:${due}`,
          }));
      }),
    );
  },
});

export const warnings: readonly EventHandler[] = [warns('ticket.target_soon'), warns('ticket.target_broken')];
