import type { z } from 'zod';
import { compose, type Steward } from '#app/compose.ts';
import { durationMs, VirtualClock, type Duration } from '#core/clock.ts';
import { Settings, type Config } from '#core/config.ts';
import type { Connectors } from '#core/connector/types.ts';
import type { DatabaseTarget } from '#core/database/target.ts';
import { openDatabase } from '#core/database/open.ts';
import { openSystemDatabase } from '#core/database/system.ts';
import { newId } from '#core/ids.ts';
import type { Seat } from '#core/instance/standing.ts';
import { openLog } from '#core/log.ts';
import type { Module } from '#core/module.ts';
import { execute } from '#core/operation/execute.ts';
import type { Operation } from '#core/operation/operation.ts';
import type { Principal } from '#core/operation/principal.ts';
import { openSecrets } from '#core/secrets.ts';
import { createCompany } from '#modules/accounts/public.ts';
import { effectsOf } from './engine.ts';
import { testDatabase } from './database.ts';

export const PASSWORD = 'correct horse battery staple';
/** A Tuesday, ten in the morning in Berlin: inside anybody's sending hours. */
const START = new Date('2026-06-02T08:00:00.000Z');

export interface TestApp {
  readonly steward: Steward;
  readonly runtime: Steward['runtime'];
  readonly http: Steward['http'];
  readonly clock: VirtualClock;
  /** For `queryAs`: what no operation shows or does. */
  readonly target: DatabaseTarget;
  /** The company that `call` acts in, as its admin, unless told otherwise. */
  readonly company: TestCompany;
  aCompany(name?: string): Promise<TestCompany>;
  /** Calls an operation as code does: camelCase in and out, checked against the output schema. */
  call<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output>,
    input: z.input<Input>,
    options?: { as?: Principal },
  ): Promise<z.output<Output>>;
  /** Lets time pass in steps, so that what falls due on the way is done at its hour; then works until nothing is due. */
  advance(by: Duration): Promise<void>;
  drain(): Promise<void>;
  /** The ledger of a company, oldest first. */
  effects(companyId?: string): ReturnType<typeof effectsOf>;
  close(): Promise<void>;
}

export interface TestCompany {
  readonly companyId: string;
  readonly userId: string;
  readonly email: string;
  readonly admin: Principal;
}

export interface TestAppOptions {
  readonly settings?: Partial<Record<keyof z.input<typeof Settings>, string>>;
  readonly vendorBaseUrls?: Readonly<Record<string, string>>;
  /** Hosts of this machine that workflows may reach. */
  readonly internalHosts?: readonly string[];
  readonly modules?: readonly Module[];
  readonly connectors?: Connectors;
  readonly start?: Date;
  /** Opens a database that is there already, as this company of it. It stays when the app closes. */
  readonly on?: { readonly target: DatabaseTarget; readonly company: TestCompany };
  /** The home that it runs in. Default: always the same. */
  readonly seat?: Seat;
  /** Of its companies; dollars when left out. */
  readonly currency?: string;
}

/** The whole of Steward on a database of its own: real PostgreSQL, virtual clock, no network. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { target, drop } = options.on === undefined ? await testDatabase() : { target: options.on.target, drop: () => Promise.resolve() };
  const database = openDatabase(target);
  const system = openSystemDatabase(target);
  const clock = new VirtualClock(options.start ?? START);
  const settings = Settings.parse({
    LOG_LEVEL: 'fatal',
    SENDING_HOURS: 'always',
    POSTAL_ADDRESS: 'Acme, 1 High Street, Springfield',
    STEWARD_DNS_SERVERS: '127.0.0.1:1', // nobody: no test asks the world
    ...options.settings,
  });
  const config: Config = {
    ...settings,
    vendorBaseUrls: options.vendorBaseUrls ?? {},
    internalHosts: options.internalHosts ?? [],
    business: { checkinReminderDays: 30, invoiceTemplate: null },
    templates: {},
    checkOutputs: true,
    demo: false,
    home: '/nonexistent',
  };
  const steward = await compose({
    config,
    clock,
    log: openLog(settings.LOG_LEVEL),
    secrets: openSecrets(['a secret that only tests know']),
    database,
    system,
    operatorToken: 'operator-token-of-tests',
    ...(options.seat === undefined ? {} : { seat: options.seat }),
    ...(options.modules === undefined ? {} : { modules: options.modules }),
    ...(options.connectors === undefined ? {} : { connectors: options.connectors }),
  });
  const { runtime, http, worker } = steward;

  const aCompany = async (name = 'Acme'): Promise<TestCompany> => {
    const email = `admin-${newId()}@acme.test`;
    const made = await createCompany(runtime, {
      name,
      settings: { time_zone: 'Europe/Berlin', currency: options.currency ?? 'USD' },
      admin: { email, password: PASSWORD, fullName: 'Ada Admin' },
    });
    if (made.adminId === null) throw new Error('a company for a test needs its admin');
    return {
      companyId: made.companyId,
      userId: made.adminId,
      email,
      admin: { kind: 'user', companyId: made.companyId, userId: made.adminId, role: 'admin' },
    };
  };
  const company = options.on?.company ?? (await aCompany());
  const drain = async () => void (await worker.drain());

  return {
    steward,
    runtime,
    http,
    clock,
    target,
    company,
    aCompany,
    async call(operation, input, { as = company.admin } = {}) {
      const request = { id: newId(), face: 'test' as const, ip: '127.0.0.1', userAgent: null };
      const answer = await execute(runtime, { operation, principal: as, request, input, names: 'code' });
      return operation.output.parse(answer.result);
    },
    async advance(by) {
      const hour = 3_600_000;
      for (let left = durationMs(by); left > 0; left -= hour) {
        clock.advance({ seconds: Math.min(left, hour) / 1000 });
        await drain();
      }
    },
    drain,
    effects: (companyId = company.companyId) => effectsOf(system, companyId),
    async close() {
      await steward.stop();
      await Promise.all([database.close(), system.close()]);
      await drop();
    },
  };
}
