import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { ClientNotFound, currencyCode, getClient } from '#modules/clients/public.ts';
import { Document, getDocument } from '../document.ts';
import { LANGUAGES } from '../draw/content.ts';
import { reportBlocks } from '../kinds/client-report.ts';
import { readCsv, textOfFile } from '../model/data.ts';
import { publish } from '../publish.ts';
import { keepData } from './data.ts';
import { insertDocument } from './documents.ts';

/** Reads any table, says what is in it and what stands out, and publishes that as a report. */
export const createClientReport = operation({
  name: 'documents.create_report',
  summary: 'Make a client report from any CSV: figures, charts, and what stands out with the rule that says so',
  http: 'POST /api/documents/reports',
  cli: 'business report client',
  access: 'write',
  bodyLimit: 24 * 1024 * 1024,
  input: z.object({
    csv: z.string().min(1).optional().describe('The first row names the columns'),
    contentBase64: z
      .base64()
      .min(1)
      .optional()
      .describe('Instead of that: the file as it is')
      .meta({ 'x-file': true, 'x-cli': 'from-file' }),
    clientId: z.uuid().optional().describe('For whom it is'),
    title: z.string().trim().min(1).max(200).default('Report'),
    language: z.enum(LANGUAGES).default('en'),
    currency: currencyCode().optional().describe('The company’s when left out'),
    publish: z.boolean().default(true).describe('false: keep it as a draft, to change it first'),
  }),
  output: Document,
  errors: [ClientNotFound],
  async run(ctx, { csv, contentBase64, clientId, title, language, currency, publish: now }) {
    if (clientId !== undefined) await getClient(ctx, ctx.companyId, clientId);
    if ((csv === undefined) === (contentBase64 === undefined))
      throw new InvalidInput('Send the table as csv or as content_base64, one of both', { fields: [{ path: 'csv', message: 'or content_base64, one of both' }] }); // prettier-ignore
    const data = readCsv(csv ?? textOfFile(contentBase64 ?? ''));
    const made = await insertDocument(ctx, {
      kind: 'report',
      title,
      clientId,
      language,
      currency,
      blocks: reportBlocks(data, 'data', language),
    });
    await keepData(ctx, { companyId: ctx.companyId, documentId: made.id, name: 'data', at: ctx.clock.now() }, data, null);
    return now ? publish(ctx, made.id) : getDocument(ctx, ctx.companyId, made.id);
  },
});
