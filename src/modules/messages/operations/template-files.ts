import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { keepFile } from '../templates/store/files.ts';

/** RFC 2045: type and subtype, nothing that could end a header. */
const contentType = z
  .string()
  .regex(/^[\w.+-]{1,60}\/[\w.+-]{1,80}$/, 'is a type such as application/pdf')
  .default('application/octet-stream');

export const addAttachment = operation({
  name: 'templates.add_file',
  summary: 'Keep a file that templates can carry, 10 MB at most; the same bytes are stored once',
  http: 'POST /api/templates/files',
  cli: 'templates add-file',
  access: 'write',
  role: 'manager',
  status: 201,
  bodyLimit: 14_000_000,
  secretFields: ['content_base64'],
  input: z.object({
    filename: z.string().trim().min(1).max(200),
    contentType,
    contentBase64: z.base64().describe('The bytes in base64').meta({ 'x-file': true, 'x-cli': 'from-file' }),
  }),
  output: z.object({ attachmentId: z.uuid(), filename: z.string(), contentType: z.string(), size: z.int() }),
  async run(ctx, input) {
    const file = await keepFile(ctx, {
      filename: input.filename,
      contentType: input.contentType,
      content: Buffer.from(input.contentBase64, 'base64'),
    });
    ctx.subject('templates', ctx.companyId);
    return file;
  },
});
