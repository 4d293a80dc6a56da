import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { positionOf } from '#modules/people/public.ts';
import { EDGES } from '../edge.ts';
import { RehearsalNotFound } from '../errors.ts';
import { getRehearsal } from '../rehearsal.ts';
import { MESSAGE_STATES, PERSON_OUTCOMES } from '../tables.ts';

const rehearsalId = z.uuid().describe('Id of the rehearsal');
const day = z.iso.date();

const Person = z.object({
  personId: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  timeZone: z.string().nullable(),
  outcome: z.enum(PERSON_OUTCOMES),
  detail: z.string().nullable().describe('How it ended, or what keeps them out'),
  stepId: z.string().nullable().describe('Where it ended or stands'),
  sent: z.int(),
  blocked: z.int(),
  rules: z.array(z.string()),
  edge: z.array(z.string()).describe('Why they are worth a look'),
});

const PERSON = `select t.person_id as "personId", p.full_name as name, p.email, p.time_zone as "timeZone", t.outcome, t.detail, t.step_id as "stepId", t.sent, t.blocked, t.rules, t.edge
    from rehearsal_people t join people p on p.id = t.person_id and p.company_id = t.company_id`;

/** Who is worth a look comes first, then by name. Twenty thousand rows at most are narrowed, within one rehearsal. */
const PEOPLE: Statement = {
  name: 'rehearsals.people',
  text: `${PERSON}
    where t.company_id = $1 and t.rehearsal_id = $2
      and ($4::text is null or t.outcome = $4) and ($5::text is null or t.detail = $5) and ($6::text is null or $6 = any (t.rules))
      and ($7::text is null or t.path @> jsonb_build_array(jsonb_build_object('step_id', $7::text))) and ($8::text is null or t.step_id = $8)
      and ($9::date is null or exists (select from rehearsal_messages m where m.rehearsal_id = t.rehearsal_id and m.person_id = t.person_id and m.own and m.day = $9::date))
      and ($10::text is null or $10 = any (t.edge)) and ($11::boolean is null or (t.edge <> '{}') = $11)
      and ($12::int is null or ((t.edge = '{}')::int, p.full_name, t.person_id) > ($12, $13::text, $14::uuid))
    order by (t.edge = '{}')::int, p.full_name, t.person_id limit $3`,
};

export const rehearsalPeople = operation({
  name: 'rehearsals.people',
  summary: 'The people behind a number of a rehearsal; those worth a look first',
  http: 'GET /api/rehearsals/{rehearsal_id}/people',
  cli: 'rehearsals people',
  access: 'read',
  input: z.object({
    ...pageInput,
    rehearsalId,
    outcome: z.enum(PERSON_OUTCOMES).optional(),
    detail: z.string().max(500).optional().describe('How it ended: no_reply, message.replied, opted_out …'),
    rule: z.string().max(100).optional().describe('Blocked by this rule at least once'),
    reached: z.string().max(100).optional().describe('Came to this step'),
    step: z.string().max(100).optional().describe('Ended or stands at this step'),
    day: day.optional().describe('With a message on this day'),
    edge: z.enum(EDGES).optional(),
    notable: z.boolean().optional().describe('true: only those who are worth a look'),
  }),
  output: pageOf(Person),
  errors: [RehearsalNotFound],
  async run(ctx, input) {
    await getRehearsal(ctx, ctx.companyId, input.rehearsalId);
    const after = input.cursor === undefined ? [null, null, null] : peoplePosition(input.cursor);
    const rows = await ctx.query<z.output<typeof Person>>(PEOPLE, [
      ctx.companyId,
      input.rehearsalId,
      input.limit + 1,
      input.outcome ?? null,
      input.detail ?? null,
      input.rule ?? null,
      input.reached ?? null,
      input.step ?? null,
      input.day ?? null,
      input.edge ?? null,
      input.notable ?? null,
      ...after,
    ]);
    return toPage(rows, input.limit, (row) => [row.edge.length === 0 ? 1 : 0, row.name, row.personId]);
  },
});

const Position = z.tuple([z.literal([0, 1]), z.string().refine((text) => !text.includes('\u0000') && text.isWellFormed()), z.uuid()]);

function peoplePosition(cursor: string): [number, string, string] {
  const parsed = Position.safeParse(decodeCursor(cursor, 3));
  if (parsed.success) return parsed.data;
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}

const Message = z.object({
  id: z.uuid(),
  personId: z.uuid(),
  personName: z.string(),
  own: z.boolean().describe('False: of another sequence that they are in'),
  workflow: z.string(),
  stepId: z.string(),
  class: z.string(),
  state: z.enum(MESSAGE_STATES),
  at: z.date().describe('When it would leave, or was blocked'),
  day: z.string(),
  fromEmail: z.string(),
  toEmail: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
  rules: z.array(z.string()).describe('What stands in the way'),
  reasons: z.array(z.object({ rule: z.string(), decision: z.string(), says: z.string(), fix: z.string() })),
});

const MESSAGE = `select t.id, t.person_id as "personId", p.full_name as "personName", t.own, t.workflow, t.step_id as "stepId", t.class, t.state, t.at, t.day::text as day, t.from_email as "fromEmail",
    t.to_email as "toEmail", t.subject, t.text, t.html, t.rules, t.reasons
  from rehearsal_messages t join people p on p.id = t.person_id and p.company_id = t.company_id`;
const MESSAGES: Statement = {
  name: 'rehearsals.messages',
  text: `${MESSAGE}
    where t.company_id = $1 and t.rehearsal_id = $2 and ($4::date is null or t.day = $4::date) and ($5::text is null or t.state = $5) and ($6::text is null or t.step_id = $6)
      and ($7::uuid is null or t.person_id = $7) and ($8::text is null or $8 = any (t.rules)) and ($9::boolean is null or t.own = $9)
      and ($10::timestamptz is null or (t.at, t.id) > ($10, $11::uuid))
    order by t.at, t.id limit $3`,
};

export const rehearsalMessages = operation({
  name: 'rehearsals.messages',
  summary: 'The mails of a rehearsal in the order in which they would leave, each as it would be written',
  http: 'GET /api/rehearsals/{rehearsal_id}/messages',
  cli: 'rehearsals messages',
  access: 'read',
  input: z.object({
    ...pageInput,
    rehearsalId,
    day: day.optional(),
    state: z.enum(MESSAGE_STATES).optional(),
    step: z.string().max(100).optional(),
    personId: z.uuid().optional(),
    rule: z.string().max(100).optional().describe('What stands in the way'),
    own: z.boolean().optional().describe('false: those of other sequences'),
  }),
  output: pageOf(Message),
  errors: [RehearsalNotFound],
  async run(ctx, input) {
    await getRehearsal(ctx, ctx.companyId, input.rehearsalId);
    const [at, id] = input.cursor === undefined ? [null, null] : positionOf(input.cursor);
    const rows = await ctx.query<z.output<typeof Message>>(MESSAGES, [
      ctx.companyId,
      input.rehearsalId,
      input.limit + 1,
      input.day ?? null,
      input.state ?? null,
      input.step ?? null,
      input.personId ?? null,
      input.rule ?? null,
      input.own ?? null,
      at,
      id,
    ]);
    return toPage(rows, input.limit, (row) => [row.at.getTime(), row.id]);
  },
});

const Leg = z.object({
  stepId: z.string(),
  type: z.string(),
  state: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  until: z.string().nullable(),
  reason: z.string().nullable(),
  error: z.string().nullable(),
  output: z.json().nullable(),
});
interface StoredLeg {
  readonly step_id: string;
  readonly type: string;
  readonly state: string;
  readonly from: string;
  readonly to?: string;
  readonly until?: string;
  readonly reason?: string;
  readonly error?: string;
  readonly output?: z.output<typeof Leg>['output'];
}

const ONE: Statement = {
  name: 'rehearsals.person',
  text: `${PERSON.replace('t.edge\n', 't.edge, t.path\n')} where t.company_id = $1 and t.rehearsal_id = $2 and t.person_id = $3`,
};
const OF_ONE: Statement = {
  name: 'rehearsals.person_messages',
  text: `${MESSAGE} where t.company_id = $1 and t.rehearsal_id = $2 and t.person_id = $3 order by t.at, t.id limit 200`,
};

export const rehearsalPerson = operation({
  name: 'rehearsals.person',
  summary: 'One person’s way through a rehearsal, step by step, with their mails',
  http: 'GET /api/rehearsals/{rehearsal_id}/people/{person_id}',
  cli: 'rehearsals person',
  access: 'read',
  input: z.object({ rehearsalId, personId: z.uuid() }),
  output: Person.extend({ path: z.array(Leg), messages: z.array(Message) }),
  errors: [RehearsalNotFound],
  async run(ctx, input) {
    await getRehearsal(ctx, ctx.companyId, input.rehearsalId);
    const values = [ctx.companyId, input.rehearsalId, input.personId];
    const [person] = await ctx.query<z.output<typeof Person> & { path: StoredLeg[] }>(ONE, values);
    if (person === undefined) throw new NotFound('This person is not in the rehearsal');
    const messages = await ctx.query<z.output<typeof Message>>(OF_ONE, values);
    const path = person.path.map((leg) => ({
      stepId: leg.step_id,
      type: leg.type,
      state: leg.state,
      from: leg.from,
      to: leg.to ?? null,
      until: leg.until ?? null,
      reason: leg.reason ?? null,
      error: leg.error ?? null,
      output: leg.output ?? null,
    }));
    return { ...person, path, messages };
  },
});
