import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import { changeLeadStatus, type LeadStatus } from '#modules/leads/public.ts';
import { notify, type NewNotification } from '#modules/notifications/public.ts';
import { modelOf } from './model.ts';
import { GRADES } from './rules.ts';

const Reached = z.object({
  threshold: z.number(),
  grade: z.enum(GRADES),
  score: z.number(),
  top: z.boolean(),
  reasons: z.array(z.string()),
});

interface Listener {
  readonly leadId: string;
  readonly personId: string;
  readonly name: string;
  readonly userIds: readonly string[];
}

/** Gives leads that nobody owns to the user of the route, who must still be there. */
const ASSIGN: Statement = {
  name: 'scores.assign',
  text: `update leads l set owner_id = u.id, updated_at = $3
           from jsonb_to_recordset($2::jsonb) as e(lead_id uuid, owner_id uuid)
           join users u on u.id = e.owner_id and u.company_id = $1 and u.is_active and u.deleted_at is null
          where l.id = e.lead_id and l.company_id = $1 and l.owner_id is null and l.status not in ('converted', 'lost', 'unsubscribed')`,
};
const LISTENERS: Statement = {
  name: 'scores.listeners',
  text: `select l.id as "leadId", p.id as "personId", coalesce(nullif(p.full_name, ''), p.email, 'Somebody') as name,
           coalesce((select array[u.id] from users u where u.id = coalesce(l.owner_id, p.owner_id) and u.company_id = $1 and u.is_active and u.deleted_at is null),
             array(select u.id from users u where u.company_id = $1 and u.role = 'admin' and u.is_active and u.deleted_at is null)) as "userIds"
         from leads l join people p on p.id = l.person_id and p.company_id = $1 where l.company_id = $1 and l.id = any($2::uuid[])`,
};

/** Statuses that a lead may be moved on from: never back, and never out of an end. */
const EARLIER: Record<'contacted' | 'engaged' | 'qualified', readonly LeadStatus[]> = {
  contacted: ['new'],
  engaged: ['new', 'contacted'],
  qualified: ['new', 'contacted', 'engaged'],
};

/** A lead came up to a grade: what the company's routes say, in the transaction that takes the event off the outbox. */
export const onScoreReached: EventHandler = {
  event: 'lead.score_reached',
  name: 'scores.routes',
  async handle(tx, events, runtime) {
    for (const [companyId, ofCompany] of Map.groupBy(events, (event) => event.companyId)) {
      const { routes } = await modelOf(tx, companyId);
      const found = ofCompany.flatMap((event) => {
        const reached = Reached.parse(event.payload);
        const route = routes.find(({ grade }) => grade === reached.grade);
        return route === undefined ? [] : [{ eventId: event.id, leadId: event.subject.id, reached, route }];
      });
      if (found.length === 0) continue;
      const given = found.flatMap(({ leadId, route }) => (route.ownerId === null ? [] : [{ lead_id: leadId, owner_id: route.ownerId }]));
      if (given.length > 0) await tx.query(ASSIGN, [companyId, JSON.stringify(given), runtime.clock.now()]);
      await changeLeadStatus(
        tx,
        runtime,
        found.flatMap(({ leadId, route: { status } }) =>
          status === null ? [] : [{ companyId, leadId, to: status, onlyFrom: EARLIER[status], reason: 'score' }],
        ),
      );
      const told = found.filter(({ reached, route }) => route.notify && reached.top);
      const listeners = told.length === 0 ? [] : await tx.query<Listener>(LISTENERS, [companyId, told.map(({ leadId }) => leadId)]);
      const byLead = new Map(listeners.map((row) => [row.leadId, row]));
      const entries = told.flatMap(({ eventId, leadId, reached }): NewNotification[] => {
        const listener = byLead.get(leadId);
        if (listener === undefined) return [];
        const hot = reached.grade === 'A';
        return listener.userIds.map((userId) => ({
          companyId,
          userId,
          kind: hot ? 'hot_lead' : 'score_reached',
          key: `score:${eventId}`,
          title: hot
            ? `${listener.name} is hot: score ${reached.score}`
            : `${listener.name} came up to grade ${reached.grade}: score ${reached.score}`,
          body: reached.reasons.join(' · '),
          link: `/people/${listener.personId}`,
          personId: listener.personId,
        }));
      });
      await notify(tx, runtime, entries);
    }
  },
};
