import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { requireUsers } from '#modules/people/public.ts';
import { CallKindNotFound } from '../errors.ts';
import { makeHosts } from '../host.ts';
import { CallKind, getKind, KindFields, kindsOf, type Kind } from '../kind.ts';
import { openLink } from '../word.ts';

const kindId = () => z.uuid().describe('Id of the kind');
const shown = (ctx: Ctx, kind: Kind) => ({ ...kind, url: openLink(ctx.runtime, kind.id) });

export const listKinds = operation({
  name: 'call_kinds.list',
  summary: 'What calls are booked for: how long, with whom, how soon',
  http: 'GET /api/call-kinds',
  cli: 'calls kinds',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(CallKind), nextCursor: z.null() }),
  async run(ctx) {
    return { items: (await kindsOf(ctx, ctx.companyId)).map((kind) => shown(ctx, kind)), nextCursor: null };
  },
});

const WRITE = `title, description, minutes, step_minutes, before_minutes, after_minutes, notice_minutes, horizon_days, daily_limit, host_ids, place, unread, in_portal, open`;
const INSERT: Statement = {
  name: 'calls.kind_insert',
  text: `insert into call_kinds (id, company_id, position, created_at, updated_at, ${WRITE})
         values ($2, $1, (select count(*)::int from call_kinds where company_id = $1), $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
};
const UPDATE: Statement = {
  name: 'calls.kind_update',
  text: `update call_kinds set updated_at = $3, (${WRITE}) = row($4, $5, $6::int, $7::int, $8::int, $9::int, $10::int, $11::int, $12::int, $13::uuid[], $14, $15, $16::boolean, $17::boolean)
          where company_id = $1 and id = $2`,
};
const DELETE: Statement = { name: 'calls.kind_delete', text: 'delete from call_kinds where company_id = $1 and id = $2' };

type Fields = { [Name in keyof typeof KindFields]: z.output<(typeof KindFields)[Name]> };
const valuesOf = (kind: Fields) => [
  kind.title, kind.description, kind.minutes, kind.stepMinutes, kind.beforeMinutes, kind.afterMinutes, kind.noticeMinutes, kind.horizonDays, kind.dailyLimit, kind.hostIds,
  kind.place, kind.unread, kind.inPortal, kind.open,
]; // prettier-ignore

export const createKind = operation({
  name: 'call_kinds.create',
  summary: 'Offer a kind of call',
  http: 'POST /api/call-kinds',
  cli: 'calls add-kind',
  access: 'write',
  role: 'manager',
  input: z.object({
    ...KindFields,
    description: KindFields.description.default(''),
    minutes: KindFields.minutes.default(30),
    stepMinutes: KindFields.stepMinutes.default(30),
    beforeMinutes: KindFields.beforeMinutes.default(0),
    afterMinutes: KindFields.afterMinutes.default(0),
    noticeMinutes: KindFields.noticeMinutes.default(240),
    horizonDays: KindFields.horizonDays.default(30),
    dailyLimit: KindFields.dailyLimit.default(null),
    place: KindFields.place.default(''),
    unread: KindFields.unread.default('hide'),
    inPortal: KindFields.inPortal.default(true),
    open: KindFields.open.default(false),
  }),
  output: CallKind,
  async run(ctx, input) {
    await requireUsers(ctx, ctx.companyId, input.hostIds);
    await makeHosts(ctx, ctx.companyId, input.hostIds);
    const id = newId();
    await ctx.query(INSERT, [ctx.companyId, id, ctx.clock.now(), ...valuesOf(input)]);
    return shown(ctx, await getKind(ctx, ctx.companyId, id));
  },
});

export const updateKind = operation({
  name: 'call_kinds.update',
  summary: 'Change a kind of call; calls that are planned stay as they are',
  http: 'PUT /api/call-kinds/{kind_id}',
  cli: 'calls change-kind',
  access: 'write',
  role: 'manager',
  input: z.object({ kindId: kindId(), ...z.object(KindFields).partial().shape }),
  output: CallKind,
  errors: [CallKindNotFound],
  async run(ctx, { kindId: id, ...changes }) {
    const kind = await getKind(ctx, ctx.companyId, id, { lock: true });
    ctx.expectVersion(kind);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const next: Kind = { ...kind, ...given };
    if (changes.hostIds !== undefined) {
      await requireUsers(ctx, ctx.companyId, next.hostIds);
      await makeHosts(ctx, ctx.companyId, next.hostIds);
    }
    await ctx.query(UPDATE, [ctx.companyId, id, ctx.clock.now(), ...valuesOf(next)]);
    return shown(ctx, await getKind(ctx, ctx.companyId, id));
  },
});

export const deleteKind = operation({
  name: 'call_kinds.delete',
  summary: 'Offer a kind of call no more; calls that are planned stay',
  http: 'DELETE /api/call-kinds/{kind_id}',
  cli: 'calls remove-kind',
  access: 'write',
  role: 'manager',
  destructive: true,
  input: z.object({ kindId: kindId() }),
  output: z.null(),
  errors: [CallKindNotFound],
  async run(ctx, { kindId: id }) {
    await getKind(ctx, ctx.companyId, id);
    await ctx.query(DELETE, [ctx.companyId, id]);
    ctx.subject('call_kinds', id);
    return null;
  },
});
