import { createHash } from 'node:crypto';
import type { Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { appendChunk, beginFile, FileTooLarge, finishFile, inChunks, LARGEST_FILE, type NewFile, type PersonFile } from './file.ts';
import { sniff } from './sniff.ts';

/** Runs its work in a transaction of this company: one for all of a small file, or one for each chunk of a stream. */
export type InTransaction = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/** Stores the bytes of a file that was begun, one chunk in memory at a time. @throws FileTooLarge */
export async function storeBytes(
  inTransaction: InTransaction,
  companyId: string,
  file: { readonly id: string; readonly name: string },
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<PersonFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let position = 0;
  let type = 'text/plain';
  for await (const bytes of inChunks(source)) {
    sizeBytes += bytes.length;
    if (sizeBytes > LARGEST_FILE) throw tooLarge();
    if (position === 0) type = sniff(bytes, file.name);
    hash.update(bytes);
    const at = position++;
    await inTransaction((tx) => appendChunk(tx, companyId, file.id, at, bytes));
  }
  return inTransaction((tx) => finishFile(tx, companyId, file.id, { type, sizeBytes, sha256: hash.digest('hex') }));
}

export const tooLarge = () =>
  new FileTooLarge(`A file has at most ${LARGEST_FILE / 1_000_000} MB; send a smaller one, or a link to it as a note`);

/** A file that is here whole, in the caller's transaction. Answers its id; null: the person is gone, or has as many as one may have. */
export async function keepFile(
  tx: Transaction,
  companyId: string,
  { content, ...file }: Omit<NewFile, 'id' | 'createdBy'> & { readonly content: Buffer; readonly createdBy?: string | null },
): Promise<string | null> {
  const id = newId();
  if (!(await beginFile(tx, companyId, { createdBy: null, ...file, id }))) return null;
  await storeBytes((work) => work(tx), companyId, { id, name: file.name }, [content]);
  return id;
}
