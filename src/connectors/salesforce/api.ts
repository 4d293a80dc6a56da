import { z } from 'zod';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';

/** Spring '24: supported for years to come, and every organisation has it. */
export const API = '/services/data/v60.0';

const Faults = z.array(z.object({ message: z.string(), errorCode: z.string() })).min(1);
/** The requests of a day are used up, by whatever program; they come back over the next 24 hours. Seconds. */
const USED_UP_S = 900;
/** Busy, or a lock that somebody else holds: the same may work later. */
const LATER = new Set([
  'SERVER_UNAVAILABLE',
  'QUERY_TIMEOUT',
  'UNABLE_TO_LOCK_ROW',
  'REQUEST_RUNNING_TOO_LONG',
  'CONCURRENT_REQUESTS_LIMIT_EXCEEDED',
]);

/** It is not there, or no longer. */
export class NoSuch extends VendorRefused {}

/** @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
export function client({ baseUrl, tokens, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'Salesforce',
    baseUrl: baseUrl ?? '',
    tokens: tokens ?? NOT_SIGNED_IN,
    timeoutMs: 120_000,
    maxBytes: 30_000_000,
    turn,
    log,
    refusal(status, body, says) {
      const fault = Faults.safeParse(body).data?.[0];
      const code = fault?.errorCode ?? '';
      const why = code === '' ? says : `${says} (${code})`;
      if (code === 'REQUEST_LIMIT_EXCEEDED')
        return new VendorUnavailable(`Salesforce takes no more requests of this organisation for now: ${why}`, { retryAfterS: USED_UP_S });
      if (LATER.has(code)) return new VendorUnavailable(`Salesforce is busy: ${why}`);
      if (status === 404) return new NoSuch(`Salesforce does not have this (404): ${why}`);
      // 401 has its token renewed, 429 has its own meaning
      if (fault === undefined || status === 401 || status === 429) return undefined;
      if (status === 403) return new CredentialsRejected(`Salesforce does not let this user do that: ${why}`);
      return new VendorRefused(`Salesforce refused (${status}): ${why}`);
    },
  });
}

const signIn = () => Promise.reject(new CredentialsRejected('Nobody has signed in at Salesforce yet. Press Sign in under Connections'));
const NOT_SIGNED_IN = { current: signIn, renew: signIn };

/** The part of answers that we rely on; the rest may change freely. */
export const Found = z.object({
  totalSize: z.int(),
  done: z.boolean(),
  nextRecordsUrl: z.string().startsWith('/services/data/').optional(),
  records: z.array(z.record(z.string(), z.unknown())),
});
export const Job = z.object({
  id: z.string().min(1),
  state: z.enum(['UploadComplete', 'InProgress', 'Aborted', 'JobComplete', 'Failed']),
  numberRecordsProcessed: z.int().optional(),
});
export const Described = z.object({
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      type: z.string(),
      updateable: z.boolean(),
      relationshipName: z.string().nullish(),
      referenceTo: z.array(z.string()).optional(),
    }),
  ),
});
export const Created = z.object({ id: z.string().min(1), success: z.literal(true) });
