import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import type { Rule } from './rule.ts';

/** No such assignment rule in this company. */
export class AssignmentRuleNotFound extends NotFound {
  override readonly code = 'assignment_rule_not_found';
}

const COLUMNS = `r.id, r.company_id as "companyId", r.name, r.position, r.active, r.fits, r.pick, r.user_ids as "userIds", r.hours,
  r.created_at as "createdAt", r.updated_at as "updatedAt"`;
const LIST: Statement = {
  name: 'assignment.rules.list',
  text: `select ${COLUMNS} from assignment_rules r where r.company_id = $1 order by r.position, r.id limit 200`,
};
const LOCK: Statement = {
  name: 'assignment.rules.lock',
  text: `select ${COLUMNS} from assignment_rules r where r.id = $1 and r.company_id = $2 for update`,
};
const WRITE: Statement = {
  name: 'assignment.rules.write',
  text: `insert into assignment_rules as r (id, company_id, name, position, active, fits, pick, user_ids, hours, created_at, updated_at)
         values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from assignment_rules where company_id = $2), $4, $5, $6, $7, $8, $9, $9)
         on conflict (id) do update set name = excluded.name, active = excluded.active, fits = excluded.fits, pick = excluded.pick,
           user_ids = excluded.user_ids, hours = excluded.hours, updated_at = excluded.updated_at
         where r.company_id = excluded.company_id
         returning ${COLUMNS}`,
};
const DELETE: Statement = { name: 'assignment.rules.delete', text: 'delete from assignment_rules where id = $1 and company_id = $2' };
const ORDER: Statement = {
  name: 'assignment.rules.order',
  text: `update assignment_rules r set position = o.position, updated_at = $3
           from unnest($2::uuid[]) with ordinality as o(id, position) where r.id = o.id and r.company_id = $1`,
};

export type RuleDraft = Pick<Rule, 'name' | 'active' | 'fits' | 'pick' | 'userIds' | 'hours'>;

/** In the order in which they are asked. */
export function listRules(tx: Transaction, companyId: string): Promise<Rule[]> {
  return tx.query<Rule>(LIST, [companyId]);
}

/** @throws AssignmentRuleNotFound */
export async function lockRule(tx: Transaction, companyId: string, ruleId: string): Promise<Rule> {
  const [rule] = await tx.query<Rule>(LOCK, [ruleId, companyId]);
  if (rule === undefined) throw new AssignmentRuleNotFound('There is no such assignment rule; list them with GET /api/assignment/rules');
  return rule;
}

/** A new rule comes last. */
export async function writeRule(tx: Transaction, companyId: string, id: string, draft: RuleDraft, at: Date): Promise<Rule> {
  const [rule] = await tx.query<Rule>(WRITE, [
    id, companyId, draft.name, draft.active, JSON.stringify(draft.fits), draft.pick, draft.userIds, draft.hours === null ? null : JSON.stringify(draft.hours), at,
  ]); // prettier-ignore
  if (rule === undefined) throw new Error('the assignment rule was not written');
  return rule;
}

export async function deleteRule(tx: Transaction, companyId: string, ruleId: string): Promise<void> {
  await tx.query(DELETE, [ruleId, companyId]);
}

export async function orderRules(tx: Transaction, companyId: string, ruleIds: readonly string[], at: Date): Promise<void> {
  await tx.query(ORDER, [companyId, ruleIds, at]);
}

const TEAM: Statement = {
  name: 'assignment.team',
  text: `select u.id as "userId", coalesce(nullif(u.full_name, ''), u.email) as name, case when a.until > $2 then a.until end as "awayUntil",
           (select count(*)::int from leads l where l.owner_id = u.id and l.company_id = $1 and l.status not in ('converted', 'lost', 'unsubscribed')) as "openLeads"
      from users u left join assignment_absences a on a.user_id = u.id and a.company_id = u.company_id
     where u.company_id = $1 and u.is_active and u.deleted_at is null order by u.created_at, u.id`,
};
const AWAY: Statement = {
  name: 'assignment.away',
  text: `insert into assignment_absences (company_id, user_id, until, updated_at) values ($1, $2, $3, $4)
         on conflict (user_id) do update set until = excluded.until, updated_at = excluded.updated_at`,
};

export interface Teammate {
  readonly userId: string;
  readonly name: string;
  readonly awayUntil: Date | null;
  readonly openLeads: number;
}

export function listTeam(tx: Transaction, companyId: string, now: Date): Promise<Teammate[]> {
  return tx.query<Teammate>(TEAM, [companyId, now]);
}

/** No new leads until then; a moment in the past: back at work. */
export async function setAway(tx: Transaction, companyId: string, userId: string, until: Date, at: Date): Promise<void> {
  await tx.query(AWAY, [companyId, userId, until, at]);
}
