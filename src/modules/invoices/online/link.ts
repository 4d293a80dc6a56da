import { readIds, signIds } from '#core/signed-ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { publicUrl } from '#modules/accounts/public.ts';

const PURPOSE = 'pay an invoice';

/** `/pay/<word>`: our own address, good for as long as the invoice is there. The page of the payment service is made when somebody presses the button. */
export function payPath(runtime: Pick<Runtime, 'secrets'>, companyId: string, invoiceId: string): string {
  return `/pay/${signIds(runtime.secrets, PURPOSE, [companyId, invoiceId])}`;
}

export const payLink = (runtime: Pick<Runtime, 'secrets' | 'config'>, companyId: string, invoiceId: string): string =>
  `${publicUrl(runtime.config)}${payPath(runtime, companyId, invoiceId)}`;

/** Null: not ours. */
export function readPayWord(runtime: Pick<Runtime, 'secrets'>, word: string): { companyId: string; invoiceId: string } | null {
  const [companyId, invoiceId] = readIds(runtime.secrets, PURPOSE, 2, word) ?? [];
  return companyId === undefined || invoiceId === undefined ? null : { companyId, invoiceId };
}
