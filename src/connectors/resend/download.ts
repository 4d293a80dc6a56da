import { VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { AddressNotAllowed } from '#core/net/addresses.ts';
import { guardedFetch } from '#core/net/guarded-fetch.ts';
import type { Download } from './events.ts';

export const DEFAULT_BASE_URL = 'https://api.resend.com';

/** Resend takes mails of 40 MB, and writes attachments in base64. */
const MOST_BYTES = 60_000_000;

/**
 * Fetches what Resend keeps at addresses of its own, signed and good for an hour: without our key, and never inside our network, but for the
 * host that the connection itself names.
 * @see https://resend.com/docs/api-reference/emails/retrieve-received-email
 */
export function downloader({ baseUrl, signal }: Pick<ConnectorOptions, 'baseUrl' | 'signal'>): Download {
  const own = baseUrl === undefined || baseUrl === DEFAULT_BASE_URL ? null : new URL(baseUrl);
  const internalHosts = own === null ? [] : [`${own.hostname}:${own.port === '' ? (own.protocol === 'https:' ? 443 : 80) : own.port}`];
  return async (url) => {
    try {
      const request = { method: 'GET', timeoutMs: 60_000, maxBytes: MOST_BYTES, ...(signal === undefined ? {} : { signal }) };
      const answer = await guardedFetch(url, request, { internalHosts });
      if (answer.status === 200) return answer.bytes;
      if (answer.status === 429 || answer.status >= 500)
        throw new VendorUnavailable(`Resend does not give a mail out now (${answer.status})`);
      return null;
    } catch (error) {
      // Gone, too long, or no address to ask: the text is there without it.
      if (error instanceof VendorRefused || error instanceof AddressNotAllowed) return null;
      throw error;
    }
  };
}
