import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { getPerson, PersonNotFound, positionOf, requireUser } from '#modules/people/public.ts';
import { callOff, enterAgain, moveCall, writeCall } from '../book.ts';
import { Call, CALL_COLUMNS, comingCalls, FROM_CALLS, getCall } from '../call.ts';
import { bookTime } from '../choose.ts';
import { CalendarsUnread, CallKindNotFound, CallNotFound, CallPlanned, CallSettled, TimeTaken } from '../errors.ts';
import { zoneName } from '../hours.ts';
import { findKind, getKind } from '../kind.ts';
import { offerOf } from '../slots/offer.ts';
import { callLink } from '../word.ts';

const callId = () => z.uuid().describe('Id of the call');
const personId = () => z.uuid().describe('Id of the person');
const userOf = ({ principal }: Ctx): string | null => ('userId' in principal ? principal.userId : null);

const statements = new Map<string, Statement>();
const PARTS = { personId: 'k.person_id = ?', hostId: 'k.host_id = ?', state: 'k.state = ?' } as const;

export const listCalls = operation({
  name: 'calls.list',
  summary: 'Calls: those still to come, the next first, or those that were, the last first',
  http: 'GET /api/calls',
  cli: 'calls list',
  access: 'read',
  input: z.object({
    ...pageInput,
    when: z.enum(['coming', 'past']).default('coming'),
    personId: z.uuid().optional(),
    hostId: z.uuid().optional().describe('User'),
    state: z.enum(['planned', 'cancelled']).optional(),
  }),
  output: pageOf(Call),
  async run(ctx, input) {
    // The keys of a literal object are exactly its type's keys.
    const used = (Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((part) => input[part] !== undefined);
    const after = input.cursor === undefined ? [] : positionOf(input.cursor);
    const coming = input.when === 'coming';
    const where = [
      'k.company_id = $1',
      coming ? 'k.ends_at > $2' : 'k.ends_at <= $2',
      ...used.map((part, i) => PARTS[part].replace('?', `$${i + 4}`)),
      ...(after.length > 0
        ? [`(k.starts_at, k.id) ${coming ? '>' : '<'} ($${used.length + 4}::timestamptz, $${used.length + 5}::uuid)`]
        : []),
    ];
    const name = ['calls.list', input.when, ...used, after.length > 0 ? 'after' : 'first'].join('.');
    const order = coming ? 'k.starts_at, k.id' : 'k.starts_at desc, k.id desc';
    const text = `select ${CALL_COLUMNS} from ${FROM_CALLS} where ${where.join(' and ')} order by ${order} limit $3`;
    const statement = statements.get(name) ?? { name, text };
    statements.set(name, statement);
    const values = [ctx.companyId, ctx.clock.now(), input.limit + 1, ...used.map((part) => input[part]), ...after];
    const rows = await ctx.query<Call>(statement, values);
    return toPage(rows, input.limit, (row) => [row.startsAt.getTime(), row.id]);
  },
});

export const getCallOperation = operation({
  name: 'calls.get',
  summary: 'One call',
  http: 'GET /api/calls/{call_id}',
  cli: 'calls show',
  access: 'read',
  input: z.object({ callId: callId() }),
  output: Call,
  errors: [CallNotFound],
  run: (ctx, input) => getCall(ctx, ctx.companyId, input.callId),
});

export const callTimes = operation({
  name: 'calls.times',
  summary: 'When a call of a kind may begin, as calendars stand now; and whose calendar cannot be read',
  http: 'GET /api/call-kinds/{kind_id}/times',
  cli: 'calls times',
  access: 'outside',
  unaudited: true,
  input: z.object({ kindId: z.uuid().describe('Id of the kind'), hostId: z.uuid().optional().describe('User; of this one alone') }),
  output: z.object({
    items: z.array(z.object({ at: z.date() })),
    unread: z.array(z.object({ hostId: z.uuid(), hostName: z.string(), why: z.string() })).describe('Their calendars cannot be read'),
    hidden: z.boolean().describe('true: times of those are not among the items; as the kind says'),
    nextCursor: z.null(),
  }),
  errors: [CallKindNotFound],
  async run(ctx, input) {
    const { companyId, runtime } = ctx;
    const kind = await runtime.database.read(companyId, async (tx) => {
      await requireUser(tx, companyId, input.hostId);
      return getKind(tx, companyId, input.kindId);
    });
    const { times, unread } = await offerOf(runtime, companyId, kind, { hostId: input.hostId ?? null });
    return {
      items: times.map((at) => ({ at })),
      unread: unread.map(({ host, why }) => ({ hostId: host.userId, hostName: host.name, why })),
      hidden: kind.unread === 'hide',
      nextCursor: null,
    };
  },
});

export const bookCall = operation({
  name: 'calls.book',
  summary: 'Book one of the times on offer for a person; they get the invitation by mail',
  http: 'POST /api/calls',
  cli: 'calls book',
  access: 'outside',
  status: 201,
  input: z.object({
    personId: personId(),
    kindId: z.uuid().describe('Id of the kind'),
    at: z.date().describe('One of the times of calls.times'),
    hostId: z.uuid().optional().describe('User; whoever is free when left out'),
    timeZone: zoneName().optional().describe('Of the person, as words tell the time; what is known of them when left out'),
    note: z.string().trim().max(2_000).default(''),
  }),
  output: Call,
  errors: [PersonNotFound, CallKindNotFound, CallPlanned, TimeTaken, CalendarsUnread],
  async run(ctx, input) {
    const { companyId, runtime } = ctx;
    await runtime.database.read(companyId, async (tx) => {
      await getPerson(tx, companyId, input.personId);
      await requireUser(tx, companyId, input.hostId);
    });
    const call = await bookTime(runtime, companyId, {
      kindId: input.kindId,
      at: input.at,
      hostId: input.hostId ?? null,
      timeZone: input.timeZone ?? null,
      note: input.note,
      bookedBy: 'us',
      by: userOf(ctx),
      person: () => Promise.resolve(input.personId),
    });
    runtime.engine.nudge();
    return ctx.inCompany(companyId, (inner) => getCall(inner, companyId, call.id));
  },
});

export const planCallOperation = operation({
  name: 'calls.plan',
  summary: 'Plan a call at any time of your choice; calendars are not asked, another call of the same host is in the way',
  http: 'POST /api/calls/plan',
  cli: 'calls plan',
  access: 'write',
  status: 201,
  input: z.object({
    personId: personId(),
    at: z.date(),
    minutes: z.coerce.number().int().min(5).max(480).default(30),
    title: z.string().trim().min(1).max(120).default('Call'),
    place: z.string().trim().max(500).default('').describe('A link, a number or an address'),
    hostId: z.uuid().nullable().optional().describe('User; you when left out'),
  }),
  output: Call,
  errors: [PersonNotFound, TimeTaken],
  async run(ctx, input) {
    await getPerson(ctx, ctx.companyId, input.personId);
    await requireUser(ctx, ctx.companyId, input.hostId);
    const { personId: person, at, minutes, title, place } = input;
    const hostId = input.hostId === undefined ? userOf(ctx) : input.hostId;
    return writeCall(ctx, ctx.runtime, ctx.companyId, {
      personId: person, kindId: null, hostId, title, startsAt: at, minutes, place, timeZone: null, bookedBy: 'us', by: userOf(ctx),
    }); // prettier-ignore
  },
});

export const moveCallOperation = operation({
  name: 'calls.move',
  summary: 'Move a call to any time; the entry in both calendars moves with it. One that was called off is planned anew',
  http: 'PUT /api/calls/{call_id}',
  cli: 'calls move',
  access: 'write',
  input: z.object({
    callId: callId(),
    at: z.date(),
    minutes: z.coerce.number().int().min(5).max(480).optional().describe('As it is when left out'),
    place: z.string().trim().max(500).optional().describe('As it is when left out'),
  }),
  output: Call,
  errors: [CallNotFound, TimeTaken],
  async run(ctx, input) {
    const call = await getCall(ctx, ctx.companyId, input.callId, { lock: true });
    ctx.expectVersion(call);
    const minutes = input.minutes ?? (call.endsAt.getTime() - call.startsAt.getTime()) / 60_000;
    return moveCall(ctx, ctx.runtime, call, { startsAt: input.at, minutes, place: input.place ?? null, by: 'us' });
  },
});

export const cancelCallOperation = operation({
  name: 'calls.cancel',
  summary: 'Call a call off; a mail says so and takes it out of their calendar, and it leaves yours',
  http: 'PUT /api/calls/{call_id}/cancel',
  cli: 'calls cancel',
  access: 'write',
  input: z.object({ callId: callId() }),
  output: Call,
  errors: [CallNotFound, CallSettled],
  async run(ctx, input) {
    const call = await getCall(ctx, ctx.companyId, input.callId, { lock: true });
    ctx.expectVersion(call);
    return callOff(ctx, ctx.runtime, call, 'us');
  },
});

export const enterCallAgain = operation({
  name: 'calls.enter_again',
  summary: 'Put the entry of a call back into the calendar of its host, as it was planned',
  http: 'PUT /api/calls/{call_id}/entry',
  cli: 'calls enter-again',
  access: 'write',
  input: z.object({ callId: callId() }),
  output: Call,
  errors: [CallNotFound, CallSettled],
  async run(ctx, input) {
    const call = await getCall(ctx, ctx.companyId, input.callId, { lock: true });
    ctx.expectVersion(call);
    return enterAgain(ctx, ctx.runtime, call);
  },
});

export const callLinkOperation = operation({
  name: 'calls.link',
  summary: 'The link by which one person books a call of a kind, moves it or calls it off, without an account',
  http: 'POST /api/calls/link',
  cli: 'calls link',
  access: 'write',
  status: 200,
  input: z.object({ personId: personId(), kindId: z.uuid().describe('Id of the kind') }),
  output: z.object({ personId: z.uuid(), url: z.url(), planned: z.boolean().describe('A call of this kind is planned with them already') }),
  errors: [PersonNotFound, CallKindNotFound],
  async run(ctx, input) {
    const { companyId } = ctx;
    await getPerson(ctx, companyId, input.personId);
    if ((await findKind(ctx, companyId, input.kindId)) === null) throw new CallKindNotFound('There is no such kind of call');
    const planned = await comingCalls(ctx, companyId, input.personId, ctx.clock.now(), input.kindId);
    ctx.subject('people', input.personId);
    return {
      personId: input.personId,
      url: callLink(ctx.runtime, { companyId, personId: input.personId, kindId: input.kindId }),
      planned: planned.length > 0,
    };
  },
});
