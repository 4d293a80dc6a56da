import { setImmediate as breathe } from 'node:timers/promises';
import type { Runtime } from '#core/runtime.ts';
import { companyCountry, customFields } from '#modules/people/public.ts';
import { emailReader } from './email.ts';
import { someoneListens } from './listeners.ts';
import { fastPhoneReader } from './phone.ts';
import { rowsOf } from './read/table.ts';
import { RowReader, type ImportRow, type Refusal } from './row.ts';
import { loadImport, ownersByEmail, storedFile, type ImportRecord } from './store.ts';

/** Rows between two looks at what else the process has to do. */
const BREATHE_EVERY = 500;

export interface Chunk {
  readonly rows: readonly ImportRow[];
  readonly refusals: readonly Refusal[];
  /** Number of its last row. */
  readonly end: number;
}

/** What everything about one import needs, read once. */
export interface Job {
  readonly record: ImportRecord;
  readonly reader: RowReader;
  readonly lists: boolean;
  readonly byNumber: boolean;
  readonly organisations: Map<string, string>;
  readonly tags: Map<string, string>;
}

export async function jobOf(runtime: Runtime, companyId: string, importId: string): Promise<Job> {
  const now = runtime.clock.now();
  return runtime.database.read(companyId, async (tx) => {
    const record = await loadImport(tx, companyId, importId);
    const withoutEmail = record.withoutEmail || !record.mapping.includes('email');
    const reader = new RowReader({
      mapping: record.mapping,
      formats: record.formats,
      fields: await customFields(tx, companyId),
      owners: await ownersByEmail(tx, companyId),
      withoutEmail,
      tagAll: record.tags,
      year: now.getUTCFullYear(),
      readEmail: emailReader(),
      readPhone: await fastPhoneReader(await companyCountry(tx, companyId)),
    });
    const lists = await someoneListens(tx, companyId, record.enrol, now);
    return { record, reader, lists, byNumber: withoutEmail, organisations: new Map(), tags: new Map() };
  });
}

/** Cut by row number, so that a second run over the same file makes the same chunks. */
export async function* chunksOf(runtime: Runtime, { record, reader }: Job, size: number): AsyncGenerator<Chunk> {
  let rows: ImportRow[] = [];
  let refusals: Refusal[] = [];
  let number = 0;
  for await (const batch of rowsOf(storedFile(runtime, record.companyId, record.id), record)) {
    for (const found of batch) {
      number += 1;
      if (number <= record.processedRows) continue; // committed before a restart
      const row = reader.read(found, number);
      if ('emails' in row) rows.push(row);
      else refusals.push(row);
      if (number % BREATHE_EVERY === 0) await breathe();
      if (number % size !== 0) continue;
      yield { rows, refusals, end: number };
      rows = [];
      refusals = [];
    }
  }
  if (rows.length + refusals.length > 0) yield { rows, refusals, end: number };
}
