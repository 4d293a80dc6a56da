import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page, Request } from 'playwright-core';
import { PATIENCE_MS } from './browser.ts';

type Role = Parameters<Page['getByRole']>[0];

/** How long one try of `until` may take to show, in milliseconds. */
const TRY_MS = 8_000;
const TRIES = 6;
/** Between two looks at the same thing, in milliseconds. */
const PAUSE_MS = 200;

/** So many looks in a row, so far apart in milliseconds, that found nothing under way. */
const CALM = { looks: 3, apart: 50 };

/**
 * Follows a page's requests from here on: call it before the page is opened. @returns a wait until none is under way, and none
 * follows from the last; a stream is never waited for, nor a page that asks again and again.
 */
export function requestsOf(page: Page): () => Promise<void> {
  const under = new Set<Request>();
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') under.add(request);
  });
  const over = (request: Request) => void under.delete(request);
  page.on('requestfinished', over);
  page.on('requestfailed', over);
  return async () => {
    const end = Date.now() + PATIENCE_MS;
    for (let calm = 0; calm < CALM.looks; calm = under.size === 0 ? calm + 1 : 0) {
      if (Date.now() > end) throw new Error(`still under way on ${page.url()}: ${[...under].map((request) => request.url()).join(', ')}`);
      await sleep(CALM.apart);
      // What the page does with an answer is done, and drawn.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    }
  };
}

/** Waits until this has the focus: before each key that goes to it. */
export async function focused(page: Page, role: Role, name: string | RegExp): Promise<void> {
  await page
    .getByRole(role, { name, exact: typeof name === 'string' })
    .and(page.locator(':focus'))
    .waitFor();
}

/** Types the beginning of a menu item's name and waits for the menu to follow, which it does in a moment of its own; then Enter. */
export async function chooseByTyping(page: Page, name: string | RegExp, letters: string): Promise<void> {
  const item = page.getByRole('menuitem', { name });
  await item.waitFor();
  await until(
    async () => {
      // Letters that came before the menu had the focus went nowhere.
      await page.locator('[role=menu]:focus-within').waitFor();
      await page.keyboard.type(letters);
    },
    item.and(page.locator(':focus')),
  );
  await page.keyboard.press('Enter');
}

/** Types into a list to choose from and waits until this one is what Enter takes; then Enter. */
export async function pickByTyping(page: Page, title: string, name: string | RegExp, text: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title, exact: true });
  await dialog.locator('input:focus').waitFor();
  await page.keyboard.type(text);
  await dialog.getByRole('option', { name, selected: true }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Does it, and again when nothing came of it in a while: a drag on a slow machine, two keys that count as one when they are quick. */
export async function until(act: () => Promise<void>, seen: Locator): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await act();
    try {
      return await seen.waitFor({ timeout: TRY_MS });
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

/** What is read once it is right; also before the tests begin, where `expect.poll` may not be. @throws with the last value read */
export async function eventually<Value>(
  what: string,
  read: () => Value | Promise<Value>,
  right: (value: Value) => boolean,
): Promise<Value> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (right(value)) return value;
    if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(value)}`);
    await sleep(PAUSE_MS);
  }
}

/** No value that is about to change: what it was twice in a row. */
export async function settled<Value>(read: () => Promise<Value>): Promise<Value> {
  let last: string | undefined;
  return eventually('it changes all the time', read, (value) => {
    const now = JSON.stringify(value);
    const same = now === last;
    last = now;
    return same;
  });
}
