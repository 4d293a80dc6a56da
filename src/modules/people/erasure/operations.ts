import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '../cursor.ts';
import { PersonNotFound } from '../errors.ts';
import { PersonMerged } from '../merge/errors.ts';
import { getPerson } from '../person.ts';
import { erasePerson } from './erase.ts';
import { exportPerson } from './export.ts';
import { ERASURE_CAUSES } from './tables.ts';

/** No such certificate in this company. */
export class ErasureNotFound extends NotFound {
  override readonly code = 'erasure_not_found';
}

const Certificate = z.object({
  id: z.uuid(),
  companyName: z.string(),
  formerId: z.uuid().describe('The id that the person had; nothing is found under it any more'),
  erasedAt: z.date(),
  erasedBy: z.string().nullable().describe('The user who did it; null when it was replayed after a restore, or the time was up'),
  cause: z
    .enum(ERASURE_CAUSES)
    .describe('asked: the person or a user wanted it; retention: nothing was heard of them for as long as the company keeps people'),
  addressHashes: z.array(z.string()).describe('HMAC-SHA-256 of each address under the installation’s key: what keeps it blocked'),
  tables: z.array(z.object({ table: z.string(), rows: z.int(), what: z.enum(['deleted', 'anonymised']) })),
  rows: z.int().describe('All of them'),
  inFlight: z.int().describe('Mails that were being handed to the mail server in that moment and could not be stopped'),
});
type Certificate = z.output<typeof Certificate>;

const COLUMNS = `e.id, c.name as "companyName", e.former_id as "formerId", e.created_at as "erasedAt", coalesce(nullif(u.full_name, ''), u.username) as "erasedBy", e.cause, e.address_hashes as "addressHashes",
  e.tables, (select coalesce(sum((t ->> 'rows')::integer), 0)::integer from jsonb_array_elements(e.tables) t) as rows, e.in_flight as "inFlight"`;
const FROM = 'from erasures e join companies c on c.id = e.company_id left join users u on u.id = e.erased_by';
const BY_ID: Statement = { name: 'erasures.get', text: `select ${COLUMNS} ${FROM} where e.id = $1 and e.company_id = $2` };
const LIST: Statement = {
  name: 'erasures.list',
  text: `select ${COLUMNS} ${FROM} where e.company_id = $1 order by e.created_at desc, e.id desc limit $2`,
};
const LIST_AFTER: Statement = {
  name: 'erasures.list.after',
  text: `select ${COLUMNS} ${FROM} where e.company_id = $1 and (e.created_at, e.id) < ($3::timestamptz, $4::uuid) order by e.created_at desc, e.id desc limit $2`,
};

export const eraseOperation = operation({
  name: 'people.erase',
  summary: 'Erase a person for good (Art. 17 GDPR): everything goes, keyed hashes of the addresses stay blocked; answers a certificate',
  http: 'POST /api/people/{person_id}/erase',
  cli: 'people erase',
  access: 'write',
  role: 'admin',
  destructive: true,
  status: 200,
  input: z.object({
    personId: z.uuid().describe('Id of the person'),
    confirm: z.string().max(40).describe('The word erase, so that nobody does it by mistake'),
  }),
  output: Certificate,
  errors: [PersonNotFound, PersonMerged],
  async run(ctx, input) {
    await getPerson(ctx, ctx.companyId, input.personId);
    if (input.confirm !== 'erase') {
      throw new InvalidInput('This cannot be undone. Write the word erase to confirm', {
        fields: [{ path: 'confirm', message: 'must be the word erase' }],
      });
    }
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const id = await erasePerson(ctx, ctx.runtime, ctx.companyId, input.personId, { by });
    ctx.subject('erasures', id);
    const [certificate] = await ctx.query<Certificate>(BY_ID, [id, ctx.companyId]);
    if (certificate === undefined) throw new Error('the certificate was not written');
    return certificate;
  },
});

export const getErasure = operation({
  name: 'erasures.get',
  summary: 'The certificate of an erasure: which tables, how many rows, when and by whom; no personal data',
  http: 'GET /api/erasures/{erasure_id}',
  cli: 'erasures get',
  access: 'read',
  input: z.object({ erasureId: z.uuid().describe('Id of the certificate') }),
  output: Certificate,
  errors: [ErasureNotFound],
  async run(ctx, input) {
    const [certificate] = await ctx.query<Certificate>(BY_ID, [input.erasureId, ctx.companyId]);
    if (certificate === undefined) throw new ErasureNotFound('There is no such certificate; list them with GET /api/erasures');
    return certificate;
  },
});

export const listErasures = operation({
  name: 'erasures.list',
  summary: 'Certificates of erasures, newest first',
  http: 'GET /api/erasures',
  cli: 'erasures list',
  access: 'read',
  input: z.object(pageInput),
  output: pageOf(Certificate),
  async run(ctx, input) {
    const values = [ctx.companyId, input.limit + 1];
    const rows =
      input.cursor === undefined
        ? await ctx.query<Certificate>(LIST, values)
        : await ctx.query<Certificate>(LIST_AFTER, [...values, ...positionOf(input.cursor)]);
    return toPage(rows, input.limit, (row) => [row.erasedAt.getTime(), row.id]);
  },
});

export const exportOperation = operation({
  name: 'people.access_export',
  summary: 'Everything that is kept of a person, by table, as JSON (Art. 15 GDPR)',
  http: 'GET /api/people/{person_id}/export',
  cli: 'people export',
  access: 'read',
  role: 'manager',
  input: z.object({ personId: z.uuid().describe('Id of the person') }),
  output: z.object({
    personId: z.uuid(),
    companyName: z.string(),
    madeAt: z.date(),
    tables: z.record(z.string(), z.array(z.record(z.string(), z.json()))).describe('Rows by table, columns as they are stored'),
  }),
  errors: [PersonNotFound, PersonMerged],
  async run(ctx, input) {
    await getPerson(ctx, ctx.companyId, input.personId);
    return exportPerson(ctx, ctx.companyId, input.personId, ctx.clock.now());
  },
});
