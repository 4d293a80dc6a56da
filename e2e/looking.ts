import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A folder for pictures of what the tests saw: `STEWARD_PICTURES`; none by default. */
const pictures = process.env['STEWARD_PICTURES'];

/** The longest that a transition of ours takes, with much to spare. */
const STILL_MS = 3_000;

interface Where {
  /** What to look at, as a selector; the whole page by default. */
  readonly within?: string;
  /** Small faults count, too. */
  readonly strict?: boolean;
  /** These rules only; all of WCAG 2.1 A and AA by default. */
  readonly rules?: readonly string[];
}

/** What axe finds in a page's colours: all that can change when they do and nothing else does. */
export const COLOUR_RULES: readonly string[] = ['color-contrast', 'link-in-text-block'];

/**
 * What a screen reader or weak eyes would stumble over, by WCAG 2.1 A and AA. Rows may begin to pale for newer ones while axe looks: colours that
 * were too weak are looked at again, and a fault is what stays.
 */
export async function axeFaults(page: Page, where: Where = {}): Promise<string[]> {
  const found = await faultsNow(page, where);
  return found.some((fault) => fault.startsWith('color-contrast')) ? faultsNow(page, where) : found;
}

async function faultsNow(page: Page, { within, strict = false, rules }: Where): Promise<string[]> {
  await still(page);
  // Once a page is enough: it is 640 kB.
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axeSource);
  const runOnly =
    rules === undefined ? { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] } : { type: 'rule', values: rules };
  // Runs in the page, where axe now is; answers plain data.
  const found = await page.evaluate<{ id: string; impact: string; where: string[] }[]>(
    `axe.run(${within === undefined ? 'document' : JSON.stringify(within)}, { runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'], iframes: false }).then((result) =>
      result.violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary.slice(0, 200)) })))`,
  );
  return found
    .filter(({ impact }) => strict || impact === 'serious' || impact === 'critical')
    .map(({ id, where }) => `${id}: ${where.join(' | ')}`);
}

/** Whether nothing is wider than the window. */
export async function fits(page: Page, what = page.url()): Promise<void> {
  await expect
    .poll(() => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'), { message: `${what} scrolls sideways` })
    .toBeLessThanOrEqual(0);
}

/** A colour on its way from one to the other is nobody's contrast, and no picture; nor are rows that pale because newer ones are on their way. */
async function still(page: Page): Promise<void> {
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  // What turns for ever (a spinner) is not waited for, nor what stands still half-way.
  await page.evaluate(
    `Promise.race([
      Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity).map((one) => one.finished)),
      new Promise((done) => setTimeout(done, ${STILL_MS})),
    ])`,
  );
}

/** Pictures for whoever wants to look, at both widths and in both colours unless told otherwise. */
export async function picture(
  page: Page,
  name: string,
  { widths, schemes }: { widths?: readonly number[]; schemes?: readonly ('light' | 'dark')[] } = {},
): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  const shown = page.viewportSize();
  for (const width of widths ?? [shown?.width ?? 1280])
    for (const scheme of schemes ?? [null]) {
      if (scheme !== null) await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: shown?.height ?? 800 });
      await still(page);
      const path = join(
        pictures,
        `${[name, ...(widths === undefined ? [] : [width]), ...(scheme === null ? [] : [scheme])].join('-')}.png`,
      );
      await page.screenshot({ path, fullPage: true });
    }
  if (schemes !== undefined) await page.emulateMedia({ colorScheme: 'light' });
  if (shown !== null) await page.setViewportSize(shown);
}
