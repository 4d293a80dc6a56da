import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';

/** A number and the address of the list behind it. */
const Counted = z.object({ count: z.int(), list: z.string().describe('Where the list behind this number is') });
const Rate = z.object({
  rate: z.number().nullable().describe('0 to 1; null when there is nothing to divide by'),
  of: z.int(),
  count: z.int(),
  list: z.string(),
});

const Analytics = z.object({
  startDate: z.string(),
  endDate: z.string(),
  timeZone: z.string(),
  leads: z.object({
    total: Counted,
    byStatus: z.record(z.string(), Counted),
    bySource: z.array(
      z.object({
        source: z.string().nullable(),
        count: z.int(),
        list: z.string().nullable().describe('Null for leads without a source: no filter finds just them'),
      }),
    ),
  }),
  messages: z.object({ sent: Counted, captured: Counted, blocked: Counted, refused: Counted, queued: Counted }),
  replies: z.object({ total: Counted, byClass: z.record(z.string(), Counted), people: z.int(), replyRate: Rate }),
  conversions: Rate,
  optOuts: Counted.describe('Leads of the period who want no more mail'),
  generation: z.object({
    drafts: z.int(),
    byModel: z.int(),
    byTemplate: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    costMicros: z.number(),
  }),
});

const LEADS: Statement = {
  name: 'nurturing.analytics.leads',
  text: `select status, source, count(*)::int as count from leads where company_id = $1 and created_at >= $2 and created_at < $3 group by status, source`,
};
/** People are counted once, however many letters they got. */
const MESSAGES: Statement = {
  name: 'nurturing.analytics.messages',
  text: `select direction, state, reply_class as class, auto, count(*)::int as count, count(distinct person_id)::int as people
           from messages
          where company_id = $1 and created_at >= $2 and created_at < $3
            and ((direction = 'outbound' and class = 'commercial') or direction = 'inbound')
          group by direction, state, reply_class, auto`,
};
const PEOPLE: Statement = {
  name: 'nurturing.analytics.people',
  text: `with written as (
      select distinct person_id from messages
       where company_id = $1 and created_at >= $2 and created_at < $3 and direction = 'outbound' and class = 'commercial' and state in ('sent', 'captured') and person_id is not null
    )
    select count(*)::int as written,
           count(*) filter (where exists (select from messages m where m.person_id = w.person_id and m.company_id = $1 and m.direction = 'inbound' and not m.auto and m.created_at >= $2 and m.created_at < $3))::int as replied
      from written w`,
};
const GENERATIONS: Statement = {
  name: 'nurturing.analytics.generations',
  text: `select count(*) filter (where purpose = 'draft')::int as drafts,
                count(*) filter (where purpose = 'draft' and fallback_reason is null)::int as "byModel",
                coalesce(sum(input_tokens), 0)::int as "inputTokens", coalesce(sum(output_tokens), 0)::int as "outputTokens",
                coalesce(sum(cost_micros), 0)::float8 as "costMicros"
           from generations where company_id = $1 and created_at >= $2 and created_at < $3`,
};
const ZONE: Statement = {
  name: 'nurturing.analytics.zone',
  text: `select coalesce(settings->>'time_zone', 'UTC') as zone from companies where id = $1`,
};
/** Whole days of the company: midnight to midnight in its zone, the end day included. */
const BOUNDS: Statement = {
  name: 'nurturing.analytics.bounds',
  text: `select ($1::date)::timestamp at time zone $3 as start, ($2::date + 1)::timestamp at time zone $3 as "end"`,
};
const DAYS = 30;

export const nurturingAnalytics = operation({
  name: 'nurturing.analytics',
  summary: 'Leads, messages, replies and conversions of a period; each number says where its list is',
  http: 'GET /api/lead-nurturing/analytics',
  aliases: ['GET /api/analytics/lead-nurturing'],
  cli: 'nurturing analytics',
  access: 'read',
  scope: 'nurturing:read',
  input: z.object({
    startDate: z.iso.date().optional().describe('First day; default 30 days ago'),
    endDate: z.iso.date().optional().describe('Last day, included; default today'),
  }),
  output: Analytics,
  async run(ctx, input) {
    const [zoneRow] = await ctx.query<{ zone: string }>(ZONE, [ctx.companyId]);
    const zone = zoneRow?.zone ?? 'UTC';
    const today = dayIn(ctx.clock.now(), zone);
    const endDate = input.endDate ?? today;
    const startDate = input.startDate ?? dayIn(new Date(Date.parse(`${endDate}T12:00:00Z`) - DAYS * 86_400_000), 'UTC');
    if (startDate > endDate)
      throw new InvalidInput('start_date is after end_date', { fields: [{ path: 'start_date', message: 'is after end_date' }] });
    const [bounds] = await ctx.query<{ start: Date; end: Date }>(BOUNDS, [startDate, endDate, zone]);
    if (bounds === undefined) throw new InvalidInput('This period has no bounds');
    const period = [ctx.companyId, bounds.start, bounds.end];
    const leads = await ctx.query<{ status: string; source: string | null; count: number }>(LEADS, period);
    const messages = await ctx.query<{
      direction: string;
      state: string;
      class: string | null;
      auto: boolean;
      count: number;
      people: number;
    }>(MESSAGES, period);
    const [people] = await ctx.query<{ written: number; replied: number }>(PEOPLE, period);
    const [generation] = await ctx.query<{
      drafts: number;
      byModel: number;
      inputTokens: number;
      outputTokens: number;
      costMicros: number;
    }>(GENERATIONS, period);

    const inPeriod = `created_from=${encodeURIComponent(bounds.start.toISOString())}&created_to=${encodeURIComponent(bounds.end.toISOString())}`;
    const leadList = (filter = '') => `/api/lead-nurturing/leads?${inPeriod}${filter}`;
    const messageList = (filter: string) => `/api/messages?${inPeriod}&${filter}`;
    const total = sum(leads);
    const outbound = (state: string) => sum(messages.filter((row) => row.direction === 'outbound' && row.state === state));
    const inbound = messages.filter((row) => row.direction === 'inbound' && !row.auto);
    const converted = sum(leads.filter((row) => row.status === 'converted'));
    const byStatus = Map.groupBy(leads, (row) => row.status);
    const bySource = Map.groupBy(leads, (row) => row.source);
    const byClass = Map.groupBy(
      messages.filter((row) => row.direction === 'inbound' && row.class !== null),
      (row) => row.class ?? 'other',
    );
    return {
      startDate,
      endDate,
      timeZone: zone,
      leads: {
        total: { count: total, list: leadList() },
        byStatus: Object.fromEntries(
          [...byStatus].map(([status, rows]) => [status, { count: sum(rows), list: leadList(`&status=${status}`) }]),
        ),
        bySource: [...bySource]
          .map(([source, rows]) => ({
            source,
            count: sum(rows),
            list: source === null ? null : leadList(`&source=${encodeURIComponent(source)}`),
          }))
          .toSorted((a, b) => b.count - a.count),
      },
      messages: {
        sent: { count: outbound('sent'), list: messageList('direction=outbound&class=commercial&state=sent') },
        captured: { count: outbound('captured'), list: messageList('direction=outbound&class=commercial&state=captured') },
        refused: { count: outbound('refused'), list: messageList('direction=outbound&class=commercial&state=refused') },
        blocked: { count: outbound('blocked'), list: messageList('direction=outbound&class=commercial&state=blocked') },
        queued: { count: outbound('queued'), list: messageList('direction=outbound&class=commercial&state=queued') },
      },
      replies: {
        total: { count: sum(inbound), list: messageList('direction=inbound&auto=false') },
        byClass: Object.fromEntries(
          [...byClass].map(([cls, rows]) => [cls, { count: sum(rows), list: messageList(`direction=inbound&reply_class=${cls}`) }]),
        ),
        people: people?.replied ?? 0,
        replyRate: rate(people?.replied ?? 0, people?.written ?? 0, messageList('direction=inbound&auto=false')),
      },
      conversions: rate(converted, total, leadList('&status=converted')),
      optOuts: { count: sum(leads.filter((row) => row.status === 'unsubscribed')), list: leadList('&status=unsubscribed') },
      generation: {
        drafts: generation?.drafts ?? 0,
        byModel: generation?.byModel ?? 0,
        byTemplate: (generation?.drafts ?? 0) - (generation?.byModel ?? 0),
        inputTokens: generation?.inputTokens ?? 0,
        outputTokens: generation?.outputTokens ?? 0,
        costMicros: generation?.costMicros ?? 0,
      },
    };
  },
});

const sum = (rows: readonly { readonly count: number }[]) => rows.reduce((total, row) => total + row.count, 0);
const rate = (count: number, of: number, list: string) => ({
  rate: of === 0 ? null : Math.round((count / of) * 10_000) / 10_000,
  of,
  count,
  list,
});

/** `2026-11-21`, as the calendar in that zone shows it. */
function dayIn(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}
