import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';
import type { Connector } from './types.ts';

/**
 * Where a vendor is reached: the connection's own address, else STEWARD_<VENDOR>_BASE_URL, else the vendor's.
 * Undefined for a vendor that is no HTTP service.
 *
 * @throws Misconfigured when the address is not http or https.
 */
export function resolveBaseUrl(
  vendor: Pick<Connector, 'id' | 'baseUrl'>,
  credentials: Record<string, unknown>,
  overrides: { readonly connection: string | null; readonly config: Pick<Config, 'vendorBaseUrls'> },
): string | undefined {
  const url = overrides.connection ?? overrides.config.vendorBaseUrls[vendor.id] ?? vendor.baseUrl?.(credentials);
  if (url !== undefined && !/^https?:\/\//i.test(url)) {
    throw new Misconfigured(`The base URL of ${vendor.id} must start with https:// or http://; it is ${url}`);
  }
  return url?.replace(/\/+$/, '');
}
