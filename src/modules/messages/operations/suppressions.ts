import { addressHashes, emailAddress, positionOf } from '#modules/people/public.ts';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { Conflict, NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { suppress } from '../suppress.ts';
import { SUPPRESSION_REASONS, suppressions } from '../tables.ts';

/** No such entry on this company's list. */
export class SuppressionNotFound extends NotFound {
  override readonly code = 'suppression_not_found';
}

/** Somebody asked for no more mail, or to be forgotten: no user takes that back, only the person's own consent. */
export class OptOutStands extends Conflict {
  override readonly code = 'opt_out_stands';
}

const Suppression = z.object({
  id: z.uuid(),
  channel: z.enum(['email', 'sms']),
  address: z.string().nullable().describe('Null when the person was erased; a keyed hash still keeps the address out'),
  reason: z.enum(SUPPRESSION_REASONS),
  source: z.string(),
  note: z.string().nullable(),
  personId: z.uuid().nullable(),
  createdAt: z.date(),
});

const COLUMNS = `id, channel, address, reason, source, note, person_id as "personId", created_at as "createdAt"`;
/** An erased address is known by its hash alone. A list is some thousands long at most: read through, newest first, by suppressions_recent. */
const FOUND = `(($4::text[] is null and $5::text is null) or address_hash = any($4) or position($5 in lower(address)) > 0)`;
const LIST = {
  name: 'suppressions.list',
  text: `select ${COLUMNS} from suppressions where company_id = $1 and ($3::text is null or reason = $3) and ${FOUND} order by created_at desc, id desc limit $2`,
};
const LIST_AFTER = {
  name: 'suppressions.list.after',
  text: `select ${COLUMNS} from suppressions where company_id = $1 and ($3::text is null or reason = $3) and ${FOUND} and (created_at, id) < ($6::timestamptz, $7::uuid) order by created_at desc, id desc limit $2`,
};

export const listSuppressions = operation({
  name: 'suppressions.list',
  summary: 'Addresses that get no mail, with the reason',
  http: 'GET /api/suppressions',
  cli: 'suppressions list',
  columns: ['address', 'reason', 'source', 'created_at', 'note', 'id'],
  access: 'read',
  input: z.object({
    reason: z.enum(SUPPRESSION_REASONS).optional(),
    email: emailAddress().optional().describe('Is this address on the list? Found by its hash, too'),
    search: z.string().trim().min(1).max(320).optional().describe('Part of an address, a domain: @example.com'),
    ...pageInput,
  }),
  output: pageOf(Suppression),
  async run(ctx, input) {
    const search = input.search?.toLowerCase() ?? null;
    const whole = input.email ?? (search === null ? undefined : emailAddress().safeParse(search).data);
    const hashes = whole === undefined ? null : addressHashes(ctx.runtime.secrets, whole);
    const values = [ctx.companyId, input.limit + 1, input.reason ?? null, hashes, search];
    const rows =
      input.cursor === undefined
        ? await ctx.query<z.input<typeof Suppression>>(LIST, values)
        : await ctx.query<z.input<typeof Suppression>>(LIST_AFTER, [...values, ...positionOf(input.cursor)]);
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const addSuppression = operation({
  name: 'suppressions.add',
  summary: 'No more mail to this address, whoever it belongs to',
  http: 'POST /api/suppressions',
  cli: 'suppressions add',
  access: 'write',
  input: z.object({
    email: emailAddress(),
    reason: z.enum(['manual', 'complaint', 'opt_out']).default('manual'),
    note: z.string().trim().max(500).optional(),
  }),
  output: Suppression,
  async run(ctx, input) {
    const createdBy = 'userId' in ctx.principal ? ctx.principal.userId : null;
    await suppress(ctx, ctx.runtime, [
      { companyId: ctx.companyId, address: input.email, reason: input.reason, source: 'user', note: input.note ?? null, createdBy },
    ]);
    const [row] = await ctx.query<z.input<typeof Suppression>>(LIST, [
      ctx.companyId,
      1,
      null,
      addressHashes(ctx.runtime.secrets, input.email),
      null,
    ]);
    if (row === undefined) throw new SuppressionNotFound('The address was not kept');
    return row;
  },
});

export const removeSuppression = operation({
  name: 'suppressions.remove',
  summary: 'Take a bounced or listed address off the list; the reason is kept in the audit log. Opt-outs and complaints stay',
  http: 'DELETE /api/suppressions/{suppression_id}',
  cli: 'suppressions remove',
  access: 'write',
  role: 'admin',
  destructive: true,
  input: z.object({ suppressionId: z.uuid(), reason: z.string().trim().min(3).max(500).describe('Why mail may go there again') }),
  output: z.object({}),
  errors: [SuppressionNotFound, OptOutStands],
  async run(ctx, input) {
    const mine = and(eq(suppressions.id, input.suppressionId), eq(suppressions.companyId, ctx.companyId));
    const [found] = await ctx.db
      .select({ reason: suppressions.reason, optedOutAt: suppressions.optedOutAt })
      .from(suppressions)
      .where(mine)
      .for('update');
    if (found?.reason === 'opt_out' || found?.reason === 'complaint') {
      throw new OptOutStands(
        'This person asked for no more mail. Record their new consent, with its evidence, on the person page: that takes the address off the list',
      );
    }
    // It bounced after an opt-out: the bounce is taken back, the opt-out stays.
    if (found !== undefined && found.optedOutAt !== null) {
      await ctx.db.update(suppressions).set({ reason: 'opt_out' }).where(mine);
      ctx.subject('suppressions', input.suppressionId);
      return {};
    }
    const gone = await ctx.db.delete(suppressions).where(mine).returning({ id: suppressions.id });
    if (gone.length === 0) throw new SuppressionNotFound('There is no such entry; see GET /api/suppressions');
    ctx.subject('suppressions', input.suppressionId);
    return {};
  },
});
