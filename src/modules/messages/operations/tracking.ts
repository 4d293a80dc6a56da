import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { MACHINES } from '../tracking/agents.ts';
import { TRACKED_WHO } from '../tracking/settings.ts';
import { requireMessage } from './messages.ts';
import { MessageNotFound } from './shapes.ts';

const Settings = z.object({
  opens: z.boolean().describe('Count openings, by a picture of one pixel'),
  clicks: z.boolean().describe('Count followed links: they lead by way of Steward'),
  who: z
    .enum(TRACKED_WHO)
    .describe('consented: only mail that rests on consent. all: all commercial mail; the law of many countries wants consent for it'),
  notTemplates: z
    .array(z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, { error: 'is the key of a template' }))
    .max(500)
    .describe('Keys of templates whose mail is left alone all the same'),
  keepDays: z.int().min(1).max(730).describe('Single openings and clicks are forgotten after so many days'),
});
const SettingsOut = Settings.extend({ updatedAt: z.date() });
type SettingsOut = z.output<typeof SettingsOut>;

const OFF: SettingsOut = { opens: false, clicks: false, who: 'consented', notTemplates: [], keepDays: 90, updatedAt: new Date(0) };

const READ: Statement = {
  name: 'tracking.settings',
  text: `select opens, clicks, who, not_templates as "notTemplates", keep_days as "keepDays", updated_at as "updatedAt" from tracking where company_id = $1`,
};
const WRITE: Statement = {
  name: 'tracking.configure',
  text: `insert into tracking (company_id, opens, clicks, who, not_templates, keep_days, updated_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (company_id) do update set opens = $2, clicks = $3, who = $4, not_templates = $5, keep_days = $6, updated_at = $7`,
};

async function settingsOf(ctx: Ctx): Promise<SettingsOut> {
  const [row] = await ctx.query<SettingsOut>(READ, [ctx.companyId]);
  return row ?? OFF;
}

export const getTracking = operation({
  name: 'tracking.settings',
  summary: 'Whether openings and followed links of commercial mail are counted; off until an admin says otherwise',
  http: 'GET /api/tracking/settings',
  cli: 'tracking settings',
  access: 'read',
  input: z.object({}),
  output: SettingsOut,
  run: settingsOf,
});

export const updateTracking = operation({
  name: 'tracking.configure',
  summary: 'Count openings or followed links of commercial mail, or stop; what is left out stays',
  http: 'PUT /api/tracking/settings',
  cli: 'tracking configure',
  access: 'write',
  role: 'admin',
  input: Settings.partial(),
  output: SettingsOut,
  async run(ctx, input) {
    const before = await settingsOf(ctx);
    ctx.expectVersion(before);
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const next: SettingsOut = { ...before, ...given, updatedAt: ctx.clock.now() };
    await ctx.query(WRITE, [ctx.companyId, next.opens, next.clicks, next.who, next.notTemplates, next.keepDays, next.updatedAt]);
    ctx.subject('tracking', ctx.companyId);
    return next;
  },
});

const HITS: Statement = {
  name: 'tracking.hits',
  text: `select id, kind, link, url, agent, machine, at, judged_at is not null as judged from message_hits where company_id = $1 and message_id = $2 order by at, id limit 200`,
};

const Hit = z.object({
  id: z.uuid(),
  kind: z.enum(['open', 'click']),
  link: z.int().nullable().describe('Place of the link in the mail, from 1; 0 is one that no reader sees'),
  url: z.string().nullable(),
  agent: z.string().nullable().describe('What the program said of itself'),
  machine: z
    .enum(MACHINES)
    .nullable()
    .describe('Why it was probably a machine: it said so, loaded it ahead, followed a hidden link, came at once, or took all links'),
  at: z.date(),
  judged: z.boolean().describe('false: what comes with it is still waited for'),
});

export const messageHits = operation({
  name: 'tracking.hits',
  summary: 'Openings and followed links of one message, with those that were probably a machine’s',
  http: 'GET /api/messages/{message_id}/hits',
  cli: 'tracking hits',
  access: 'read',
  input: z.object({ messageId: z.uuid().describe('Id of the message') }),
  output: z.object({
    items: z.array(Hit),
    nextCursor: z.null(),
  }),
  errors: [MessageNotFound],
  async run(ctx, { messageId }) {
    await requireMessage(ctx, messageId);
    return { items: await ctx.query<z.output<typeof Hit>>(HITS, [ctx.companyId, messageId]), nextCursor: null };
  },
});

const BY = ['workflow', 'template'] as const;
const days = z.coerce.number().int().min(1).max(366).default(30).describe('Mails that left within so many days');

/** Set-based: one pass over the mails that left, one over the hits, one over the answers. */
const figures = (by: (typeof BY)[number]): Statement => ({
  name: `tracking.figures.${by}`,
  text: `with hit as (
      select message_id, count(*) filter (where machine is not null)::int as machine from message_hits where company_id = $1 and at >= $2 and judged_at is not null group by 1
    ), answered as (
      select distinct reply_to_id as id from messages where company_id = $1 and direction = 'inbound' and not auto and reply_to_id is not null and created_at >= $2
    )
    select coalesce(m.${by}, '') as key, count(*)::int as sent, count(*) filter (where m.frame ? 'tracking')::int as counted,
        count(m.opened_at)::int as opened, count(m.clicked_at)::int as clicked, count(a.id)::int as answered,
        count(*) filter (where h.machine > 0)::int as machine
      from messages m left join hit h on h.message_id = m.id left join answered a on a.id = m.id
     where m.company_id = $1 and m.direction = 'outbound' and m.channel = 'email' and m.class = 'commercial' and m.state = 'sent' and m.sent_at >= $2
     group by 1 order by 2 desc, 1 limit 200`,
});
const FIGURES = { workflow: figures('workflow'), template: figures('template') };

const Figure = z.object({
  key: z.string().describe('Workflow or template; empty: mails of neither'),
  sent: z.int(),
  counted: z.int().describe('Of those: mails whose openings or links are counted'),
  opened: z.int().describe('By a person, as far as one can tell'),
  clicked: z.int(),
  answered: z.int(),
  machine: z.int().describe('Mails that a machine opened or followed links of'),
});

export const trackingFigures = operation({
  name: 'tracking.figures',
  summary: 'Openings, followed links and answers by workflow or template; machines are counted apart',
  http: 'GET /api/tracking/figures',
  cli: 'tracking figures',
  access: 'read',
  input: z.object({ by: z.enum(BY).default('workflow'), days }),
  output: z.object({
    since: z.date(),
    items: z.array(Figure),
    nextCursor: z.null(),
  }),
  async run(ctx, input) {
    const since = new Date(ctx.clock.now().getTime() - input.days * 86_400_000);
    return { since, items: await ctx.query<z.output<typeof Figure>>(FIGURES[input.by], [ctx.companyId, since]), nextCursor: null };
  },
});

const WHAT = ['sent', 'opened', 'clicked', 'answered', 'machine'] as const;
const CONDITIONS: Readonly<Record<(typeof WHAT)[number], string>> = {
  sent: 'true',
  opened: 'm.opened_at is not null',
  clicked: 'm.clicked_at is not null',
  answered: `exists (select from messages r where r.company_id = $1 and r.reply_to_id = m.id and r.direction = 'inbound' and not r.auto)`,
  machine:
    'exists (select from message_hits h where h.company_id = $1 and h.message_id = m.id and h.machine is not null and h.judged_at is not null)',
};
const people = (by: (typeof BY)[number], what: (typeof WHAT)[number]): Statement => ({
  name: `tracking.people.${by}.${what}`,
  text: `select m.id as "messageId", m.person_id as "personId", m.to_name as "toName", m.to_email as "toEmail", m.subject, m.sent_at as "sentAt", m.opened_at as "openedAt", m.clicked_at as "clickedAt"
      from messages m where m.company_id = $1 and m.direction = 'outbound' and m.channel = 'email' and m.class = 'commercial' and m.state = 'sent' and m.sent_at >= $2
       and coalesce(m.${by}, '') = $3 and ${CONDITIONS[what]} order by m.sent_at desc, m.id desc limit 500`,
});

const Reached = z.object({
  messageId: z.uuid(),
  personId: z.uuid().nullable(),
  toName: z.string(),
  toEmail: z.string(),
  subject: z.string(),
  sentAt: z.date().nullable(),
  openedAt: z.date().nullable(),
  clickedAt: z.date().nullable(),
});

export const trackingPeople = operation({
  name: 'tracking.people',
  summary: 'The people behind a figure of tracking.figures, newest first; 500 at most',
  http: 'GET /api/tracking/people',
  cli: 'tracking people',
  access: 'read',
  input: z.object({ by: z.enum(BY).default('workflow'), key: z.string().max(200).default(''), what: z.enum(WHAT), days }),
  output: z.object({
    items: z.array(Reached),
    nextCursor: z.null(),
  }),
  async run(ctx, { by, key, what, days: within }) {
    const since = new Date(ctx.clock.now().getTime() - within * 86_400_000);
    return { items: await ctx.query<z.output<typeof Reached>>(people(by, what), [ctx.companyId, since, key]), nextCursor: null };
  },
});
