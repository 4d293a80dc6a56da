import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { VendorEvent } from '#core/connector/webhook.ts';

/** The parts of what Slack sends that we rely on. @see https://docs.slack.dev/apis/events-api */
const Challenge = z.object({ type: z.literal('url_verification'), challenge: z.string().max(1_000) });
const Callback = z.object({
  type: z.literal('event_callback'),
  event_id: z.string().min(1).max(100),
  event_time: z.number().optional(),
  event: z.looseObject({
    type: z.string().max(100),
    bot_id: z.string().optional(),
    channel: z.string().max(100).optional(),
    user: z.string().max(100).optional(),
    text: z.string().optional(),
    ts: z.string().max(100).optional(),
    thread_ts: z.string().max(100).optional(),
  }),
});
const LONGEST_TEXT = 4_000;

function bodyOf({ rawBody }: SignedRequest): unknown {
  try {
    return JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** One event. What bots write, we among them, is none: an answer to it would be answered for ever. */
export async function readEvent(request: SignedRequest): Promise<readonly VendorEvent[]> {
  const body = bodyOf(request);
  if (Challenge.safeParse(body).success) return [];
  const call = Callback.safeParse(body).data;
  if (call === undefined) throw new VendorRefused('This is no event of Slack');
  const { event, event_id: key, event_time: at } = call;
  if (event.bot_id !== undefined) return [];
  const { type, channel = null, user = null, text, ts = null, thread_ts: thread = null } = event;
  const data = { channel, user, text: text?.slice(0, LONGEST_TEXT) ?? null, ts, thread_ts: thread };
  return [{ kind: 'notice', key, type, at: at === undefined ? null : new Date(at * 1_000), data }];
}

/** Slack asks once whether the address is ours, and wants its word back. */
export function replyTo(request: SignedRequest): { contentType: string; body: string } | null {
  const asked = Challenge.safeParse(bodyOf(request)).data;
  return asked === undefined ? null : { contentType: 'text/plain', body: asked.challenge };
}
