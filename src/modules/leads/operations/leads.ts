import { z } from 'zod';
import { Conflict } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { EmailTaken, parseName, PersonOptedOut, readPhone, requireUser, updatePerson } from '#modules/people/public.ts';
import { createLead, leadCreated } from '../create.ts';
import { LEAD_FIELDS, LeadRow } from '../fields.ts';
import { getLead, Lead, LeadExists, LeadNotFound, lockLead } from '../lead.ts';
import { LEAD_SORTS, listLeads } from '../list.ts';
import { applyStatus } from '../status.ts';
import type { LeadStatus } from '../tables.ts';
import { deleteLeadRow, updateLeadRow } from '../update.ts';
import { email, leadFilter, leadId, name, notes, phone, requireFilter, source, status } from './fields.ts';

/**
 * A lead, and its person by email address. A person has one current lead: for a known address with a lead that is neither
 * converted nor lost the answer is 409 lead_exists and names it. (A form, an import and leads.capture merge instead.)
 */
export const createLeadOperation = operation({
  name: 'leads.create',
  summary: 'Create a lead; the person is found or made by email address',
  http: 'POST /api/lead-nurturing/leads',
  cli: 'leads create',
  access: 'write',
  input: z.object({
    name: name().optional(),
    email: email(),
    phone: phone().nullish(),
    source: source().nullish(),
    status: status().default('new'),
    notes: notes().nullish(),
    ownerId: z.uuid().nullish().describe('User who looks after the lead'),
    enrol: z.boolean().default(true).describe('Start nurturing where it is switched on'),
  }),
  output: Lead,
  errors: [LeadExists],
  async run(ctx, input) {
    await requireUser(ctx, ctx.companyId, input.ownerId);
    const phoneFields = await readPhone(ctx, ctx.companyId, input.phone);
    const at = ctx.clock.now();
    const { lead, created } = await createLead(ctx, {
      companyId: ctx.companyId,
      name: parseName(input.name ?? ''),
      email: input.email,
      ...phoneFields,
      status: input.status === 'unsubscribed' ? 'new' : input.status,
      source: input.source ?? null,
      notes: input.notes ?? null,
      ownerId: input.ownerId ?? null,
      at,
    });
    if (!created) {
      throw new LeadExists(
        `${input.email} is a lead already: ${lead.id}. Update that one, or use POST /api/lead-nurturing/leads/capture, which merges`,
        {
          fields: [{ path: 'email', message: `is a lead already: ${lead.id}` }],
        },
      );
    }
    ctx.emit(leadCreated(lead, { enrol: input.enrol && input.status !== 'unsubscribed', imported: false }));
    if (input.status !== 'unsubscribed') return lead;
    const { events } = await applyStatus(ctx, [{ companyId: ctx.companyId, leadId: lead.id, to: 'unsubscribed', reason: 'api' }], at);
    events.forEach((event) => ctx.emit(event));
    return getLead(ctx, ctx.companyId, lead.id);
  },
});

export const listLeadsOperation = operation({
  name: 'leads.list',
  summary: 'List leads, newest first unless sorted otherwise, by status, source, owner, tag, silence, age, custom field or words',
  http: 'GET /api/lead-nurturing/leads',
  cli: 'leads list',
  columns: ['name', 'email', 'status', 'score', 'source', 'owner', 'id'],
  access: 'read',
  input: z.object({
    ...pageInput,
    ...leadFilter,
    sort: z.enum(LEAD_SORTS).default('-created_at').describe('- is descending'),
    skip: z.coerce
      .number()
      .int()
      .min(0)
      .max(10_000_000)
      .optional()
      .describe('Leaps over so many rows; for the next page, cursor is quicker'),
    fields: z.array(z.enum(LEAD_FIELDS)).max(LEAD_FIELDS.length).optional().describe('What to show beside the lead itself'),
  }),
  output: pageOf(LeadRow),
  async run(ctx, input) {
    await requireFilter(ctx, ctx.companyId, input);
    return listLeads(ctx, ctx.companyId, input, ctx.clock);
  },
});

export const getLeadOperation = operation({
  name: 'leads.get',
  summary: 'Read one lead',
  http: 'GET /api/lead-nurturing/leads/{lead_id}',
  cli: 'leads get',
  access: 'read',
  input: z.object({ leadId: leadId() }),
  output: Lead,
  errors: [LeadNotFound],
  run: (ctx, input) => getLead(ctx, ctx.companyId, input.leadId),
});

/** Statuses that somebody who opted out may still have. */
const AFTER_OPT_OUT: ReadonlySet<LeadStatus> = new Set(['unsubscribed', 'converted', 'lost']);

/**
 * Changes the fields it names. `unsubscribed` withdraws the person's consent; no other status brings it back: that takes the
 * person's new consent, with evidence (PUT /api/people/{person_id}/consent).
 */
export const updateLeadOperation = operation({
  name: 'leads.update',
  summary: 'Change a lead; unsubscribed opts the person out',
  http: 'PUT /api/lead-nurturing/leads/{lead_id}',
  cli: 'leads update',
  access: 'write',
  input: z.object({
    leadId: leadId(),
    name: name().optional(),
    email: email().optional(),
    phone: phone().nullable().optional(),
    source: source().nullable().optional(),
    status: status().optional(),
    notes: notes().nullable().optional(),
    ownerId: z.uuid().nullable().optional(),
  }),
  output: Lead,
  errors: [LeadNotFound, EmailTaken, PersonOptedOut, LeadExists],
  async run(ctx, input) {
    const lead = await lockLead(ctx, ctx.companyId, input.leadId);
    ctx.expectVersion(lead);
    await requireUser(ctx, ctx.companyId, input.ownerId);
    const at = ctx.clock.now();
    if (input.name !== undefined || input.email !== undefined || input.phone !== undefined) {
      const changes = {
        name: input.name === undefined ? undefined : parseName(input.name),
        email: input.email,
        phone: input.phone === undefined ? undefined : await readPhone(ctx, ctx.companyId, input.phone),
      };
      await updatePerson(ctx, ctx.companyId, lead.personId, changes, at);
    }
    if (input.status !== undefined && input.status !== lead.status) {
      if (lead.optedOut && !AFTER_OPT_OUT.has(input.status)) {
        throw new PersonOptedOut(
          'This person has opted out. Record a new consent with its evidence first: PUT /api/people/{person_id}/consent',
          {
            fields: [{ path: 'status', message: 'can only be unsubscribed, converted or lost' }],
          },
        );
      }
      const { changed, events } = await applyStatus(
        ctx,
        [{ companyId: ctx.companyId, leadId: lead.id, to: input.status, reason: 'api' }],
        at,
      );
      if (changed.length === 0)
        throw new LeadExists('This person has another open lead; close that one first', {
          fields: [{ path: 'status', message: 'another lead is open' }],
        });
      events.forEach((event) => ctx.emit(event));
    }
    await updateLeadRow(ctx, ctx.companyId, lead.id, input, at);
    return getLead(ctx, ctx.companyId, lead.id);
  },
});

/** The lead goes, the person and the timeline stay. */
export const deleteLeadOperation = operation({
  name: 'leads.delete',
  summary: 'Delete a lead; the person and the timeline stay',
  http: 'DELETE /api/lead-nurturing/leads/{lead_id}',
  cli: 'leads delete',
  access: 'write',
  destructive: true,
  input: z.object({ leadId: leadId() }),
  output: z.null(),
  errors: [LeadNotFound, Conflict],
  async run(ctx, input) {
    const lead = await lockLead(ctx, ctx.companyId, input.leadId);
    ctx.expectVersion(lead);
    await deleteLeadRow(ctx, ctx.companyId, lead.id);
    ctx.subject('leads', lead.id);
    ctx.emit({ name: 'lead.deleted', subject: { type: 'lead', id: lead.id }, personId: lead.personId });
    return null;
  },
});
