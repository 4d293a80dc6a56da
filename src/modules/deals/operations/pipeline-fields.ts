import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { decodeCursor } from '#core/operation/page.ts';
import type { Dimension, Slice } from '../analytics/sums.ts';
import type { Stages } from '../save/stages.ts';

/** Which deals a report is about: of a pipeline, or of one owner, product or source. */
export const which = {
  pipelineId: z.uuid().optional(),
  ownerId: z.uuid().optional(),
  productId: z.uuid().optional(),
  source: z.string().max(200).optional(),
};
type Which = { [K in keyof typeof which]?: string | undefined };
export const moment = () => z.coerce.date();
export const money = () => z.number().int().describe("Cents in the company's currency");

/** @throws InvalidInput more than one of them */
export function sliceOf(input: Which): Slice | undefined {
  const all: Slice[] = [];
  if (input.ownerId !== undefined) all.push({ dim: 'owner', value: input.ownerId });
  if (input.productId !== undefined) all.push({ dim: 'product', value: input.productId });
  if (input.source !== undefined) all.push({ dim: 'source', value: input.source });
  if (all.length > 1)
    throw new InvalidInput('Choose an owner, a product or a source, one of them', {
      fields: [{ path: 'owner_id', message: 'or product_id or source, one of them' }],
    });
  return all[0];
}

export const stagesOf = (stages: Stages, pipelineId: string | undefined) =>
  [...stages.rows.values()].filter((stage) => pipelineId === undefined || stage.pipelineId === pipelineId);

export const inPipeline = (stages: Stages, pipelineId: string | undefined): ReadonlySet<string> | undefined =>
  pipelineId === undefined ? undefined : new Set(stagesOf(stages, pipelineId).map((stage) => stage.id));

const NAMES: Statement = {
  name: 'deals.dimension_names',
  text: `select id::text as value, name from deal_owners where company_id = $1 and $2 = 'owner' union all select id::text, name from products where company_id = $1 and $2 = 'product'`,
};

/** Names of the values of a dimension; a source is its own name. */
export async function namesOf(ctx: Ctx, dim: Dimension): Promise<(value: string) => string> {
  const rows = dim === 'source' ? [] : await ctx.query<{ value: string; name: string }>(NAMES, [ctx.companyId, dim]);
  const names = new Map(rows.map((row) => [row.value, row.name]));
  return (value) => (value === '' ? 'None' : (names.get(value) ?? value));
}

export const period = {
  from: moment().describe('First instant'),
  to: moment().describe('The instant after the last'),
};

/** @throws InvalidInput */
export function checkPeriod({ from, to }: { from: Date; to: Date }): void {
  if (from >= to) throw new InvalidInput('The period ends before it begins', { fields: [{ path: 'to', message: 'must be after from' }] });
}

export function momentPosition(cursor: string): [string, string] {
  const [at, id] = decodeCursor(cursor, 2);
  const right =
    typeof at === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) && !Number.isNaN(Date.parse(at)) && z.uuid().safeParse(id).success;
  if (right) return [at, String(id)];
  throw new InvalidInput('This cursor is not one that this list gave; start again without it', {
    fields: [{ path: 'cursor', message: 'not a cursor of this list' }],
  });
}
