import { z } from 'zod';
import { Forbidden, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { atLeast } from '#core/operation/principal.ts';
import { activeUsers } from '#modules/accounts/public.ts';
import { requireUser } from '#modules/people/public.ts';
import { assignOwners } from '../assignment/assign.ts';
import { originOf } from '../assignment/origin.ts';
import { Fits, Hours, PICKS, Rule } from '../assignment/rule.ts';
import {
  AssignmentRuleNotFound,
  deleteRule,
  listRules,
  listTeam,
  lockRule,
  orderRules,
  setAway,
  writeRule,
  type RuleDraft,
} from '../assignment/store.ts';
import { LeadNotFound } from '../lead.ts';
import { moment } from './fields.ts';

const ruleId = () => z.uuid().describe('Id of the rule');
const draft = {
  name: z.string().trim().min(1).max(120),
  active: z.boolean(),
  fits: Fits,
  pick: z.enum(PICKS).describe('round_robin: in turn; load: who has the fewest open leads; fixed: the first who is there'),
  userIds: z.array(z.uuid()).min(1).max(200).describe('Users of this company, in turn order'),
  hours: Hours.nullable().describe('Only then, in the company’s time zone; null: at any hour'),
};
const NO_FITS = Fits.parse({});

/** Everybody named is a colleague, once. */
async function checkUsers(ctx: Ctx, rule: Pick<RuleDraft, 'userIds'>): Promise<void> {
  const known = new Set((await activeUsers(ctx, ctx.companyId, rule.userIds)).map((user) => user.id));
  const fault = rule.userIds.some((id) => !known.has(id))
    ? 'names somebody who is no active user here'
    : new Set(rule.userIds).size < rule.userIds.length
      ? 'names somebody twice'
      : null;
  if (fault !== null) throw new InvalidInput(`The list of users ${fault}`, { fields: [{ path: 'user_ids', message: fault }] });
}

export const listAssignmentRules = operation({
  name: 'assignment.rules',
  summary: 'Rules that give new leads their owner, in the order in which they are asked',
  http: 'GET /api/assignment/rules',
  cli: 'assignment rules',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Rule), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await listRules(ctx, ctx.companyId), nextCursor: null }),
});

export const createAssignmentRule = operation({
  name: 'assignment.create_rule',
  summary: 'Add a rule that gives new leads their owner; it is asked last',
  http: 'POST /api/assignment/rules',
  access: 'write',
  role: 'manager',
  input: z.object({
    ...draft,
    active: draft.active.default(true),
    fits: Fits.default(NO_FITS),
    pick: draft.pick.default('round_robin'),
    hours: draft.hours.default(null),
  }),
  output: Rule,
  async run(ctx, input) {
    await checkUsers(ctx, input);
    return writeRule(ctx, ctx.companyId, newId(), input, ctx.clock.now());
  },
});

export const updateAssignmentRule = operation({
  name: 'assignment.update_rule',
  summary: 'Change a rule that gives new leads their owner',
  http: 'PUT /api/assignment/rules/{rule_id}',
  access: 'write',
  role: 'manager',
  input: z.object({ ruleId: ruleId(), ...z.object(draft).partial().shape }),
  output: Rule,
  errors: [AssignmentRuleNotFound],
  async run(ctx, { ruleId: id, ...changes }) {
    const rule = await lockRule(ctx, ctx.companyId, id);
    ctx.expectVersion(rule);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const next = { ...rule, ...given };
    if (changes.userIds !== undefined) await checkUsers(ctx, next);
    return writeRule(ctx, ctx.companyId, id, next, ctx.clock.now());
  },
});

export const deleteAssignmentRule = operation({
  name: 'assignment.delete_rule',
  summary: 'Delete an assignment rule; owners stay',
  http: 'DELETE /api/assignment/rules/{rule_id}',
  access: 'write',
  role: 'manager',
  destructive: true,
  input: z.object({ ruleId: ruleId() }),
  output: z.null(),
  errors: [AssignmentRuleNotFound],
  async run(ctx, input) {
    const rule = await lockRule(ctx, ctx.companyId, input.ruleId);
    ctx.expectVersion(rule);
    await deleteRule(ctx, ctx.companyId, rule.id);
    ctx.subject('assignment', rule.id);
    return null;
  },
});

export const orderAssignmentRules = operation({
  name: 'assignment.order_rules',
  summary: 'Say in which order the assignment rules are asked',
  http: 'POST /api/assignment/rules/order',
  access: 'write',
  role: 'manager',
  input: z.object({ ruleIds: z.array(z.uuid()).min(1).max(200).describe('All rules, the first to ask first') }),
  output: z.object({ items: z.array(Rule) }),
  errors: [AssignmentRuleNotFound],
  async run(ctx, input) {
    const known = new Set((await listRules(ctx, ctx.companyId)).map((rule) => rule.id));
    if (input.ruleIds.some((id) => !known.has(id))) throw new AssignmentRuleNotFound('One of these is no assignment rule here');
    await orderRules(ctx, ctx.companyId, input.ruleIds, ctx.clock.now());
    return { items: await listRules(ctx, ctx.companyId) };
  },
});

const Teammate = z.object({
  userId: z.uuid(),
  name: z.string(),
  awayUntil: z.date().nullable().describe('Gets no new leads until then'),
  openLeads: z.int(),
});

export const assignmentTeam = operation({
  name: 'assignment.team',
  summary: 'Who can get leads: open leads, and until when somebody is away',
  http: 'GET /api/assignment/team',
  cli: 'assignment team',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Teammate), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await listTeam(ctx, ctx.companyId, ctx.clock.now()), nextCursor: null }),
});

export const setAbsence = operation({
  name: 'assignment.set_away',
  summary: 'Somebody is away, or back: gets no new leads until a moment',
  http: 'PUT /api/assignment/team/{user_id}',
  access: 'write',
  input: z.object({ userId: z.uuid(), awayUntil: moment().nullable().describe('null: back at work') }),
  output: z.object({ items: z.array(Teammate) }),
  async run(ctx, input) {
    await requireUser(ctx, ctx.companyId, input.userId);
    const own = ctx.principal.kind === 'user' && ctx.principal.userId === input.userId;
    if (!own && 'role' in ctx.principal && !atLeast(ctx.principal.role, 'manager'))
      throw new Forbidden('Only a manager says that somebody else is away');
    const now = ctx.clock.now();
    await setAway(ctx, ctx.companyId, input.userId, input.awayUntil ?? now, now);
    ctx.subject('users', input.userId);
    return { items: await listTeam(ctx, ctx.companyId, now) };
  },
});

export const applyAssignment = operation({
  name: 'assignment.apply',
  summary: 'Give these leads their owner by the rules now; those with an owner only when again is set',
  http: 'POST /api/assignment/apply',
  cli: 'assignment apply',
  access: 'write',
  role: 'manager',
  input: z.object({ leadIds: z.array(z.uuid()).min(1).max(10_000), again: z.boolean().default(false) }),
  output: z.object({
    assigned: z.array(z.object({ leadId: z.uuid(), userId: z.uuid(), reason: z.string() })),
    left: z.int().describe('Leads that no rule fits, or that have an owner'),
  }),
  async run(ctx, input) {
    const assigned = await assignOwners(ctx, ctx.companyId, input.leadIds, ctx.clock.now(), { again: input.again });
    for (const one of assigned.values())
      ctx.emit({ name: 'lead.assigned', subject: { type: 'lead', id: one.leadId }, payload: { user_id: one.userId, reason: one.reason } });
    return {
      assigned: [...assigned.values()].map(({ leadId, userId, reason }) => ({ leadId, userId, reason })),
      left: input.leadIds.length - assigned.size,
    };
  },
});

const Touch = z.record(z.string(), z.json()).nullable();

export const leadOrigin = operation({
  name: 'leads.origin',
  summary: 'Why a lead has its owner, and where it came from: first and last touch',
  http: 'GET /api/lead-nurturing/leads/{lead_id}/origin',
  cli: 'leads origin',
  access: 'read',
  input: z.object({ leadId: z.uuid().describe('Id of the lead') }),
  output: z.object({
    owner: z
      .object({
        userId: z.uuid(),
        name: z.string(),
        reason: z.string().nullable().describe('null: chosen by a person'),
        at: z.date().nullable(),
      })
      .nullable(),
    firstTouch: Touch.describe('utm_source …, referrer, landing_page of the first form'),
    firstAt: z.date().nullable(),
    lastTouch: Touch,
    lastAt: z.date().nullable(),
  }),
  errors: [LeadNotFound],
  async run(ctx, input) {
    const origin = await originOf(ctx, ctx.companyId, input.leadId);
    if (origin === undefined) throw new LeadNotFound('There is no such lead; list them with GET /api/lead-nurturing/leads');
    return origin;
  },
});
