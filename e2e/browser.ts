import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

/** The shell first: the same engine without the windows and menus around it, for half of the processor (docs/adr/0041-tests-side-by-side.md). */
const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where a Chromium is. `null`: none here; in CI that is an error, elsewhere the browser tests are skipped and say so. */
export function chromiumPath(): string | null {
  const found = [process.env['CHROMIUM_PATH'], ...places].find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) return found;
  if (process.env['CI'] === 'true') throw new Error('CI has no Chromium. Install it: apt-get install -y chromium, or set CHROMIUM_PATH');
  process.stderr.write(
    '\n*** No Chromium found: the browser tests are SKIPPED. Install it (apt-get install -y chromium) or set CHROMIUM_PATH. ***\n\n',
  );
  return null;
}

/** How long a test waits for what must come, in milliseconds: long, since a machine that builds and tests at once is slow. */
export const PATIENCE_MS = 60_000;

/**
 * How many times slower than this machine's the browser's processor is to be, for developers: `STEWARD_TEST_SLOWDOWN=6 npm test --
 * --project e2e e2e/forms.test.ts` fails where a test (or a page) is right on a fast machine only.
 */
const slowdown = Number(process.env['STEWARD_TEST_SLOWDOWN'] ?? 1);

/** Headless, and silent: no update, sync or field-trial traffic of its own. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    timeout: PATIENCE_MS,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Where pages open: a desk's width, nothing moves by itself, and patience. Every browser test makes its contexts here. */
export async function newContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  if (slowdown > 1) context.on('page', (page) => void slow(page));
  return context;
}

async function slow(page: Page): Promise<void> {
  try {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}
