import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { keepImage } from '../templates/images/keep.ts';
import { LARGEST_IMAGE } from '../templates/images/picture.ts';

export const addImage = operation({
  name: 'templates.add_image',
  summary: 'Keep a picture that mails show: PNG, JPEG or GIF of at most 2 MB. What a camera wrote into it (place, device) is taken out',
  http: 'POST /api/templates/images',
  cli: 'templates add-image',
  access: 'write',
  role: 'manager',
  status: 201,
  bodyLimit: LARGEST_IMAGE * 2,
  secretFields: ['content_base64'],
  input: z.object({
    filename: z.string().trim().min(1).max(200),
    contentBase64: z.base64().describe('The bytes in base64').meta({ 'x-file': true, 'x-cli': 'from-file' }),
  }),
  output: z.object({
    fileId: z.uuid(),
    src: z.string().describe('For the src of an image: a path here; each mail gets the whole address'),
    filename: z.string(),
    contentType: z.string(),
    size: z.int().describe('Bytes'),
    width: z.int().describe('Pixels'),
    height: z.int().describe('Pixels'),
  }),
  async run(ctx, input) {
    const kept = await keepImage(ctx, input.filename, Buffer.from(input.contentBase64, 'base64'));
    ctx.subject('templates', ctx.companyId);
    return { ...kept };
  },
});
