import type { Runtime } from '#core/runtime.ts';
import { readIds, signIds } from '#core/signed-ids.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { DAY_MS, dayOf } from './page.ts';

const DAYS = 14;
const purposeOf = (until: string): string => `landing preview until ${until}`;

interface PreviewLink {
  readonly url: string;
  readonly path: string;
  /** The last day on which it opens, YYYY-MM-DD, UTC. */
  readonly until: string;
}

/** A link that shows the draft to whoever has it: signed with its last day, stored nowhere. */
export function previewLink(runtime: Pick<Runtime, 'secrets' | 'config' | 'clock'>, companyId: string, pageId: string): PreviewLink {
  const until = dayOf(new Date(runtime.clock.now().getTime() + DAYS * DAY_MS));
  const path = `/go/preview/${until}/${signIds(runtime.secrets, purposeOf(until), [companyId, pageId])}`;
  return { url: publicUrl(runtime.config) + path, path, until };
}

/** Null: nobody signed it, or its day is over. */
export function readPreview(runtime: Pick<Runtime, 'secrets' | 'clock'>, until: string, word: string): { readonly companyId: string; readonly pageId: string } | null {
  const today = dayOf(runtime.clock.now());
  // Only days that a link may have: no stranger makes us derive keys for others.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || until < today || until > dayOf(new Date(runtime.clock.now().getTime() + DAYS * DAY_MS))) return null;
  const [companyId, pageId] = readIds(runtime.secrets, purposeOf(until), 2, word) ?? [];
  return companyId === undefined || pageId === undefined ? null : { companyId, pageId };
} // prettier-ignore
