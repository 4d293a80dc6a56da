import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { parseName, readPhone } from '#modules/people/public.ts';
import { createLead, leadCreated } from '../create.ts';
import { NotImportable } from '../import/read/not-importable.ts';
import { Lead } from '../lead.ts';
import { email, name, notes, phone, source } from './fields.ts';
import { ImportError } from '../import/store.ts';
import { firstErrors, importFile } from './import-runs.ts';
import { bytesOf, fileInput } from './import-uploads.ts';

const inputFields = {
  ...fileInput,
  name: name().optional(),
  email: email().optional(),
  phone: phone().optional(),
  source: source().optional(),
  notes: notes().optional(),
  enrol: z.boolean().optional().describe('Start nurturing; default: yes for one lead, no for a file'),
};
const CaptureInput = z.object(inputFields);
type CaptureInput = z.output<typeof CaptureInput>;

/** One lead by --email, or many by --from-file. Merges: who is a lead already stays that lead. */
export const captureLead = operation({
  name: 'leads.capture',
  summary: 'Capture one lead by email, or many from a CSV file; known people are merged',
  http: 'POST /api/lead-nurturing/leads/capture',
  cli: 'marketing lead capture',
  access: 'outside',
  bodyLimit: 70_000_000,
  secretFields: ['content', 'content_base64'],
  input: CaptureInput,
  output: z.object({
    created: z.int(),
    merged: z.int(),
    optOutsKept: z.int(),
    refused: z.int(),
    lead: Lead.nullable().describe('The one lead, when no file was given'),
    errors: z.array(ImportError).describe('The first refused rows'),
    importId: z.uuid().nullable().describe('The import, when a file was given; its refused rows: imports errors'),
  }),
  errors: [NotImportable],
  run: (ctx, input) => (input.email === undefined ? captureFile(ctx, input) : captureOne(ctx, input, input.email)),
});

async function captureFile(ctx: Ctx, input: CaptureInput) {
  if (input.content === undefined && input.contentBase64 === undefined) {
    throw new InvalidInput('Give an email address, or a CSV file', { fields: [{ path: 'email', message: 'or a file is needed' }] });
  }
  const done = await importFile(ctx, input.filename, bytesOf(input), {
    enrol: input.enrol ?? false,
    ...(input.source !== undefined && { source: input.source }),
  });
  const { created, merged, optOutsKept, refused } = done;
  return { created, merged, optOutsKept, refused, lead: null, errors: await firstErrors(ctx, done.id), importId: done.id };
}

async function captureOne(ctx: Ctx, input: CaptureInput, address: string) {
  if (input.content !== undefined || input.contentBase64 !== undefined) {
    throw new InvalidInput('Give an email address or a file, not both', { fields: [{ path: 'email', message: 'cannot go with a file' }] });
  }
  const { lead, created } = await ctx.inCompany(ctx.companyId, async (inner) => {
    const phoneFields = await readPhone(inner, inner.companyId, input.phone);
    const outcome = await createLead(inner, {
      companyId: inner.companyId, name: parseName(input.name ?? ''), email: address, ...phoneFields, status: 'new',
      source: input.source ?? null, notes: input.notes ?? null, ownerId: null, at: ctx.clock.now(),
    }); // prettier-ignore
    if (outcome.created) inner.emit(leadCreated(outcome.lead, { enrol: input.enrol ?? true, imported: false }));
    return outcome;
  });
  const kept = !created && lead.optedOut;
  return {
    created: created ? 1 : 0,
    merged: created || kept ? 0 : 1,
    optOutsKept: kept ? 1 : 0,
    refused: 0,
    lead,
    errors: [],
    importId: null,
  };
}
