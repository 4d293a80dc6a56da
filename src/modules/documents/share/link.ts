import type { Runtime } from '#core/runtime.ts';
import type { Secrets } from '#core/secrets.ts';
import { readIds, signIds } from '#core/signed-ids.ts';
import { publicUrl } from '#modules/accounts/public.ts';

const PURPOSE = 'document share';

/** Where a share is on this server: opaque, signed, the same whenever it is asked for. */
export const sharePath = (runtime: Pick<Runtime, 'secrets'>, companyId: string, shareId: string): string =>
  `/d/${signIds(runtime.secrets, PURPOSE, [companyId, shareId])}`;

export const shareUrl = (runtime: Pick<Runtime, 'secrets' | 'config'>, companyId: string, shareId: string): string =>
  publicUrl(runtime.config) + sharePath(runtime, companyId, shareId);

export function readShareWord(secrets: Secrets, word: string): { readonly companyId: string; readonly shareId: string } | null {
  const [companyId, shareId] = readIds(secrets, PURPOSE, 2, word) ?? [];
  return companyId === undefined || shareId === undefined ? null : { companyId, shareId };
}
