import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { inject } from 'vitest';
import { z } from 'zod';
import { newContext, openBrowser } from './browser.ts';
import { startProgram, type Program } from './program.ts';
import { eventually } from './waiting.ts';

/** Who runs the company that the browser tests look at. */
export const ADA = { name: 'Ada Lind', email: 'ada@nordlicht.example', password: 'correct horse battery staple' };

/** What each browser test stands on: the program, a browser, and Ada signed in. */
export interface Stage {
  readonly program: Program;
  readonly browser: Browser;
  readonly signedIn: BrowserContext;
  /** A page in a context of its own where Ada is signed in, its first data loaded; closing the context is the caller's. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** The REST face as a page calls it: Ada's session and CSRF token. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer>;
  /** What a POST made. @throws when it is refused */
  make(path: string, body: object): Promise<Record<string, unknown>>;
  /** The items of a list. @throws when it is refused */
  list(path: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Starts all of it, and sets the company up. */
export async function openStage(
  executablePath: string | null,
  { environment = {}, context = {} }: { environment?: Readonly<Record<string, string>>; context?: BrowserContextOptions } = {},
): Promise<Stage> {
  const opening = openBrowser(executablePath ?? '');
  const [program, browser] = await Promise.all([startProgram(environment, inject('home')), opening]).catch(async (error: unknown) => {
    await opening.then((browser) => browser.close()).catch(() => undefined);
    throw error;
  });
  const close = async () => {
    await browser.close();
    await program.stop();
  };
  try {
    const signedIn = await newContext(browser, context);
    await register(signedIn, program);
    return {
      program,
      browser,
      signedIn,
      async open(path, options) {
        const page = await (await newContext(browser, { storageState: await signedIn.storageState(), ...options })).newPage();
        await page.goto(program.url + path);
        await loaded(page);
        return page;
      },
      ask: (method, path, body) => ask(signedIn, program, method, path, body),
      make: async (path, body) => well(`POST ${path}`, await ask(signedIn, program, 'POST', path, body)),
      list: async (path) => List.parse(well(`GET ${path}`, await ask(signedIn, program, 'GET', path))).items,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const COMPANY = { name: 'Nordlicht Studio', address: 'Torstraße 1, 10119 Berlin' };

/** What the page behind the set-up link does: there is a company, and Ada is signed in. */
async function register(context: BrowserContext, program: Program): Promise<void> {
  const answer = await context.request.post(`${program.url}/api/setup`, {
    data: {
      token: new URL(program.setupLink ?? '').searchParams.get('token'),
      company_name: COMPANY.name,
      postal_address: COMPANY.address,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      currency: 'USD',
      full_name: ADA.name,
      email: ADA.email,
      password: ADA.password,
    },
  });
  if (!answer.ok()) throw new Error(`POST /api/setup: ${answer.status()} ${await answer.text()}`);
}

/** The set-up link, followed as the first user follows it. */
export async function setUp(page: Page, program: Program): Promise<void> {
  await page.goto(program.setupLink ?? '');
  await page.getByLabel('Company name').fill(COMPANY.name);
  await page.getByLabel('Postal address').fill(COMPANY.address);
  await page.getByLabel('Your name').fill(ADA.name);
  await page.getByLabel('Email').fill(ADA.email);
  await page.getByLabel('Password').fill(ADA.password);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { level: 1, name: /Ada$/ }).waitFor();
}

/** What the page asks for first has come: no skeleton is left. */
export async function loaded(page: Page): Promise<void> {
  await page.locator('main, h1').first().waitFor();
  const waiting = page.locator('[role=status][aria-label^=Loading]');
  await eventually(
    `skeletons on ${page.url()}`,
    () => waiting.count(),
    (count) => count === 0,
  );
}

const List = z.object({ items: z.array(z.record(z.string(), z.unknown())) });

function well(what: string, { status, body }: Answer): Record<string, unknown> {
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

async function ask(context: BrowserContext, program: Program, method: string, path: string, body?: object): Promise<Answer> {
  const csrf = (await context.cookies()).find(({ name }) => name === 'steward_csrf')?.value ?? '';
  const answer = await context.request.fetch(program.url + path, {
    method,
    headers: { 'x-csrf-token': decodeURIComponent(csrf) },
    ...(body === undefined ? {} : { data: body }),
  });
  const text = await answer.text();
  return { status: answer.status(), body: text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text)) };
}
