import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { vendorHttp } from '#core/connector/http.ts';
import type { TokenSource } from '#core/connector/oauth/types.ts';
import { AppError } from '#core/errors.ts';

export interface BigQueryAccess {
  readonly project: string;
  readonly dataset: string;
  /** `https://bigquery.googleapis.com`, or a fake's. */
  readonly baseUrl: string;
  readonly tokens: TokenSource;
  /** Between two looks at a job. */
  readonly lookMs?: number;
}

export interface BigQuery {
  /** Makes the dataset unless it is there. */
  ensureDataset(): Promise<void>;
  /** Names of a table's columns; null: there is no such table. */
  columnsOf(table: string): Promise<string[] | null>;
  /** Loads a Parquet file in place of what the table holds, partitioned by the day of a column. The same job id twice loads once. */
  load(table: string, file: string, options: { readonly partition: string | null; readonly jobId: string }): Promise<number>;
  /** Standard SQL. Answers rows of texts. */
  query(sql: string): Promise<(string | null)[][]>;
}

/** It is not there, or it is there already: what that means is the caller's. */
class NotThere extends AppError {
  readonly code = 'vendor_refused';
  readonly status = 422;
}

const Job = z.object({
  jobReference: z.object({ jobId: z.string(), location: z.string().optional() }),
  status: z.object({ state: z.string(), errorResult: z.object({ message: z.string() }).optional() }).optional(),
  statistics: z.object({ load: z.object({ outputRows: z.string() }).optional() }).optional(),
});
type Job = z.output<typeof Job>;
const Table = z.object({ schema: z.object({ fields: z.array(z.object({ name: z.string() })) }).optional() });
const Answered = z.object({
  jobComplete: z.boolean(),
  jobReference: z.object({ jobId: z.string(), location: z.string().optional() }),
  rows: z.array(z.object({ f: z.array(z.object({ v: z.string().nullable() })) })).optional(),
});
const UPLOAD_MS = 3_600_000;

/** @see https://cloud.google.com/bigquery/docs/reference/rest */
export function openBigQuery({ project, dataset, baseUrl, tokens, lookMs = 1_000 }: BigQueryAccess): BigQuery {
  const root = `/projects/${project}`;
  const http = vendorHttp({
    vendor: 'BigQuery',
    baseUrl: `${baseUrl}/bigquery/v2`,
    tokens,
    refusal: (status, _body, says) => (status === 404 || status === 409 ? new NotThere(`BigQuery: ${says}`) : undefined),
  });
  const unless = async <T>(call: Promise<T>): Promise<T | null> => {
    try {
      return await call;
    } catch (error) {
      if (error instanceof NotThere) return null;
      throw error;
    }
  };

  async function ended(begun: Job): Promise<Job> {
    let job = begun;
    while (job.status?.state !== 'DONE') {
      await sleep(lookMs);
      const { jobId, location } = job.jobReference;
      job = await http.get(`${root}/jobs/${jobId}`, { answer: Job, query: { location } });
    }
    if (job.status.errorResult !== undefined) throw new VendorRefused(`BigQuery did not load the file: ${job.status.errorResult.message}`);
    return job;
  }

  return {
    async ensureDataset() {
      const there = await unless(http.get(`${root}/datasets/${dataset}`, { answer: z.object({}) }));
      if (there !== null) return;
      const body = { datasetReference: { projectId: project, datasetId: dataset }, description: 'Exports of Steward' };
      await unless(http.post(`${root}/datasets`, body, { answer: z.object({}), repeat: 'safe' }));
    },
    async columnsOf(table) {
      const found = await unless(http.get(`${root}/datasets/${dataset}/tables/${table}`, { answer: Table }));
      return found === null ? null : (found.schema?.fields ?? []).map(({ name }) => name);
    },
    async load(table, file, { partition, jobId }) {
      const load = {
        destinationTable: { projectId: project, datasetId: dataset, tableId: table },
        sourceFormat: 'PARQUET',
        writeDisposition: 'WRITE_TRUNCATE',
        createDisposition: 'CREATE_IF_NEEDED',
        columnNameCharacterMap: 'V2', // a dot in the name of an own field becomes an underscore
        ...(partition === null ? {} : { timePartitioning: { type: 'DAY', field: partition } }),
      };
      const job = { jobReference: { projectId: project, jobId }, configuration: { load } };
      const begun = await upload(`${baseUrl}/upload/bigquery/v2${root}/jobs?uploadType=resumable`, job, file, tokens);
      // Null: this job is there already, from a try whose answer was lost.
      const done = await ended(begun ?? { jobReference: { jobId } });
      return Number(done.statistics?.load?.outputRows ?? 0);
    },
    async query(sql) {
      const body = { query: sql, useLegacySql: false, defaultDataset: { projectId: project, datasetId: dataset }, timeoutMs: 10_000 };
      let answer = await http.post(`${root}/queries`, body, { answer: Answered, repeat: 'safe' });
      while (!answer.jobComplete) {
        const { jobId, location } = answer.jobReference;
        answer = await http.get(`${root}/queries/${jobId}`, { answer: Answered, query: { location, timeoutMs: 10_000 } });
      }
      return (answer.rows ?? []).map(({ f }) => f.map(({ v }) => v));
    },
  };
}

/** A resumable upload in one piece: the job first, then the bytes as they are read. Null: a job of this id is there. @see https://cloud.google.com/bigquery/docs/reference/api-uploads */
async function upload(address: string, job: object, file: string, tokens: TokenSource): Promise<Job | null> {
  const { size } = await stat(file);
  const token = await tokens.current();
  const authorization = `Bearer ${token.reveal()}`;
  const start = await send(address, {
    method: 'POST',
    headers: {
      authorization,
      'content-type': 'application/json; charset=UTF-8',
      'x-upload-content-type': 'application/octet-stream',
      'x-upload-content-length': String(size),
    },
    body: JSON.stringify(job),
  });
  const location = start.headers.get('location');
  if (location === null) throw new VendorRefused('BigQuery named no address for the file');
  // Node's fetch takes Node's web stream; the two declarations of it differ.
  const body = Readable.toWeb(createReadStream(file)) as unknown as NonNullable<RequestInit['body']>;
  const answer = await send(location, { method: 'PUT', headers: { authorization, 'content-length': String(size) }, body, duplex: 'half' });
  return answer.status === 409 ? null : Job.parse(await answer.json());
}

async function send(address: string, init: RequestInit & { readonly duplex?: 'half' }): Promise<Response> {
  const answer = await fetch(address, { ...init, redirect: 'manual', signal: AbortSignal.timeout(UPLOAD_MS) }).catch((cause: unknown) => {
    throw new MaybeDone('BigQuery did not answer while the file was sent; say it again', { cause });
  });
  if (answer.ok || answer.status === 409) return answer;
  const says = (await answer.text()).slice(0, 400);
  if (answer.status === 429 || answer.status >= 500)
    throw new VendorUnavailable(`BigQuery is busy (${answer.status}); say it again in a minute: ${says}`);
  throw new VendorRefused(`BigQuery refused the file (${answer.status}): ${says}`);
}
