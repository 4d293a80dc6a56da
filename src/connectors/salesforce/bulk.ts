import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { VendorUnavailable } from '#core/connector/errors.ts';
import type { VendorHttp } from '#core/connector/http.ts';
import { API, Job } from './api.ts';

const JOBS = `${API}/jobs/query`;
/** Rows of one answer: a page here. */
const PAGE = 1_000;
/** Before each look at a job that is not done, in milliseconds; after the last one whoever asked may ask again. */
const LOOKS_MS = [0, 250, 1_000, 2_000, 4_000, 8_000];

/** A query that Salesforce answers in its own time (Bulk API 2.0). @see https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/queries.htm */
export async function createJob(
  http: VendorHttp,
  query: string,
  call: { readonly signal?: AbortSignal; readonly headersOf?: (headers: Headers) => void },
): Promise<string> {
  // Two jobs of one query cost some of a day's ten thousand and change nothing.
  const { id } = await http.post(JOBS, { operation: 'query', query }, { answer: Job, repeat: 'safe', ...call });
  return id;
}

/** Waits some seconds for a job. `failed`: Salesforce gave it up; null: not done yet. Else how many rows it found. */
export async function rowsOfJob(http: VendorHttp, id: string, call: { readonly signal?: AbortSignal }): Promise<number | 'failed' | null> {
  for (const wait of LOOKS_MS) {
    await pause(wait, undefined, call);
    const job = await http.get(`${JOBS}/${encodeURIComponent(id)}`, { answer: Job, ...call });
    if (job.state === 'JobComplete') return job.numberRecordsProcessed ?? 0;
    if (job.state === 'Failed' || job.state === 'Aborted') return 'failed';
  }
  return null;
}

/** Rows of a job that is done, from a locator on, in the order of the query's columns. */
export async function resultsOf(
  http: VendorHttp,
  id: string,
  of: { readonly columns: readonly string[]; readonly locator: string | null },
  call: { readonly signal?: AbortSignal },
): Promise<{ readonly rows: readonly string[][]; readonly locator: string | null }> {
  let next: string | null = null;
  const text = await http.get(`${JOBS}/${encodeURIComponent(id)}/results`, {
    answer: z.string().optional(),
    query: { maxRecords: PAGE, locator: of.locator ?? undefined },
    headers: { accept: 'text/csv' },
    headersOf(headers) {
      const said = headers.get('sforce-locator');
      next = said === null || said === 'null' || said === '' ? null : said;
    },
    ...call,
  });
  return { rows: linesOf(text ?? '', of.columns, of.locator === null), locator: next };
}

/** @throws VendorUnavailable when it is no such file: a page of a proxy must not pass for a record */
function linesOf(text: string, columns: readonly string[], first: boolean): string[][] {
  const rows = records(text);
  // The first answer has a line of names, a later one may.
  const named = rows?.[0]?.every((cell, index) => cell.toLowerCase() === columns[index]?.toLowerCase()) === true;
  if (rows === null || (first && text !== '' && !named) || rows.some((row) => row.length !== columns.length))
    throw new VendorUnavailable('Salesforce answered something that is not the result of the query');
  return named ? rows.slice(1) : rows;
}

function records(text: string): string[][] | null {
  try {
    return parse(text, { skip_empty_lines: true, relax_column_count: true });
  } catch {
    return null;
  }
}
