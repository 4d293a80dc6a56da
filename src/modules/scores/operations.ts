import { z } from 'zod';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { activeUsers } from '#modules/accounts/public.ts';
import { getPerson } from '#modules/people/public.ts';
import type { Ctx } from '#core/operation/context.ts';
import { speaksOf } from './compute.ts';
import { modelOf, saveModel, type Model } from './model.ts';
import { previewOf } from './preview.ts';
import { LeadScore, scoreOfLead, scoreOfPerson } from './read.ts';
import { BUILT_IN, BUILT_IN_GRADES, BUILT_IN_ROUTES, GRADES, Grades, Route, Rule } from './rules.ts';

const MOST_RULES = 60;

const rules = () =>
  z
    .array(Rule)
    .max(MOST_RULES)
    .refine((all) => new Set(all.map((rule) => rule.id)).size === all.length, { error: 'Two rules have the same id' });
const routes = () =>
  z
    .array(Route)
    .max(3)
    .refine((all) => new Set(all.map((route) => route.grade)).size === all.length, { error: 'One route a grade' });

const ModelOutput = z.object({
  rules: z.array(Rule),
  grades: Grades,
  routes: z.array(Route),
  changed: z.boolean().describe('False: the built-in rules'),
  updatedAt: z.date(),
});

function shown(model: Model): z.input<typeof ModelOutput> {
  const { changed, updatedAt } = model;
  return { rules: [...model.rules], grades: model.grades, routes: [...model.routes], changed, updatedAt };
}

/** @throws InvalidInput a rule on the score itself, or a route to nobody */
async function check(ctx: Ctx, given: { readonly rules: readonly Rule[]; readonly routes?: readonly Route[] }): Promise<void> {
  given.rules.forEach((rule, i) => {
    if (['lead.score', 'lead.grade'].some((field) => speaksOf(rule.when, field)))
      throw new InvalidInput('A rule cannot ask for the score that it makes', {
        fields: [{ path: `rules.${i}.when`, message: 'speaks of the score' }],
      });
  });
  const owners = (given.routes ?? []).flatMap(({ ownerId }) => ownerId ?? []);
  const known = owners.length === 0 ? [] : await activeUsers(ctx, ctx.companyId, owners);
  (given.routes ?? []).forEach((route, i) => {
    if (route.ownerId !== null && !known.some((user) => user.id === route.ownerId))
      throw new NotFound('There is no such user who could own leads', { fields: [{ path: `routes.${i}.owner_id`, message: 'not found' }] });
  });
}

export const getModel = operation({
  name: 'scores.model',
  summary: 'The rules that leads are scored by, the grades, and what happens when a lead comes up to one',
  http: 'GET /api/scores/model',
  cli: 'scores model',
  access: 'read',
  input: z.object({}),
  output: ModelOutput,
  run: async (ctx) => shown(await modelOf(ctx, ctx.companyId)),
});

export const configureModel = operation({
  name: 'scores.configure',
  summary: 'Change the rules, grades and routes; every score follows within minutes, and nobody is told of crossings that the change makes',
  http: 'PUT /api/scores/model',
  cli: 'scores configure',
  access: 'write',
  role: 'manager',
  input: z.object({ rules: rules(), grades: Grades.default(BUILT_IN_GRADES), routes: routes().default([...BUILT_IN_ROUTES]) }),
  output: ModelOutput,
  async run(ctx, input) {
    await check(ctx, input);
    ctx.expectVersion(await modelOf(ctx, ctx.companyId));
    await saveModel(ctx, ctx.companyId, input, ctx.clock.now());
    return shown(await modelOf(ctx, ctx.companyId));
  },
});

export const resetModel = operation({
  name: 'scores.reset',
  summary: 'Put the built-in rules, grades and routes back',
  http: 'POST /api/scores/model/reset',
  cli: 'scores reset',
  access: 'write',
  role: 'manager',
  input: z.object({}),
  output: ModelOutput,
  status: 200,
  async run(ctx) {
    await saveModel(ctx, ctx.companyId, null, ctx.clock.now());
    return shown(await modelOf(ctx, ctx.companyId));
  },
});

const counts = z.object({ a: z.int(), b: z.int(), c: z.int(), d: z.int() });
const standing = z.object({ score: z.int(), grade: z.enum(GRADES) });

export const previewModel = operation({
  name: 'scores.preview',
  summary: 'Who would change grade with these rules; nothing is written',
  http: 'POST /api/scores/preview',
  cli: 'scores preview',
  access: 'read',
  input: z.object({ rules: rules(), grades: Grades.default(BUILT_IN_GRADES) }),
  output: z.object({
    looked: z.int().describe('Leads that were worked out'),
    all: z.boolean().describe('False: only those that changed last were'),
    before: counts,
    after: counts,
    changing: z.int(),
    changes: z.array(z.object({ leadId: z.uuid(), personId: z.uuid(), name: z.string(), from: standing, to: standing })),
  }),
  status: 200,
  async run(ctx, input) {
    await check(ctx, input);
    const preview = await previewOf(ctx, ctx.companyId, input, ctx.clock.now());
    return { ...preview, changes: [...preview.changes] };
  },
});

export const builtInModel = operation({
  name: 'scores.built_in',
  summary: 'The built-in rules, grades and routes',
  http: 'GET /api/scores/built-in',
  cli: 'scores built-in',
  access: 'read',
  input: z.object({}),
  output: ModelOutput.pick({ rules: true, grades: true, routes: true }),
  run: async () => ({ rules: [...BUILT_IN], grades: BUILT_IN_GRADES, routes: [...BUILT_IN_ROUTES] }),
});

export const getLeadScore = operation({
  name: 'scores.get',
  summary: 'How promising a lead is, and why',
  http: 'GET /api/lead-nurturing/leads/{lead_id}/score',
  cli: 'leads score',
  access: 'read',
  input: z.object({ leadId: z.uuid() }),
  output: LeadScore,
  async run(ctx, { leadId }) {
    const score = await scoreOfLead(ctx, ctx.companyId, leadId, ctx.clock.now());
    if (score === undefined) throw new NotFound('There is no such lead; list them with GET /api/lead-nurturing/leads');
    return score;
  },
});

export const getPersonScore = operation({
  name: 'scores.of_person',
  summary: 'How promising a person is as a lead, and why; null for who is no lead',
  http: 'GET /api/people/{person_id}/score',
  cli: 'people score',
  access: 'read',
  input: z.object({ personId: z.uuid() }),
  output: z.object({ score: LeadScore.nullable() }),
  async run(ctx, { personId }) {
    await getPerson(ctx, ctx.companyId, personId);
    return { score: (await scoreOfPerson(ctx, ctx.companyId, personId, ctx.clock.now())) ?? null };
  },
});
