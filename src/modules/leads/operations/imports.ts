import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '#modules/people/public.ts';
import { getImport, Import, ImportError, ImportNotFound, listErrors, listImports } from '../import/store.ts';

export const importId = () => z.uuid().describe('Id of the import');

export const getImportOperation = operation({
  name: 'imports.get',
  summary: 'Where an import stands',
  http: 'GET /api/imports/{import_id}',
  cli: 'imports get',
  access: 'read',
  scope: 'leads:read',
  input: z.object({ importId: importId() }),
  output: Import,
  errors: [ImportNotFound],
  run: (ctx, input) => getImport(ctx, ctx.companyId, input.importId),
});

export const listImportsOperation = operation({
  name: 'imports.list',
  summary: 'List imports, newest first',
  http: 'GET /api/imports',
  cli: 'imports list',
  access: 'read',
  scope: 'leads:read',
  input: z.object(pageInput),
  output: pageOf(Import),
  async run(ctx, { limit, cursor }) {
    const rows = await listImports(ctx, ctx.companyId, limit + 1, cursor === undefined ? null : positionOf(cursor));
    return toPage(rows, limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

export const importErrors = operation({
  name: 'imports.errors',
  summary: 'Rows that an import refused, with line and reason (the first 100,000)',
  http: 'GET /api/imports/{import_id}/errors',
  cli: 'imports errors',
  access: 'read',
  scope: 'leads:read',
  input: z.object({ importId: importId(), ...pageInput }),
  output: pageOf(ImportError),
  errors: [ImportNotFound],
  async run(ctx, { importId: id, limit, cursor }) {
    await getImport(ctx, ctx.companyId, id);
    const after = cursor === undefined ? 0 : rowOf(cursor);
    return toPage(await listErrors(ctx, ctx.companyId, id, after, limit + 1), limit, (row) => [row.rowNumber]);
  },
});

function rowOf(cursor: string): number {
  const [row] = decodeCursor(cursor, 1);
  if (typeof row === 'number' && Number.isInteger(row) && row >= 0 && row < 2 ** 31) return row;
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}
