import { z } from 'zod';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import {
  emailAddress,
  EmailTaken,
  ensurePerson,
  getPerson,
  parseName,
  readPhone,
  requireOrganisation,
  requireUser,
  updatePerson,
} from '#modules/people/public.ts';
import { Billing } from '../billing.ts';
import { Client, clientByEmail, ClientExists, ClientNotFound, getClient, lockClient } from '../client.ts';
import { HEALTH_LEVELS } from '../health/health.ts';
import { clientCreated, insertClient } from '../create.ts';
import { listClients } from '../list.ts';
import { CLIENT_STATUSES } from '../tables.ts';
import { deleteClientRow, updateClientRow } from '../update.ts';

const clientId = () => z.uuid().describe('Id of the client');
const status = () => z.enum(CLIENT_STATUSES);
const name = () => z.string().trim().min(1).max(200).describe('Full name');
const day = () => z.iso.date();
const plan = () => z.string().trim().min(1).max(100).describe('What was agreed: the name of a plan');
const renews = () => z.int().min(1).max(120).describe('The contract goes on by itself for so many months each time; none: it ends');
const notice = () => z.int().min(0).max(365).describe('Somebody is told so many days before the contract ends; 30 unless given');
const notes = () => z.string().max(20_000);
const phone = () => z.string().trim().max(64);

/** @throws InvalidInput when the last day is before the first */
function requireOrder(start: string | null | undefined, end: string | null | undefined): void {
  if (start == null || end == null || end >= start) return;
  const message = 'is before the first day of the contract';
  throw new InvalidInput(`contract_end ${message}`, { fields: [{ path: 'contract_end', message }] });
}

export const listClientsOperation = operation({
  name: 'clients.list',
  summary: 'List clients, newest first, by status, health, owner, organisation, plan or words',
  http: 'GET /api/clients',
  cli: 'business clients list',
  columns: ['name', 'email', 'status', 'plan', 'contract_end', 'health', 'id'],
  access: 'read',
  input: z.object({
    ...pageInput,
    status: status().optional(),
    ownerId: z.uuid().optional().describe('Clients of this user'),
    organisationId: z.uuid().optional(),
    plan: plan().optional(),
    health: z.enum(HEALTH_LEVELS).optional().describe('Active clients whose health the last look found to be so'),
    q: z.string().trim().max(200).optional().describe('Words in name, email or phone'),
  }),
  output: pageOf(Client),
  async run(ctx, input) {
    await requireUser(ctx, ctx.companyId, input.ownerId);
    await requireOrganisation(ctx, ctx.companyId, input.organisationId);
    return listClients(ctx, ctx.companyId, input);
  },
});

export const findClient = operation({
  name: 'clients.find',
  summary: 'Look a client up by any of their email addresses',
  http: 'GET /api/clients/by-email',
  cli: 'business clients get',
  access: 'read',
  input: z.object({ email: emailAddress() }),
  output: Client,
  errors: [ClientNotFound],
  run: (ctx, input) => clientByEmail(ctx, ctx.companyId, input.email),
});

export const getClientOperation = operation({
  name: 'clients.get',
  summary: 'Read one client',
  http: 'GET /api/clients/{client_id}',
  cli: 'business clients show',
  access: 'read',
  input: z.object({ clientId: clientId() }),
  output: Client,
  errors: [ClientNotFound],
  run: (ctx, input) => getClient(ctx, ctx.companyId, input.clientId),
});

/** The person is found or made by the address; a client that is there already is refused and named. */
export const createClient = operation({
  name: 'clients.create',
  summary: 'Create a client; the person is found or made by email address',
  http: 'POST /api/clients',
  cli: 'business clients create',
  access: 'write',
  input: z.object({
    name: name().optional().describe('Full name; a person who is known keeps the name they have'),
    email: emailAddress().optional().describe('Email address; the same address is the same person'),
    personId: z.uuid().optional().describe('Or somebody you know already'),
    phone: phone().nullish(),
    organisationId: z.uuid().nullish().describe('Who is invoiced; the one that the person works for when left out'),
    status: status().default('prospect'),
    plan: plan().nullish(),
    contractStart: day().nullish(),
    contractEnd: day().nullish(),
    contractRenewsMonths: renews().nullish(),
    noticeDays: notice().optional(),
    notes: notes().nullish(),
    billing: Billing.optional(),
    ownerId: z.uuid().nullish().describe('User who looks after the client'),
  }),
  output: Client,
  errors: [ClientExists, NotFound, EmailTaken],
  async run(ctx, input) {
    await requireUser(ctx, ctx.companyId, input.ownerId);
    await requireOrganisation(ctx, ctx.companyId, input.organisationId);
    requireOrder(input.contractStart, input.contractEnd);
    const at = ctx.clock.now();
    if (input.email === undefined && input.personId === undefined)
      throw new InvalidInput('Give the email of the client, or the person_id of somebody you know already', {
        fields: [{ path: 'email', message: 'is needed, or person_id' }],
      });
    const known = input.personId === undefined ? null : await getPerson(ctx, ctx.companyId, input.personId);
    const given = parseName(input.name ?? '');
    const personId = known?.id ?? (await ensurePerson(ctx, ctx.companyId, input.email ?? '', given, at));
    if (input.phone != null) {
      const person = known ?? (await getPerson(ctx, ctx.companyId, personId));
      if (person.phone === null)
        await updatePerson(ctx, ctx.companyId, personId, { phone: await readPhone(ctx, ctx.companyId, input.phone) }, at);
    }
    const client = await insertClient(
      ctx,
      ctx.companyId,
      {
        personId,
        organisationId: input.organisationId ?? null,
        status: input.status,
        plan: input.plan ?? null,
        contractStart: input.contractStart ?? null,
        contractEnd: input.contractEnd ?? null,
        contractRenewsMonths: input.contractRenewsMonths ?? null,
        noticeDays: input.noticeDays ?? 30,
        notes: input.notes ?? null,
        billing: input.billing ?? {},
        ownerId: input.ownerId ?? null,
      },
      at,
    );
    ctx.emit(clientCreated(client));
    return client;
  },
});

export const updateClient = operation({
  name: 'clients.update',
  summary: 'Change a client: the fields it names',
  http: 'PUT /api/clients/{client_id}',
  cli: 'business clients update',
  access: 'write',
  input: z.object({
    clientId: clientId(),
    name: name().optional(),
    email: emailAddress().optional(),
    phone: phone().nullable().optional(),
    organisationId: z.uuid().nullable().optional(),
    status: status().optional(),
    plan: plan().nullable().optional(),
    contractStart: day().nullable().optional(),
    contractEnd: day().nullable().optional(),
    contractRenewsMonths: renews().nullable().optional(),
    noticeDays: notice().optional(),
    notes: notes().nullable().optional(),
    billing: Billing.optional().describe('What is not named stays; null clears a field'),
    ownerId: z.uuid().nullable().optional(),
  }),
  output: Client,
  errors: [ClientNotFound, EmailTaken],
  async run(ctx, input) {
    const client = await lockClient(ctx, ctx.companyId, input.clientId);
    ctx.expectVersion(client);
    await requireUser(ctx, ctx.companyId, input.ownerId);
    await requireOrganisation(ctx, ctx.companyId, input.organisationId);
    requireOrder(
      input.contractStart === undefined ? client.contractStart : input.contractStart,
      input.contractEnd === undefined ? client.contractEnd : input.contractEnd,
    );
    const at = ctx.clock.now();
    if (input.name !== undefined || input.email !== undefined || input.phone !== undefined) {
      const changes = {
        name: input.name === undefined ? undefined : parseName(input.name),
        email: input.email,
        phone: input.phone === undefined ? undefined : await readPhone(ctx, ctx.companyId, input.phone),
      };
      await updatePerson(ctx, ctx.companyId, client.personId, changes, at);
    }
    await updateClientRow(ctx, client, input, at);
    const about = { subject: { type: 'client', id: client.id }, personId: client.personId };
    ctx.emit({ ...about, name: 'client.updated', payload: {} });
    if (input.status !== undefined && input.status !== client.status)
      ctx.emit({ ...about, name: 'client.status_changed', payload: { from: client.status, to: input.status } });
    return getClient(ctx, ctx.companyId, client.id);
  },
});

export const deleteClient = operation({
  name: 'clients.delete',
  summary: 'Delete a client; the person and the timeline stay',
  http: 'DELETE /api/clients/{client_id}',
  cli: 'business clients delete',
  access: 'write',
  destructive: true,
  input: z.object({ clientId: clientId() }),
  output: z.null(),
  errors: [ClientNotFound],
  async run(ctx, input) {
    const client = await lockClient(ctx, ctx.companyId, input.clientId);
    ctx.expectVersion(client);
    await deleteClientRow(ctx, ctx.companyId, client.id);
    ctx.subject('clients', client.id);
    ctx.emit({ name: 'client.deleted', subject: { type: 'client', id: client.id }, personId: client.personId });
    return null;
  },
});
