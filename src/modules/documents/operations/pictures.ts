import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { keepPicture } from '#modules/brand/public.ts';

export const addDocumentPicture = operation({
  name: 'documents.add_picture',
  summary: 'Keep a picture for documents; blocks name it by what this answers',
  http: 'POST /api/documents/pictures',
  cli: 'documents add-picture',
  access: 'write',
  bodyLimit: 4 * 1024 * 1024,
  status: 201,
  input: z.object({
    contentBase64: z.base64().max(2_800_000).describe('The picture: PNG or JPEG').meta({ 'x-file': true, 'x-cli': 'from-file' }),
  }),
  output: z.object({ picture: z.string().describe('SHA-256 of its bytes'), width: z.int(), height: z.int() }),
  async run(ctx, { contentBase64 }) {
    const kept = await keepPicture(ctx, ctx.companyId, contentBase64, ctx.clock.now());
    ctx.subject('company_pictures', ctx.companyId);
    return kept;
  },
});
