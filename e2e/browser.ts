import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [
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

/** Headless, and silent: no update, sync or field-trial traffic of its own. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
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
