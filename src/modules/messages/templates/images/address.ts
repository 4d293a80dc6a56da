import type { Secrets } from '#core/secrets.ts';
import { readIds, signIds } from '#core/signed-ids.ts';
import { ENDINGS } from './picture.ts';

const PURPOSE = 'picture in mail';

/** Which picture. */
interface Shown {
  readonly companyId: string;
  readonly fileId: string;
}

/**
 * Where a picture stands, from the root of this installation: signed, so that nobody guesses one; without an end, as mail is kept. The file's id
 * stands in it a second time, readable: what no text names any more is found by it.
 */
export function imagePath(secrets: Secrets, { companyId, fileId }: Shown, contentType: string): string {
  return `/i/${signIds(secrets, PURPOSE, [companyId, fileId])}/${fileId}.${ENDINGS[contentType] ?? 'img'}`;
}

export function readImageWord(secrets: Secrets, word: string): Shown | null {
  const [companyId, fileId] = readIds(secrets, PURPOSE, 2, word) ?? [];
  return companyId === undefined || fileId === undefined ? null : { companyId, fileId };
}

/** Pictures of ours by their whole address: templates hold the path alone, so that they survive a move to another address. */
export function absoluteImages(html: string, base: string): string {
  return html.includes('/i/') ? html.replace(/(["'(])(?=\/i\/[\w-]{64}\/)/g, (quote) => `${quote}${base}`) : html;
}
