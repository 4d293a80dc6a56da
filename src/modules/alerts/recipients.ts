import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { emailAddress } from '#modules/people/public.ts';
import { KIND_NAMES } from './kinds.ts';

/** People and addresses of a company that hear of what goes wrong. */
const MOST = 30;

const Recipient = z.object({
  id: z.uuid(),
  userId: z.uuid().nullable().describe('A colleague; null: an address'),
  name: z.string().nullable(),
  email: z.string(),
  kinds: z.array(z.string()).describe('Which alerts; empty: all'),
});
const Recipients = z.object({ items: z.array(Recipient), nextCursor: z.null() });

const LIST: Statement = {
  name: 'alerts.list_recipients',
  text: `select r.id, r.user_id as "userId", u.full_name as name, coalesce(u.email, r.email) as email, r.kinds
           from alert_recipients r left join users u on u.id = r.user_id and u.company_id = r.company_id
          where r.company_id = $1 order by r.created_at, r.id limit ${MOST}`,
};

const list = async (ctx: Ctx) => ({ items: await ctx.query<z.output<typeof Recipient>>(LIST, [ctx.companyId]), nextCursor: null });

export const listAlertRecipients = operation({
  name: 'alerts.recipients',
  summary: 'Who is told when something goes wrong; nobody named: the admins',
  http: 'GET /api/alerts/recipients',
  cli: 'alerts recipients',
  access: 'read',
  input: z.object({}),
  output: Recipients,
  run: list,
});

const CLEAR: Statement = { name: 'alerts.clear_recipients', text: 'delete from alert_recipients where company_id = $1' };
const INSERT: Statement = {
  name: 'alerts.insert_recipients',
  text: `insert into alert_recipients (id, company_id, user_id, email, kinds, created_at)
         select id, $1, user_id, email, kinds, $3 from jsonb_to_recordset($2::jsonb) as x (id uuid, user_id uuid, email text, kinds text[])`,
};
const COLLEAGUES: Statement = {
  name: 'alerts.colleagues',
  text: 'select id from users where company_id = $1 and id = any ($2::uuid[]) and is_active and deleted_at is null',
};

export const setAlertRecipients = operation({
  name: 'alerts.set_recipients',
  summary: 'Say who is told when something goes wrong: colleagues, or addresses; an empty list: the admins',
  http: 'PUT /api/alerts/recipients',
  cli: 'alerts set-recipients',
  access: 'write',
  role: 'admin',
  input: z.object({
    recipients: z
      .array(
        z
          .object({
            userId: z.uuid().optional().describe('A colleague, told as they chose under Notifications'),
            email: emailAddress().optional().describe('An address, told by mail'),
            kinds: z.array(z.enum(KIND_NAMES)).default([]).describe('Which alerts; empty: all'),
          })
          .refine((one) => (one.userId === undefined) !== (one.email === undefined), 'names a colleague or an address, one of the two'),
      )
      .max(MOST)
      .describe('All of them, in this order'),
  }),
  output: Recipients,
  async run(ctx, { recipients }) {
    const wanted = recipients.flatMap((one) => one.userId ?? []);
    const known = new Set((await ctx.query<{ id: string }>(COLLEAGUES, [ctx.companyId, wanted])).map((row) => row.id));
    const missing = recipients.findIndex((one) => one.userId !== undefined && !known.has(one.userId));
    if (missing >= 0)
      throw new InvalidInput('There is no such colleague, or they no longer sign in', {
        fields: [{ path: `recipients.${missing}.user_id`, message: 'is no colleague who signs in' }],
      });
    // Named twice is meant once.
    const once = new Map(recipients.map((one) => [one.userId ?? one.email, one]));
    const rows = [...once.values()].map((one) => ({ id: newId(), user_id: one.userId ?? null, email: one.email ?? '', kinds: one.kinds }));
    await ctx.query(CLEAR, [ctx.companyId]);
    if (rows.length > 0) await ctx.query(INSERT, [ctx.companyId, JSON.stringify(rows), ctx.clock.now()]);
    ctx.subject('alert_recipients', ctx.companyId);
    return list(ctx);
  },
});
