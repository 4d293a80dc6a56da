import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, openBrowser } from './browser.ts';
import { buildWeb, startProgram, type Program } from './program.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const most = 200 * 1024; // bytes of gzipped JavaScript before the first page works
const executable = chromiumPath();

const email = 'ada@nordlicht.example';
const password = 'correct horse battery staple';

/** Pages of the app by name; ids are filled in once there is data. */
const pages: Record<string, string> = {
  Today: '/',
  Leads: '/leads',
  'Add a lead': '/leads?add=1',
  'Leads as a board': '/leads?layout=board',
  Import: '/leads/import',
  People: '/people',
  Duplicates: '/people/duplicates',
  Organisations: '/organisations',
  Segments: '/segments',
  'New segment': '/segments/new',
  Activity: '/activity',
  Sequences: '/sequences',
  Outbox: '/outbox',
  Forms: '/forms',
  Connections: '/connections',
  Settings: '/settings',
  'Company settings': '/settings/company',
  'Sending settings': '/settings/sending',
  Topics: '/settings/topics',
  Templates: '/settings/templates',
  'Who gets leads': '/settings/assignment',
  'Own fields': '/settings/fields',
  Tags: '/settings/tags',
  'Lead score': '/settings/score',
  Notifications: '/settings/notifications',
  Export: '/settings/export',
  Suppressions: '/settings/suppressions',
  'Your account': '/settings/me',
  Users: '/settings/users',
  Keys: '/settings/keys',
  Audit: '/settings/audit',
};
const outside: Record<string, string> = {
  'Sign in': '/sign-in',
  'Set up without a link': '/setup',
  'Forgot password': '/forgot',
  'Reset without a link': '/reset',
  'No such page': '/nowhere',
};

describe.skipIf(executable === null)('the web app in a real browser', () => {
  let program: Program;
  let browser: Browser;
  let signedIn: BrowserContext;
  const foreign: string[] = [];

  beforeAll(async () => {
    buildWeb();
    [program, browser] = await Promise.all([startProgram(), openBrowser(executable ?? '')]);
    signedIn = await newContext();
    const page = await signedIn.newPage();
    await setUp(page, program.setupLink ?? '');
    await importSample(page);
    await fillIn(page);
    await page.close();
  });

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });

  async function newContext(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
    context.on('request', (request: Request) => {
      if (!request.url().startsWith(program.url) && !request.url().startsWith('data:')) foreign.push(request.url());
    });
    return context;
  }

  /** Adds the pages of one person, form and sequence that really exist. */
  async function fillIn(page: Page): Promise<void> {
    const first = async (path: string): Promise<Record<string, string> | undefined> => {
      const answer = await page.request.get(`${program.url}${path}`);
      expect(answer.status(), path).toBe(200);
      const { items } = (await answer.json()) as { items: Record<string, string>[] }; // {items, next_cursor}: every list
      return items[0];
    };
    const lead = await first('/api/lead-nurturing/leads');
    const form = await first('/api/forms');
    const sequence = await first('/api/workflows');
    const make = async (path: string, body: object): Promise<string> => {
      const csrf = (await page.context().cookies()).find((cookie) => cookie.name === 'steward_csrf')?.value ?? '';
      const answer = await page.request.post(`${program.url}${path}`, {
        data: body,
        headers: { 'x-csrf-token': decodeURIComponent(csrf) },
      });
      expect(answer.status(), `${path}: ${await answer.text()}`).toBeLessThan(300);
      return ((await answer.json()) as { id: string }).id; // what a POST that creates answers
    };
    await make('/api/lead-nurturing/enrol', { lead_ids: [lead?.['id']] });
    const run = await first('/api/runs');
    pages['Run'] = `/runs/${run?.['id'] ?? ''}`;
    const organisation = await make('/api/organisations', { name: 'Harbour Café' });
    const segment = await make('/api/segments', { name: 'New leads', condition: { field: 'lead.status', is: 'new' } });
    const leaving = await make('/api/people', { full_name: 'Leaving Lou', email: 'lou@leaving.example' });
    const erasure = await make(`/api/people/${leaving}/erase`, { confirm: 'erase' });
    pages['Organisation'] = `/organisations/${organisation}`;
    pages['Segment'] = `/segments/${segment}`;
    pages['Erasure'] = `/people/erasures/${erasure}`;
    pages['Person'] = `/people/${lead?.['person_id'] ?? ''}`;
    pages['Form'] = `/forms/${form?.['id'] ?? ''}`;
    pages['Sequence'] = `/sequences/${sequence?.['id'] ?? ''}`;
    pages['Sequence people'] = `/sequences/${sequence?.['id'] ?? ''}?tab=people`;
    pages['Enrol people'] = `/sequences/${sequence?.['id'] ?? ''}?tab=people&enrol=1`;
    pages['Sequence settings'] = `/sequences/${sequence?.['id'] ?? ''}?tab=settings`;
  }

  async function faults(page: Page): Promise<string[]> {
    await page.evaluate(axeSource);
    // Runs in the page, where axe now is; answers plain data.
    const found = await page.evaluate<{ id: string; impact: string; where: string[] }[]>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then((result) =>
        result.violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary.slice(0, 200)) })))`,
    );
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, where }) => `${id}: ${where.join(' | ')}`);
  }

  async function look(page: Page, path: string): Promise<void> {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      // 401 is how the app learns that nobody is signed in; the browser logs it by itself.
      if (message.type() === 'error' && !message.text().includes('401')) errors.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 500) errors.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(program.url + path);
    await page.waitForLoadState('networkidle');
    await expect
      .poll(() => page.locator('[role=status][aria-label=Loading]').count(), { timeout: 20_000, message: `still loading: ${path}` })
      .toBe(0);
    expect.soft(errors, `errors on ${path}`).toEqual([]);
    expect.soft(await page.getByRole('alert').count(), `an error state on ${path}`).toBe(0);
    expect
      .soft(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'), `${path} scrolls sideways`)
      .toBeLessThanOrEqual(0);
    expect.soft(await faults(page), `axe on ${path}`).toEqual([]);
  }

  test('every route of the app is among the pages that are looked at', () => {
    const router = readFileSync(new URL('../src/web/router.tsx', import.meta.url), 'utf8');
    const routes = [...router.matchAll(/path: '([^']+)'/g)].map((match) => match[1] ?? '');
    expect(routes.length).toBeGreaterThan(30);
    const seen = [...Object.values(pages), ...Object.values(outside), '/invite'].map((path) => path.split('?')[0] ?? '');
    const missing = routes.filter((route) => {
      const pattern = new RegExp(`(^|^/settings)${route.replaceAll(/\$\w+/g, '[^/]+').replace(/\/$/, '')}/?$`);
      return !seen.some((path) => pattern.test(path));
    });
    expect(missing).toEqual([]);
  });

  for (const [width, scheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const) {
    test(`every page is sound and accessible at ${width} px, ${scheme}`, async () => {
      const context = await newContext({
        viewport: { width, height: 800 },
        colorScheme: scheme,
        storageState: await signedIn.storageState(),
      });
      for (const path of Object.values(pages)) {
        const page = await context.newPage();
        await look(page, path);
        await page.close();
      }
      await context.close();
    });
  }

  test('the pages before sign-in are sound and accessible', async () => {
    for (const width of [360, 1280]) {
      const context = await newContext({ viewport: { width, height: 800 } });
      for (const path of Object.values(outside)) {
        const page = await context.newPage();
        await look(page, path);
        await page.close();
      }
      await context.close();
    }
  });

  test(`the first page needs at most ${most / 1024} kB of JavaScript`, async () => {
    const context = await newContext({ storageState: await signedIn.storageState() });
    const page = await context.newPage();
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) sizes.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.goto(program.url);
    await page.waitForLoadState('networkidle');
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    process.stdout.write(`initial JavaScript: ${(total / 1024).toFixed(1)} kB gzip in ${sizes.length} files\n`);
    expect(sizes.length).toBeGreaterThan(1);
    expect(total).toBeLessThanOrEqual(most);
    await context.close();
  });

  test('a session that is over leads to sign-in and back, by keyboard alone', async () => {
    const context = await newContext();
    const page = await context.newPage();
    await page.goto(`${program.url}/outbox`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).searchParams.get('next')).toBe('/outbox');
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${program.url}/outbox`);
    await page.getByRole('heading', { name: 'Outbox', level: 1 }).waitFor();

    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Leads', level: 1 }).waitFor();
    await page.getByRole('table', { name: 'Leads' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/people\//);
    await page.getByRole('list', { name: 'Everything that happened' }).or(page.getByText('Nothing yet')).first().waitFor();

    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Search or run a command' }).waitFor();
    await page.keyboard.type('settings');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/settings/);
    await context.close();
  });

  test('a person can be noted on, edited and moved on', async () => {
    const page = await (await newContext({ storageState: await signedIn.storageState() })).newPage();
    await page.goto(program.url + (pages['Person'] ?? ''));
    await page.getByLabel('Write a note').fill('Prefers mail over phone.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('list', { name: /Everything that happened/ })
      .getByText('Prefers mail over phone.')
      .waitFor();

    await page.getByLabel('Status of the lead').selectOption('qualified');
    await page.getByText('Status is now qualified.').waitFor();

    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Language:/ }).click();
    await page.getByLabel('Language', { exact: true }).fill('de');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Language: German/ }).waitFor();
    await page.context().close();
  });

  test('nothing is asked of any other host', () => {
    expect(foreign).toEqual([]);
  });
});

async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Company name').fill('Nordlicht Studio');
  await page.getByLabel('Postal address').fill('Torstraße 1, 10119 Berlin');
  await page.getByLabel('Your name').fill('Ada Lind');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { level: 1, name: /Ada$/ }).waitFor();
}

async function importSample(page: Page): Promise<void> {
  await page.goto(new URL('/leads/import', page.url()).href);
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await page.getByText('new leads', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Import [\d,]+ rows$/ }).click();
  await page.getByRole('heading', { name: /\d+ new, \d+ merged, \d+ refused/ }).waitFor();
  await page.getByRole('link', { name: 'See the leads' }).click();
  await page.getByRole('table', { name: 'Leads' }).waitFor();
}
