import { setTimeout as pause } from 'node:timers/promises';
import type { VendorHttp } from '#core/connector/http.ts';
import type { OutgoingSms } from '#core/ports/sms.ts';
import { Listed } from './shapes.ts';

/** A message stands in the list some moments after it was taken. Milliseconds before each look. */
const LOOKS_MS = [0, 1_000, 3_000];
/** Twilio's clock and ours may differ by so much; it also tells whole seconds only. */
const SLACK_MS = 5_000;
const PAGE_SIZE = 100;
const MOST_PAGES = 5;

/**
 * The message with this text to this number since that moment, that no other message of ours is known to be. Twilio carries no mark of ours, so two
 * equal texts to one number within seconds could be taken for each other; both went out then.
 */
export async function findSms(
  http: VendorHttp,
  path: string,
  { to, text }: Pick<OutgoingSms, 'to' | 'text'>,
  since: Date,
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<{ externalId: string } | null> {
  const call = signal === undefined ? {} : { signal };
  const earliest = since.getTime() - SLACK_MS;
  for (const wait of LOOKS_MS) {
    await pause(wait, undefined, call);
    let query: Record<string, string | number> = { To: to, PageSize: PAGE_SIZE };
    for (let page = 0; page < MOST_PAGES; page++) {
      const { messages, next_page_uri: next } = await http.get(path, { answer: Listed, query, ...call });
      const created = ({ date_created: at }: (typeof messages)[number]) => (at == null ? Infinity : Date.parse(at));
      const found = messages.find(
        (one) =>
          one.direction.startsWith('outbound') && one.body === text && one.to === to && created(one) >= earliest && !known.has(one.sid),
      );
      if (found !== undefined) return { externalId: found.sid };
      // The newest come first.
      const last = messages.at(-1);
      if (next == null || last === undefined || created(last) < earliest) break;
      query = Object.fromEntries(new URLSearchParams(next.split('?')[1] ?? ''));
    }
  }
  return null;
}
