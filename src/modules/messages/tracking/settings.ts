import type { Tracking } from './rewrite.ts';

export const TRACKED_WHO = ['consented', 'all'] as const;

/** What a company wants to know of its mail. Null: nothing. */
export interface TrackingSettings extends Tracking {
  readonly who: (typeof TRACKED_WHO)[number];
  readonly notTemplates: readonly string[];
}

/**
 * What is counted of one mail. Never of a transactional one: nobody who resets a password is watched. A picture or a link that tells on its reader
 * needs their consent where Directive 2002/58/EC, art. 5 (3) holds, so `consented` is the default.
 */
export function trackingFor(
  settings: TrackingSettings | null,
  message: { readonly class: 'commercial' | 'transactional'; readonly template?: string | null; readonly basis?: string | null },
): Tracking | null {
  if (settings === null || message.class !== 'commercial' || (!settings.opens && !settings.clicks)) return null;
  if (settings.who === 'consented' && message.basis !== 'consent') return null;
  if (message.template != null && settings.notTemplates.includes(message.template)) return null;
  return { opens: settings.opens, clicks: settings.clicks };
}
