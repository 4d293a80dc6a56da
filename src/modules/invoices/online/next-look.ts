import type { StoredCheckout } from './checkout.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** While somebody may be paying: after so many looks. Webhooks are faster; this is for those that never come. */
const OPEN_MS = [2, 3, 5, 10, 20, 40].map((minutes) => minutes * MINUTE_MS);
/** Money can go back, or be disputed, for months. */
const WATCHED_MS = 180 * DAY_MS;

/** When the service is asked again, whatever it tells by itself; null: this can no longer change. */
export function nextLook(
  { state, looks, paidAt, expiresAt }: Pick<StoredCheckout, 'state' | 'looks' | 'paidAt' | 'expiresAt'>,
  at: Date,
): Date | null {
  const after = (ms: number) => new Date(at.getTime() + ms);
  switch (state) {
    case 'making':
    case 'open': {
      const next = after(OPEN_MS[looks] ?? HOUR_MS);
      const end = new Date(expiresAt.getTime() + MINUTE_MS);
      return next < end || end <= at ? next : end;
    }
    case 'processing':
      return after(HOUR_MS);
    case 'paid': {
      const age = at.getTime() - (paidAt ?? at).getTime();
      return age > WATCHED_MS ? null : after(Math.min(Math.max(age / 2, HOUR_MS), 7 * DAY_MS));
    }
    case 'failed':
    case 'expired':
      return null;
  }
}
