import { z } from 'zod';
import { NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { emailAddress } from '#modules/people/public.ts';
import { lookAt } from '../doctor/look.ts';
import { sendingAddresses, type SendingAddress } from '../doctor/patients.ts';
import { mailboxAddresses, NoMailbox, NothingToSendBy, sendProbe } from '../doctor/probe/send.ts';
import { openCheckups, readCheckups, saveCheckup, type CheckupRow } from '../doctor/store.ts';
import { Checkup, CheckupChange, Probe, PROBE, shown, type ProbeRow } from './doctor-shapes.ts';

/** Mail of this company does not leave from this address. */
export class AddressNotFound extends NotFound {
  override readonly code = 'address_not_found';
}
/** No such probe in this company. */
export class ProbeNotFound extends NotFound {
  override readonly code = 'probe_not_found';
}

const LAST_PROBES = {
  name: 'probes.last',
  text: `select distinct on (p.checkup_id) ${PROBE} from sender_probes p join sender_checkups c on c.id = p.checkup_id and c.company_id = p.company_id
          where p.company_id = $1 and p.checkup_id = any($2::uuid[]) order by p.checkup_id, p.created_at desc, p.id desc`,
};
const RETURNED = {
  name: 'checkups.returned',
  text: `select s.id, count(*)::int as sent, count(*) filter (where m.delivery = 'complained')::int as complained
           from senders s join messages m on m.sender_id = s.id and m.company_id = s.company_id and m.direction = 'outbound' and m.state in ('sent', 'refused')
                and coalesce(m.sent_at, m.delivery_at) >= $2::timestamptz - interval '7 days'
          where s.company_id = $1 group by s.id`,
};

/** As the operations show them, in the order of the senders. */
async function present(ctx: Ctx, addresses: readonly SendingAddress[]): Promise<z.input<typeof Checkup>[]> {
  const names = addresses.map(({ address }) => address);
  const rows = await readCheckups(ctx, ctx.companyId, names);
  const ids = [...rows.values()].map(({ id }) => id);
  const probes = await ctx.query<ProbeRow>(LAST_PROBES, [ctx.companyId, ids]);
  const returned = await ctx.query<{ id: string; sent: number; complained: number }>(RETURNED, [ctx.companyId, ctx.clock.now()]);
  const shownOnes: z.input<typeof Checkup>[] = [];
  const mailboxes = await mailboxAddresses(ctx, ctx.runtime, ctx.companyId, '');
  for (const one of addresses) {
    const counted = returned.find(({ id }) => id === one.senderId);
    shownOnes.push(
      shown(one, rows.get(one.address), {
        probe: probes.find(({ address }) => address === one.address) ?? null,
        returned: one.senderId === null ? null : { sent: counted?.sent ?? 0, complained: counted?.complained ?? 0 },
        mailboxes: mailboxes.toSorted((a, b) => Number(a === one.address) - Number(b === one.address)),
      }),
    );
  }
  return shownOnes;
}

const sender = z.string().trim().min(1).max(320).describe('Address of a sender, or its id');

function named(all: readonly SendingAddress[], asked: string): SendingAddress {
  const found = all.find(({ address, senderId }) => senderId === asked || address === asked.toLowerCase());
  if (found !== undefined) return found;
  const known = all.map(({ address }) => address).join(', ');
  throw new AddressNotFound(`No mail leaves as ${asked}. ${known === '' ? 'Connect a mail server first' : `Mail leaves as: ${known}`}`);
}

export const listCheckups = operation({
  name: 'senders.checkups',
  summary: 'What receivers check of each address that mail leaves from, as the doctor last found it',
  http: 'GET /api/senders/checkups',
  cli: 'senders checkups',
  access: 'read',
  input: z.object({}),
  output: z.object({ items: z.array(Checkup), nextCursor: z.null() }),
  run: async (ctx) => ({ items: await present(ctx, await sendingAddresses(ctx, ctx.runtime, ctx.companyId)), nextCursor: null }),
});

export const examineSenders = operation({
  name: 'senders.doctor',
  summary: 'Look now at SPF, DKIM, DMARC, MX, reverse name and encryption: what is wrong, and the record to publish',
  http: 'POST /api/senders/doctor',
  cli: 'marketing email doctor',
  columns: ['address', 'verdict', 'broken', 'checked_at'],
  access: 'outside',
  role: 'manager',
  status: 200,
  ratePerMinute: 20,
  input: z.object({ sender: sender.optional().describe('Address of a sender, or its id; default: each of them') }),
  output: z.object({ items: z.array(Checkup), nextCursor: z.null() }),
  errors: [AddressNotFound],
  async run(ctx, input) {
    const { runtime, companyId } = ctx;
    const all = await runtime.database.read(companyId, (tx) => sendingAddresses(tx, runtime, companyId));
    const asked = input.sender === undefined ? all : [named(all, input.sender)];
    const rows = await runtime.database.write(companyId, (tx) => openCheckups(tx, companyId, asked, ctx.clock.now()));
    const looked = await Promise.all(
      asked.map(async (one) => {
        const row = rows.get(one.address);
        return row === undefined ? [] : [{ row, findings: await lookAt(runtime, one, row) }];
      }),
    );
    return ctx.inCompany(companyId, async (inner) => {
      for (const { row, findings } of looked.flat()) await saveCheckup(inner, row, findings, ctx.clock.now());
      return { items: await present(inner, asked), nextCursor: null };
    });
  },
});

/** The row of an address, made where there is none. */
async function requireCheckup(ctx: Ctx, asked: string): Promise<{ readonly sending: SendingAddress; readonly row: CheckupRow }> {
  const sending = named(await sendingAddresses(ctx, ctx.runtime, ctx.companyId), asked);
  const row = (await openCheckups(ctx, ctx.companyId, [sending], ctx.clock.now())).get(sending.address);
  if (row === undefined) throw new AddressNotFound(`${asked} was removed a moment ago`);
  return { sending, row };
}

const SELECTORS = {
  name: 'checkups.selectors',
  text: `update sender_checkups set named_selectors = $3::text[], due_at = $4, updated_at = $4 where id = $1 and company_id = $2`,
};

export const updateCheckup = operation({
  name: 'senders.update_checkup',
  summary: 'Name the selectors that your mail is signed with, so that the doctor looks at their keys',
  http: 'PUT /api/senders/checkups',
  cli: 'senders update-checkup',
  access: 'write',
  role: 'manager',
  input: z.object({
    sender,
    selectors: z
      .array(
        z
          .string()
          .trim()
          .toLowerCase()
          .regex(
            /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/,
            'is no selector: write what stands before ._domainkey',
          )
          .max(120),
      )
      .max(10),
  }),
  output: Checkup,
  errors: [AddressNotFound],
  async run(ctx, input) {
    const { sending, row } = await requireCheckup(ctx, input.sender);
    ctx.expectVersion(row);
    await ctx.query(SELECTORS, [row.id, ctx.companyId, [...new Set(input.selectors)], ctx.clock.now()]);
    const [one] = await present(ctx, [sending]);
    if (one === undefined) throw new AddressNotFound(`${input.sender} was removed a moment ago`);
    return one;
  },
});

const CHANGES = {
  name: 'checkups.changes',
  text: `select h.id, h.verdict, h.changes, h.created_at as "createdAt" from sender_checkup_changes h
          where h.company_id = $1 and h.checkup_id = $2 and ($3::timestamptz is null or (h.created_at, h.id) < ($3::timestamptz, $4::uuid)) order by h.created_at desc, h.id desc limit $5`,
};

export const checkupHistory = operation({
  name: 'senders.checkup_history',
  summary: 'What changed in the checks of a sender, newest first',
  http: 'GET /api/senders/checkups/history',
  cli: 'senders checkup-history',
  access: 'read',
  input: z.object({ sender, ...pageInput }),
  output: pageOf(CheckupChange),
  errors: [AddressNotFound],
  async run(ctx, { sender: asked, limit, cursor }) {
    const { address } = named(await sendingAddresses(ctx, ctx.runtime, ctx.companyId), asked);
    const row = (await readCheckups(ctx, ctx.companyId, [address])).get(address);
    if (row === undefined) return { items: [], nextCursor: null };
    const rows = await ctx.query<z.output<typeof CheckupChange>>(CHANGES, [ctx.companyId, row.id, ...position(cursor), limit + 1]);
    return toPage(rows, limit, (one) => [one.createdAt.getTime(), one.id]);
  },
});

function position(cursor: string | undefined): readonly [Date | null, string | null] {
  if (cursor === undefined) return [null, null];
  const [at, id] = z.tuple([z.number(), z.uuid()]).parse(decodeCursor(cursor, 2));
  return [new Date(at), id];
}

export const probeSender = operation({
  name: 'senders.probe',
  summary: 'Send a real mail by this sender, find it again in a connected mailbox, and check what arrived',
  http: 'POST /api/senders/probes',
  cli: 'marketing email probe',
  access: 'write',
  role: 'manager',
  status: 201,
  ratePerMinute: 6,
  input: z.object({ sender, to: emailAddress().optional().describe('Default: a mailbox that Steward reads') }),
  output: Probe,
  errors: [AddressNotFound, NoMailbox, NothingToSendBy],
  async run(ctx, input) {
    const { sending, row } = await requireCheckup(ctx, input.sender);
    const { id } = await sendProbe(ctx, ctx.runtime, { companyId: ctx.companyId, checkupId: row.id, sending, to: input.to });
    ctx.afterCommit(() => ctx.runtime.engine.nudge());
    return requireProbe(ctx, id);
  },
});

const ONE_PROBE = {
  name: 'probes.one',
  text: `select ${PROBE} from sender_probes p join sender_checkups c on c.id = p.checkup_id and c.company_id = p.company_id where p.company_id = $1 and p.id = $2`,
};

async function requireProbe(ctx: Ctx, id: string): Promise<ProbeRow> {
  const [row] = await ctx.query<ProbeRow>(ONE_PROBE, [ctx.companyId, id]);
  if (row === undefined) throw new ProbeNotFound('There is no such probe; send one with POST /api/senders/probes');
  return row;
}

export const getProbe = operation({
  name: 'senders.get_probe',
  summary: 'How a probe arrived, with the header of the mail',
  http: 'GET /api/senders/probes/{probe_id}',
  cli: 'senders probe',
  access: 'read',
  input: z.object({ probeId: z.uuid() }),
  output: Probe.extend({ header: z.string().nullable().describe('The header of the mail as it arrived') }),
  errors: [ProbeNotFound],
  async run(ctx, { probeId }) {
    const probe = await requireProbe(ctx, probeId);
    const [row] = await ctx.query<{ header: string | null }>(
      { name: 'probes.header', text: 'select header from sender_probes where id = $1 and company_id = $2' },
      [probeId, ctx.companyId],
    );
    return { ...probe, header: row?.header ?? null };
  },
});

const PROBES = {
  name: 'probes.list',
  text: `select ${PROBE} from sender_probes p join sender_checkups c on c.id = p.checkup_id and c.company_id = p.company_id
          where p.company_id = $1 and c.address = $2 and ($3::timestamptz is null or (p.created_at, p.id) < ($3::timestamptz, $4::uuid)) order by p.created_at desc, p.id desc limit $5`,
};

export const listProbes = operation({
  name: 'senders.probes',
  summary: 'Probes of a sender, newest first',
  http: 'GET /api/senders/probes',
  cli: 'senders probes',
  access: 'read',
  input: z.object({ sender, ...pageInput }),
  output: pageOf(Probe),
  errors: [AddressNotFound],
  async run(ctx, { sender: asked, limit, cursor }) {
    const { address } = named(await sendingAddresses(ctx, ctx.runtime, ctx.companyId), asked);
    const rows = await ctx.query<ProbeRow>(PROBES, [ctx.companyId, address, ...position(cursor), limit + 1]);
    return toPage(rows, limit, (one) => [one.createdAt.getTime(), one.id]);
  },
});
