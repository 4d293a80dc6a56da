import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';

/** What a person says of a file of deals beside its columns. Stored with the import. */
export const tableInput = {
  values: z
    .record(z.string().max(30), z.record(z.string().max(200), z.string().trim().max(200)))
    .optional()
    .describe('What values are called here, by field: {"product": {"GTXPro": "GTX Pro"}}; of stage, product, owner and organisation'),
  pipeline: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('Name of the pipeline that the deals go into; made when there is none; default: the first one'),
  openStage: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('Where closed deals stood while they were open; default: the last open stage'),
};

export interface TableOptions {
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pipeline: string | null;
  readonly openStage: string | null;
}

const OPTIONS: Statement = {
  name: 'imports.deals.options',
  text: `select coalesce(options -> 'values', '{}') as values, options ->> 'pipeline' as pipeline, options ->> 'openStage' as "openStage" from imports where id = $1 and company_id = $2`,
};

export async function tableOptions(tx: Transaction, companyId: string, importId: string): Promise<TableOptions> {
  const [row] = await tx.query<TableOptions>(OPTIONS, [importId, companyId]);
  return row ?? { values: {}, pipeline: null, openStage: null };
}
