import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Connector } from '#core/connector/types.ts';
import { InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import {
  credentialSchema,
  mergeCredentials,
  openCredentials,
  parseCredentials,
  sealCredentials,
  shown,
  type RawCredentials,
} from './credentials.ts';
import { ConnectionNotFound } from './errors.ts';
import { allConnectors, PORTS, portsOf } from './kinds.ts';
import { closeEmailPort, connectionById, unlock } from './ports.ts';
import { markRejected, markTrouble, markVerified } from './state.ts';
import { redirectUri } from './operations/sign-in.ts';
import { forgetSignIn } from './sign-in/store.ts';
import { signInsOf, SIGN_IN_STATES, signInState, type SignIns } from './sign-in/state.ts';
import { CONNECTION_STATES, connections } from './tables.ts';

/** Requests in a stretch of seconds, all processes together. */
const limit = z.object({ requests: z.int().min(1).max(10_000), seconds: z.number().min(0.1).max(86_400) }).nullable();
const ownLimit = z
  .object({ requests: z.int().min(1).max(10_000), seconds: z.int().min(1).max(86_400) })
  .nullable()
  .describe('At most so many requests in so many seconds, all processes together; null: as the vendor says');

const Connection = z.object({
  id: z.uuid(),
  connector: z.string(),
  title: z.string(),
  ports: z.array(z.enum(PORTS)),
  baseUrl: z.string().nullable(),
  origin: z.enum(['person', 'environment']).describe('environment: made from a variable such as SMTP_URL and changed there'),
  state: z.enum(CONNECTION_STATES),
  account: z.string().nullable().describe('Who we are there, as the vendor says'),
  error: z.string().nullable(),
  fields: z.record(z.string(), z.unknown()).describe('The credentials that are no secret'),
  readable: z
    .boolean()
    .describe('false: sealed with a key that this installation lacks; put the old STEWARD_SECRET back, or enter it anew'),
  secretsSet: z.array(z.string()).describe('Names of the secret fields that are filled in; their values are never shown'),
  limit: limit.describe('In the place of the vendor’s own limit'),
  vendorLimit: limit.describe('What is kept to otherwise; null: none'),
  webhooks: z
    .array(
      z.object({
        title: z.string(),
        url: z.url().describe('To be entered at the vendor'),
        hint: z.string().describe('What to set there'),
        ready: z.boolean().describe('The key that the vendor signs with was entered; without one nothing is taken'),
      }),
    )
    .describe('What the vendor may call'),
  signIn: z
    .object({
      state: z.enum(SIGN_IN_STATES).describe('needed: nobody has signed in yet. ending: within three days. ended: sign in again'),
      signedInAt: z.date().nullable(),
      endsAt: z.date().nullable().describe('Null: no end is known'),
      scopes: z.string().nullable(),
    })
    .nullable()
    .describe('Of vendors that a person signs in to; null where keys are entered'),
  lastVerifiedAt: z.date().nullable(),
  lastActivityAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

const connectionId = z.uuid().describe('Id of the connection');
const title = z.string().trim().min(1).max(200);
const baseUrl = z
  .url({ protocol: /^https?$/ })
  .nullable()
  .describe('Another address than the vendor’s own: a proxy, a compatible server');
const credentials = z.record(z.string().max(100), z.unknown()).describe('Fields of connections.kinds; secrets are encrypted at rest');

/** The vendor cannot be asked now; whether the credentials are good is not known. */
const answers = [CredentialsRejected, VendorUnavailable, VendorRefused];

async function present(ctx: Ctx, row: typeof connections.$inferSelect, signIns?: SignIns): Promise<z.input<typeof Connection>> {
  const connector = await ctx.runtime.connectors.load(row.connector);
  const { limitRequests: requests, limitSeconds: seconds } = row;
  const held = connector.oauth === undefined ? null : (signIns ?? (await signInsOf(ctx, ctx.companyId)));
  const facts = {
    ...row,
    signIn: held === null ? null : signInState(held.get(row.id), row.state, ctx.clock.now()),
    ports: portsOf(connector),
    limit: requests === null || seconds === null ? null : { requests, seconds },
  };
  // Restored without its key: it is there, and nobody can use it.
  if (!ctx.runtime.secrets.knows(row.sealedCredentials))
    return { ...facts, readable: false, webhooks: [], fields: {}, secretsSet: [], vendorLimit: null };
  const raw = openCredentials(ctx.runtime.secrets, row.id, row.sealedCredentials);
  return {
    ...facts,
    readable: true,
    webhooks: webhooksOf(ctx, connector, row.id, raw),
    ...shown(connector, raw),
    vendorLimit: vendorLimit(connector, raw),
  };
}

/** The addresses that the vendor may call. */
function webhooksOf(ctx: Ctx, connector: Connector, id: string, raw: RawCredentials) {
  const all = Object.entries(connector.webhooks ?? {});
  if (all.length === 0) return [];
  const credentials = parseCredentials(connector, raw);
  return all.map(([what, webhook]) => ({
    title: webhook.title,
    hint: webhook.hint,
    url: `${publicUrl(ctx.runtime.config)}/vendors/${id}/${what}`,
    ready: webhook.secrets(credentials).length > 0,
  }));
}

/** Null also where the credentials no longer fit the connector. */
function vendorLimit(connector: Connector, raw: RawCredentials): z.input<typeof limit> {
  if (connector.limit === undefined) return null;
  try {
    const { requests, perMs } = connector.limit(parseCredentials(connector, raw));
    return { requests, seconds: perMs / 1_000 };
  } catch (error) {
    if (error instanceof InvalidInput) return null;
    throw error;
  }
}

/** What is stored; nothing where its key is gone, so that it can be entered anew. */
function known(ctx: Ctx, row: typeof connections.$inferSelect): RawCredentials {
  const { secrets } = ctx.runtime;
  return secrets.knows(row.sealedCredentials) ? openCredentials(secrets, row.id, row.sealedCredentials) : {};
}

async function requireConnection(ctx: Ctx, id: string): Promise<typeof connections.$inferSelect> {
  const [row] = await ctx.db
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), eq(connections.companyId, ctx.companyId)));
  if (row === undefined) throw new ConnectionNotFound('There is no such connection; see GET /api/connections');
  return row;
}

export const listKinds = operation({
  name: 'connections.kinds',
  summary: 'Vendors that can be connected, with the form of their credentials',
  http: 'GET /api/connections/kinds',
  cli: 'connections kinds',
  access: 'read',
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        ports: z.array(z.enum(PORTS)),
        schema: z.record(z.string(), z.unknown()).describe('JSON schema; x-secret marks a password field'),
        redirectUri: z.url().nullable().describe('Of vendors that a person signs in to: to be entered there as it stands'),
      }),
    ),
    nextCursor: z.null(),
  }),
  async run(ctx) {
    const all = await allConnectors(ctx.runtime.connectors);
    return {
      items: all.map((connector) => ({
        id: connector.id,
        title: connector.title,
        ports: portsOf(connector),
        schema: credentialSchema(connector),
        redirectUri: connector.oauth === undefined ? null : redirectUri(ctx.runtime.config),
      })),
      nextCursor: null,
    };
  },
});

export const listConnections = operation({
  name: 'connections.list',
  summary: 'Connections of your company with their state; secrets are not shown',
  http: 'GET /api/connections',
  cli: 'connections list',
  columns: ['title', 'connector', 'state', 'account', 'error', 'last_activity_at', 'id'],
  access: 'read',
  role: 'manager',
  input: z.object({}),
  output: z.object({ items: z.array(Connection), nextCursor: z.null() }),
  async run(ctx) {
    const rows = await ctx.db
      .select()
      .from(connections)
      .where(eq(connections.companyId, ctx.companyId))
      .orderBy(asc(connections.createdAt), asc(connections.id));
    const signIns = await signInsOf(ctx, ctx.companyId);
    return { items: await Promise.all(rows.map((row) => present(ctx, row, signIns))), nextCursor: null };
  },
});

export const getConnection = operation({
  name: 'connections.get',
  summary: 'One connection',
  http: 'GET /api/connections/{connection_id}',
  cli: 'connections get',
  access: 'read',
  role: 'manager',
  input: z.object({ connectionId }),
  output: Connection,
  errors: [ConnectionNotFound],
  run: async (ctx, input) => present(ctx, await requireConnection(ctx, input.connectionId)),
});

/** The connector that an id names. @throws NotFound, which says which there are */
function load(ctx: Ctx, id: string): Promise<Connector> {
  return ctx.runtime.connectors.load(id);
}

export const createConnection = operation({
  name: 'connections.create',
  summary: 'Connect a vendor. A new email connection sends nothing until sending is launched',
  http: 'POST /api/connections',
  cli: 'connections create',
  access: 'write',
  role: 'admin',
  input: z.object({
    connector: z.string().max(50),
    title: title.optional(),
    credentials,
    baseUrl: baseUrl.optional(),
    limit: ownLimit.optional(),
  }),
  output: Connection,
  secretFields: ['credentials'],
  async run(ctx, input) {
    const connector = await load(ctx, input.connector);
    parseCredentials(connector, input.credentials);
    const id = newId();
    const now = ctx.clock.now();
    const values = {
      id,
      connector: connector.id,
      title: input.title ?? connector.title,
      sealedCredentials: sealCredentials(ctx.runtime.secrets, id, input.credentials),
      baseUrl: input.baseUrl ?? null,
      limitRequests: input.limit?.requests ?? null,
      limitSeconds: input.limit?.seconds ?? null,
      createdAt: now,
      updatedAt: now,
    };
    await ctx.db.insert(connections).values(values);
    ctx.emit({ name: 'connection.changed', subject: { type: 'connection', id } });
    return present(ctx, await requireConnection(ctx, id));
  },
});

export const updateConnection = operation({
  name: 'connections.update',
  summary: 'Change a connection. Secret fields that are left out stay as they are; another host needs them again',
  http: 'PUT /api/connections/{connection_id}',
  cli: 'connections update',
  access: 'write',
  role: 'admin',
  input: z.object({
    connectionId,
    title: title.optional(),
    credentials: credentials.optional(),
    baseUrl: baseUrl.optional(),
    limit: ownLimit.optional(),
  }),
  output: Connection,
  errors: [ConnectionNotFound],
  secretFields: ['credentials'],
  async run(ctx, input) {
    const row = await requireConnection(ctx, input.connectionId);
    ctx.expectVersion(row);
    const connector = await load(ctx, row.connector);
    const raw = known(ctx, row);
    // Checked also when nothing but the address changes: the old secrets go with it.
    const next = {
      raw: input.credentials ?? shown(connector, raw).fields,
      baseUrl: input.baseUrl === undefined ? row.baseUrl : input.baseUrl,
    };
    const all = mergeCredentials(connector, { raw, baseUrl: row.baseUrl }, next);
    const merged = input.credentials === undefined ? undefined : all;
    if (merged !== undefined) parseCredentials(connector, merged);
    await ctx.db
      .update(connections)
      .set({
        ...(input.title === undefined ? {} : { title: input.title }),
        ...(input.baseUrl === undefined ? {} : { baseUrl: input.baseUrl }),
        ...(input.limit === undefined ? {} : { limitRequests: input.limit?.requests ?? null, limitSeconds: input.limit?.seconds ?? null }),
        ...(merged === undefined
          ? {}
          : { sealedCredentials: sealCredentials(ctx.runtime.secrets, row.id, merged), state: 'untested' as const, error: null }),
        updatedAt: ctx.clock.now(),
      })
      .where(and(eq(connections.id, row.id), eq(connections.companyId, ctx.companyId)));
    if (merged !== undefined) await ctx.runtime.effects.release(ctx, row.id);
    // A sign-in is good at the address where it was made, and goes nowhere else.
    if (input.baseUrl !== undefined && input.baseUrl !== row.baseUrl) await forgetSignIn(ctx, ctx.companyId, row.id);
    ctx.emit({ name: 'connection.changed', subject: { type: 'connection', id: row.id } });
    ctx.afterCommit(() => closeEmailPort(ctx.runtime, row.id));
    return present(ctx, await requireConnection(ctx, row.id));
  },
});

export const deleteConnection = operation({
  name: 'connections.delete',
  summary: 'Remove a connection and its credentials. Without an email connection mail is captured, nothing leaves',
  http: 'DELETE /api/connections/{connection_id}',
  cli: 'connections delete',
  access: 'write',
  role: 'admin',
  destructive: true,
  input: z.object({ connectionId }),
  output: z.object({}),
  errors: [ConnectionNotFound],
  async run(ctx, input) {
    const row = await requireConnection(ctx, input.connectionId);
    await ctx.runtime.effects.release(ctx, row.id);
    await ctx.db.delete(connections).where(and(eq(connections.id, row.id), eq(connections.companyId, ctx.companyId)));
    ctx.subject('connections', row.id);
    ctx.emit({ name: 'connection.changed', subject: { type: 'connection', id: row.id } });
    ctx.afterCommit(() => closeEmailPort(ctx.runtime, row.id));
    return {};
  },
});

export const testConnection = operation({
  name: 'connections.test',
  summary: 'Ask the vendor whether the credentials are good. Sends nothing',
  http: 'POST /api/connections/{connection_id}/test',
  cli: 'connections test',
  access: 'outside',
  role: 'admin',
  status: 200,
  input: z.object({ connectionId }),
  output: z.object({ ok: z.boolean(), account: z.string().nullable(), error: z.string().nullable() }),
  errors: [ConnectionNotFound],
  async run(ctx, input) {
    const row = await ctx.inCompany(ctx.companyId, (inner) => connectionById(inner, ctx.companyId, input.connectionId));
    if (row === undefined) throw new ConnectionNotFound('There is no such connection; see GET /api/connections');
    const { connector, credentials: opened, options } = await unlock(ctx.runtime, row);
    try {
      const account = await connector.verify(opened, { ...options, signal: AbortSignal.timeout(60_000) });
      await ctx.inCompany(ctx.companyId, (inner) => markVerified(inner, ctx.runtime, ctx.companyId, row.id, account));
      return { ok: true, account, error: null };
    } catch (error) {
      if (!(error instanceof Error) || !answers.some((expected) => error instanceof expected)) throw error;
      const mark = error instanceof CredentialsRejected ? markRejected : markTrouble;
      await ctx.inCompany(ctx.companyId, (inner) => mark(inner, ctx.companyId, row.id, error.message));
      return { ok: false, account: null, error: error.message };
    }
  },
});
