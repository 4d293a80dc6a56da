import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { suggestTable } from '../import/deals/fields.ts';
import { valuesIn } from '../import/deals/values.ts';
import { isTarget, suggestMapping } from '../import/mapping.ts';
import { ImportNotFound, loadImport, storedFile, target } from '../import/store.ts';
import { customFields } from '#modules/people/public.ts';
import { importId } from './imports.ts';

export const suggestImport = operation({
  name: 'imports.suggest',
  summary: 'What the columns of a file may be, if its rows are people, deals or products',
  http: 'GET /api/imports/{import_id}/suggestion',
  access: 'read',
  scope: 'leads:read',
  input: z.object({ importId: importId(), kind: z.enum(['people', 'deals', 'products']) }),
  output: z.object({ mapping: z.array(z.string()) }),
  errors: [ImportNotFound],
  async run(ctx, { importId: id, kind }) {
    const { columns } = await loadImport(ctx, ctx.companyId, id);
    return { mapping: kind === 'people' ? suggestMapping(columns, await customFields(ctx, ctx.companyId)) : suggestTable(columns, kind) };
  },
});

export const importValues = operation({
  name: 'imports.values',
  summary: 'Which stages, products and owners a file of deals names, and what of it is known here',
  http: 'POST /api/imports/{import_id}/values',
  access: 'outside',
  scope: 'leads:read',
  status: 200,
  input: z.object({ importId: importId(), mapping: z.array(target()).max(200), pipeline: z.string().trim().max(100).optional() }),
  output: z.object({
    items: z.array(
      z.object({
        field: z.enum(['stage', 'product', 'owner']),
        value: z.string(),
        rows: z.int(),
        known: z.string().nullable().describe('What is called so here, or looks like it; null: it would be made'),
        exact: z.boolean().describe('The same name, case and spacing apart'),
        kind: z.enum(['open', 'won', 'lost']).nullable().describe('Of a stage that would be made'),
      }),
    ),
  }),
  errors: [ImportNotFound],
  async run({ runtime, companyId }, { importId: id, mapping, pipeline }) {
    const layout = await runtime.database.read(companyId, (tx) => loadImport(tx, companyId, id));
    const file = { source: storedFile(runtime, companyId, id), layout, mapping: mapping.filter(isTarget), pipeline: pipeline ?? null };
    return { items: await valuesIn((work) => runtime.database.read(companyId, work), companyId, file) };
  },
});
