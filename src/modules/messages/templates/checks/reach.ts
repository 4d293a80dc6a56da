import { AppError } from '#core/errors.ts';
import { guardedFetch } from '#core/net/guarded-fetch.ts';
import type { Runtime } from '#core/runtime.ts';

/** What an address answered. */
export interface Reached {
  readonly url: string;
  readonly ok: boolean;
  /** Null: it did not answer. */
  readonly status: number | null;
  /** In words, and what to do where it is not well. */
  readonly says: string;
}

const AT_ONCE = 5;
const TIMEOUT_MS = 8_000;

/** Asks each address once, through the guard that reaches nothing inside the own network. */
export async function reach(runtime: Runtime, urls: readonly string[]): Promise<Reached[]> {
  const found: Reached[] = [];
  const ahead = [...urls];
  const worker = async () => {
    for (let url = ahead.shift(); url !== undefined; url = ahead.shift()) found.push(await ask(runtime, url));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, urls.length) }, worker));
  return urls.flatMap((url) => found.find((one) => one.url === url) ?? []);
}

async function ask(runtime: Runtime, url: string): Promise<Reached> {
  try {
    const get = (method: 'HEAD' | 'GET') =>
      guardedFetch(
        url,
        { method, redirects: 5, timeoutMs: TIMEOUT_MS, maxBytes: 100_000, cut: true },
        { internalHosts: runtime.config.internalHosts },
      );
    const head = await get('HEAD');
    // some servers answer HEAD with anything
    const { status } = head.status < 400 ? head : await get('GET');
    if (status < 400) return { url, ok: true, status, says: 'It answers' };
    // a page that asks who is there is there
    if (status === 401 || status === 403 || status === 429)
      return { url, ok: true, status, says: `It answers ${status}: readers may have to sign in` };
    return {
      url,
      ok: false,
      status,
      says:
        status === 404 || status === 410
          ? `There is no such page (${status}); correct the address`
          : `It answers ${status}; look at the page`,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { url, ok: false, status: null, says: error.message };
  }
}
