import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { AppError, InvalidInput } from '#core/errors.ts';
import type { Spoken } from '#core/language.ts';
import type { PortalSent, PortalUpload } from '#core/portal/types.ts';
import { MOST_UPLOAD } from './page/kit.ts';
import { FRAME_WORDS } from './page/words.ts';

const MOST_FIELDS = 100;
const MOST_FILES = 10;
const LONGEST_FIELD = 100_000;

/** The files of one form are larger than they may be together. */
export class UploadTooLarge extends AppError {
  readonly code = 'upload_too_large';
  readonly status = 413;
}

/** What a form sent, of either encoding. @throws UploadTooLarge, InvalidInput */
export async function readSent(request: FastifyRequest, path: string, language: Spoken): Promise<PortalSent> {
  const fields: Record<string, string> = Object.create(null);
  if (!request.isMultipart()) {
    for (const [name, value] of Object.entries(Object(request.body))) fields[name] = String([value].flat().at(-1) ?? '');
    return { path, fields, files: [] };
  }
  const files: PortalUpload[] = [];
  let left = MOST_UPLOAD;
  const limits = {
    fields: MOST_FIELDS,
    files: MOST_FILES,
    parts: MOST_FIELDS + MOST_FILES,
    fieldSize: LONGEST_FIELD,
    fileSize: MOST_UPLOAD,
  };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'file') {
      const bytes = await bytesOf(part, left, language);
      left -= bytes.length;
      // A file field that was left empty comes without a name.
      if (part.filename !== '') files.push({ field: part.fieldname, name: part.filename, bytes });
    } else fields[part.fieldname] = textOf(part, language);
  }
  return { path, fields, files };
}

async function bytesOf(part: MultipartFile, most: number, language: Spoken): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of part.file) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size <= most) pieces.push(bytes); // what is too much is read to its end, so that the browser hears the answer
  }
  if (size > most || part.file.truncated) throw new UploadTooLarge(FRAME_WORDS[language].tooLarge(MOST_UPLOAD / 1_000_000));
  return Buffer.concat(pieces);
}

function textOf({ fieldname, value, valueTruncated }: MultipartValue, language: Spoken): string {
  const { tooLong } = FRAME_WORDS[language];
  if (valueTruncated) throw new InvalidInput(tooLong, { fields: [{ path: fieldname, message: tooLong }] });
  return typeof value === 'string' ? value : '';
}
