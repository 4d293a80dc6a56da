import { z } from 'zod';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';

export const BASE_URL = 'https://gmail.googleapis.com';

/** The parts of answers that we rely on; the rest may change freely. Ids of history are whole numbers as text. */
const historyId = z.string().regex(/^\d+$/);
export const Profile = z.object({ emailAddress: z.string().min(3), historyId });
export const Sent = z.object({ id: z.string().min(1), threadId: z.string().min(1) });
export const Listed = z.object({
  messages: z.array(z.object({ id: z.string() })).optional(),
  nextPageToken: z.string().optional(),
  resultSizeEstimate: z.number(),
});
export const Raw = z.object({ id: z.string(), raw: z.string(), internalDate: z.string().regex(/^\d+$/) });
export const RawWithLabels = Raw.extend({ labelIds: z.array(z.string()).optional() });
export const History = z.object({
  history: z
    .array(
      z.object({
        id: historyId,
        messagesAdded: z.array(z.object({ message: z.object({ id: z.string(), labelIds: z.array(z.string()).optional() }) })).optional(),
      }),
    )
    .optional(),
  nextPageToken: z.string().optional(),
  historyId,
});

/** The history that a cursor points into, or a mail, is gone. */
export class Gone extends VendorRefused {}

const Fault = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string() })).optional(), status: z.string().optional() }),
});
/** 403 for these means slower, not no. @see https://developers.google.com/workspace/gmail/api/guides/handle-errors */
const TOO_FAST = ['rateLimitExceeded', 'userRateLimitExceeded', 'dailyLimitExceeded', 'quotaExceeded'];

export function client({ baseUrl, tokens, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'Gmail',
    baseUrl: baseUrl ?? BASE_URL,
    tokens: tokens ?? NOT_SIGNED_IN,
    timeoutMs: 60_000,
    turn,
    log,
    refusal(status, body, says) {
      if (status === 404) return new Gone(`Gmail does not have this any more (404): ${says}`);
      const reasons = Fault.safeParse(body).data?.error.errors?.map(({ reason }) => reason) ?? [];
      if (status === 403 && reasons.some((reason) => TOO_FAST.includes(reason)))
        return new VendorUnavailable(`Gmail is busy (403): ${says}`);
      return undefined;
    },
  });
}

const NOT_SIGNED_IN = {
  current: () => Promise.reject(new CredentialsRejected('Nobody has signed in at Google yet. Press Sign in under Connections')),
  renew: () => Promise.reject(new CredentialsRejected('Nobody has signed in at Google yet. Press Sign in under Connections')),
};
