import { z } from 'zod';
import { CredentialsRejected, VendorRefused } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';

export const BASE_URL = 'https://sheets.googleapis.com';

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.output<typeof cell>;
/** The parts of answers that we rely on; the rest may change freely. A range of empty cells has no values. */
export const Values = z.object({ range: z.string(), values: z.array(z.array(cell)).optional() });
export const Book = z.object({
  properties: z.object({ title: z.string() }),
  sheets: z.array(
    z.object({
      properties: z.object({
        title: z.string(),
        hidden: z.boolean().optional(),
        sheetType: z.string().optional(),
        gridProperties: z.object({ rowCount: z.int().optional() }).optional(),
      }),
    }),
  ),
});
export const Updated = z.object({ totalUpdatedCells: z.int().optional(), spreadsheetId: z.string() });
export const Appended = z.object({ updates: z.object({ updatedRange: z.string() }) });

/** There is no such spreadsheet, or whoever signed in may not see it: Google does not say which. */
export class NoSuch extends VendorRefused {}

export function client({ baseUrl, tokens, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'Google Sheets',
    baseUrl: baseUrl ?? BASE_URL,
    tokens: tokens ?? NOT_SIGNED_IN,
    timeoutMs: 60_000,
    maxBytes: 30_000_000,
    turn,
    log,
    refusal: (status, _body, says) =>
      status === 404 ? new NoSuch(`Google Sheets has no such spreadsheet, or it is not shared with whoever signed in: ${says}`) : undefined,
  });
}

const signIn = () => Promise.reject(new CredentialsRejected('Nobody has signed in at Google yet. Press Sign in under Connections'));
const NOT_SIGNED_IN = { current: signIn, renew: signIn };
