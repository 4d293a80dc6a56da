import { timingSafeEqual } from 'node:crypto';
import type { Secrets } from '#core/secrets.ts';
import { macOf } from '#core/signed-ids.ts';

/** Nobody reads and fills a form faster. What comes sooner is taken, but answered only then: a flood gets slow, a person notices nothing. */
const LEAST_MS = 1_000;

const sign = (secrets: Secrets, ms: string): string =>
  macOf(secrets, 'form rendered at', Buffer.from(ms), 32).toString('base64url').slice(0, 22);

/** Several pages are drawn in one millisecond. */
let last: { readonly secrets: Secrets | null; readonly ms: string; readonly text: string } = { secrets: null, ms: '', text: '' };

/** The moment a page was rendered, signed so that a program cannot make one up. */
export function renderedAt(secrets: Secrets, at: Date): string {
  const ms = at.getTime().toString(36);
  if (last.ms !== ms || last.secrets !== secrets) last = { secrets, ms, text: `${ms}.${sign(secrets, ms)}` };
  return last.text;
}

/** How long the answer has to wait, in ms. A page that says nothing believable waits in full. */
export function tooSoonMs(secrets: Secrets, rendered: string, now: Date): number {
  const [ms = '', signature = ''] = rendered.split('.');
  const expected = Buffer.from(sign(secrets, ms));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return LEAST_MS;
  return Math.min(LEAST_MS, Math.max(0, LEAST_MS - (now.getTime() - Number.parseInt(ms, 36))));
}
