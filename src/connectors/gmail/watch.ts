import { setTimeout as pause } from 'node:timers/promises';
import type { VendorHttp } from '#core/connector/http.ts';
import type { InboundEmail, InboundEmailPort } from '#core/ports/email.ts';
import { Gone, History, Listed, Profile, Raw } from './api.ts';

/** Looks for news this often, in milliseconds. Two of Gmail's 15,000 units a minute each. */
const POLL_MS = 15_000;
/** Mails fetched and handled at once. */
const BATCH = 20;
/** How far back the first look goes, and one after Gmail has forgotten where we stood (it keeps about a week). Days. */
const FIRST_LOOK_DAYS = 1;
const FORGOTTEN_LOOK_DAYS = 14;
/** Not mail that somebody wrote to us. */
const NOT_IN = new Set(['SENT', 'DRAFT', 'CHAT', 'SPAM', 'TRASH']);

/** A cursor in the middle of a look back: it begins again, and what was taken in already is known. */
const LOOKING = /^look:(\d{1,3})$/;

type Handle = Parameters<InboundEmailPort['watch']>[1];

/** Reads what came after the cursor, an id of Gmail's history, then asks for more until aborted. Only reads: nothing is moved or marked. */
export function watchGmail(http: VendorHttp): InboundEmailPort['watch'] {
  return async (from, handle, signal) => {
    const days = from === null ? FIRST_LOOK_DAYS : Number(LOOKING.exec(from)?.[1] ?? 0);
    let cursor = from === null || days > 0 ? await lookBack(http, days, handle, signal) : from;
    while (!signal.aborted) {
      try {
        cursor = await readAfter(http, cursor, handle, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Gone)) throw error;
        cursor = await lookBack(http, FORGOTTEN_LOOK_DAYS, handle, signal);
      }
      await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  };
}

/** All mails of the last days, and where to go on from: read first, so that what comes in between is read twice rather than not at all. */
export async function lookBack(http: VendorHttp, days: number, handle: Handle, signal: AbortSignal): Promise<string> {
  const { historyId } = await http.get('/gmail/v1/users/me/profile', { answer: Profile, signal });
  const ids: string[] = [];
  let pageToken: string | undefined;
  do {
    const query = { q: `newer_than:${days}d -in:sent -in:drafts -in:chats`, maxResults: 100, pageToken };
    const page = await http.get('/gmail/v1/users/me/messages', { answer: Listed, query, signal });
    ids.push(...(page.messages ?? []).map(({ id }) => id));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  // Gmail lists the newest first; a conversation is read in its order.
  ids.reverse();
  for (let start = 0; start < ids.length; start += BATCH)
    await handle(await fetched(http, ids.slice(start, start + BATCH), signal), `look:${days}`);
  await handle([], historyId);
  return historyId;
}

/** What came after this point of Gmail's history; answers how far it got. @throws Gone when Gmail has forgotten that point. */
export async function readAfter(http: VendorHttp, from: string, handle: Handle, signal: AbortSignal): Promise<string> {
  let cursor = from;
  let pageToken: string | undefined;
  do {
    const query = { startHistoryId: from, historyTypes: 'messageAdded', maxResults: 100, pageToken };
    const page = await http.get('/gmail/v1/users/me/history', { answer: History, query, signal });
    const records = page.history ?? [];
    for (let start = 0; start < records.length; start += BATCH) {
      const batch = records.slice(start, start + BATCH);
      const added = batch.flatMap(({ messagesAdded }) => (messagesAdded ?? []).map(({ message }) => message));
      const ids = added.filter(({ labelIds }) => !(labelIds ?? []).some((label) => NOT_IN.has(label))).map(({ id }) => id);
      cursor = batch.at(-1)?.id ?? cursor;
      await handle(await fetched(http, [...new Set(ids)], signal), cursor);
    }
    pageToken = page.nextPageToken;
    if (pageToken === undefined && page.historyId !== cursor) {
      cursor = page.historyId;
      await handle([], cursor);
    }
  } while (pageToken !== undefined);
  return cursor;
}

/** Whole mails in this order; those that were deleted meanwhile are left out. */
export async function fetched(http: VendorHttp, ids: readonly string[], signal: AbortSignal): Promise<InboundEmail[]> {
  const mails = await Promise.all(
    ids.map(async (id): Promise<InboundEmail[]> => {
      try {
        const mail = await http.get(`/gmail/v1/users/me/messages/${encodeURIComponent(id)}`, {
          answer: Raw,
          query: { format: 'raw' },
          signal,
        });
        return [
          { externalId: `gmail/${mail.id}`, raw: Buffer.from(mail.raw, 'base64url'), receivedAt: new Date(Number(mail.internalDate)) },
        ];
      } catch (error) {
        if (error instanceof Gone) return [];
        throw error;
      }
    }),
  );
  return mails.flat();
}
