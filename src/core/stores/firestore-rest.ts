import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { VendorUnavailable } from '../connector/errors.ts';
import { vendorHttp } from '../connector/http.ts';
import type { TokenSource } from '../connector/oauth/types.ts';
import { Value, type Fields } from './firestore-row.ts';

/** Where it is, and how we sign in: an emulator takes anybody. */
export interface FirestoreAccess {
  readonly project: string;
  /** `(default)` unless named. */
  readonly database: string;
  /** `https://firestore.googleapis.com`, or that of an emulator. */
  readonly baseUrl: string;
  readonly tokens: TokenSource | null;
  /** One call. Default 120,000. */
  readonly timeoutMs?: number;
  /** How often a call is made while it is busy. Default 8, over half a minute. */
  readonly tries?: number;
}

export type Write = { readonly update: { readonly name: string; readonly fields: Fields } } | { readonly delete: string };

export interface Document {
  /** The last part of its name. */
  readonly id: string;
  readonly fields: Fields;
}

/** The few calls that Steward makes. All may be made twice: what is written is a whole document under its own name. */
export interface Firestore {
  /** @param path below the documents of the database, such as `steward/main` */
  nameOf(path: string): string;
  get(path: string): Promise<Fields | null>;
  /** Together, or not at all. At most 500 and 10 MiB. */
  commit(writes: readonly Write[]): Promise<void>;
  /** In the order of their ids, after this one. `only` leaves out the other fields. */
  list(
    parent: string,
    collection: string,
    options: { readonly after: string | null; readonly limit: number; readonly only?: string },
  ): Promise<Document[]>;
}

const Found = z.object({ name: z.string(), fields: z.record(z.string(), Value).optional() });
const Listed = z.array(z.object({ document: Found.optional() }));
const Got = z.array(z.object({ found: Found.optional() }));
/** Three hundred rows of the greatest size that is kept in one document. */
const MOST_BYTES = 120_000_000;

/** @see https://firebase.google.com/docs/firestore/reference/rest */
export function openFirestore({ project, database, baseUrl, tokens, timeoutMs = 120_000, tries = 8 }: FirestoreAccess): Firestore {
  const root = `projects/${project}/databases/${database}/documents`;
  const http = vendorHttp({
    vendor: 'Firestore',
    baseUrl: `${baseUrl.replace(/\/+$/, '')}/v1`,
    maxBytes: MOST_BYTES,
    timeoutMs,
    ...(tokens === null ? { headers: { authorization: 'Bearer owner' } } : { tokens }),
  });
  const nameOf = (path: string) => `${root}/${path}`;
  const idOf = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  return {
    nameOf,
    async get(path) {
      const body = { documents: [nameOf(path)] };
      const [answer] = await patiently(tries, () => http.post(`/${root}:batchGet`, body, { answer: Got, repeat: 'safe' }));
      return answer?.found === undefined ? null : (answer.found.fields ?? {});
    },
    async commit(writes) {
      await patiently(tries, () =>
        http.post(`/${root}:commit`, { writes }, { answer: z.object({ commitTime: z.string() }), repeat: 'safe' }),
      );
    },
    async list(parent, collection, { after, limit, only }) {
      const structuredQuery = {
        from: [{ collectionId: collection }],
        orderBy: [{ field: { fieldPath: '__name__' }, direction: 'ASCENDING' }],
        limit,
        ...(only === undefined ? {} : { select: { fields: [{ fieldPath: only }] } }),
        ...(after === null ? {} : { startAt: { before: false, values: [{ referenceValue: nameOf(`${parent}/${collection}/${after}`) }] } }),
      };
      const answer = await patiently(tries, () =>
        http.post(`/${nameOf(parent)}:runQuery`, { structuredQuery }, { answer: Listed, repeat: 'safe' }),
      );
      return answer.flatMap(({ document }) => (document === undefined ? [] : [{ id: idOf(document.name), fields: document.fields ?? {} }]));
    },
  };
}

/** It asks for quiet when it is written to faster than it grows (500 a second at first, then half as much again every five minutes). */
async function patiently<T>(tries: number, call: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof VendorUnavailable) || tried >= tries) throw error;
      await sleep(Math.min(30_000, error.retryAfterS === undefined ? 250 * 2 ** tried : error.retryAfterS * 1_000));
    }
  }
}
