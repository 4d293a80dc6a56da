import type { Statement, Transaction } from '#core/database/database.ts';
import { BUILT_IN, BUILT_IN_GRADES, BUILT_IN_ROUTES, type Grades, type Route, type Rule } from './rules.ts';

/** What a company's scores are worked out by. */
export interface Model {
  readonly rules: readonly Rule[];
  readonly grades: Grades;
  readonly routes: readonly Route[];
  readonly version: number;
  readonly updatedAt: Date;
  /** False: as it comes. */
  readonly changed: boolean;
}

interface Row {
  readonly rules: Rule[] | null;
  readonly grades: Grades | null;
  readonly routes: Route[] | null;
  readonly version: number;
  readonly updatedAt: Date;
}

const READ: Statement = {
  name: 'scores.model',
  text: `select rules, grades, routes, version, updated_at as "updatedAt" from score_models where company_id = $1`,
};
// Made, not changed: a page that was open before may still save on top.
const MAKE: Statement = {
  name: 'scores.make_model',
  text: `insert into score_models (company_id, touched_at, updated_at) values ($1, $2, 'epoch') on conflict do nothing`,
};
const SAVE: Statement = {
  name: 'scores.save_model',
  text: `update score_models set rules = $2, grades = $3, routes = $4, version = version + 1, pass_at = 'epoch',
           pass_id = '00000000-0000-0000-0000-000000000000', updated_at = $5 where company_id = $1`,
};

/** The company's own, or the built-in ones. */
export async function modelOf(tx: Transaction, companyId: string): Promise<Model> {
  const [row] = await tx.query<Row>(READ, [companyId]);
  return {
    rules: row?.rules ?? BUILT_IN,
    grades: row?.grades ?? BUILT_IN_GRADES,
    routes: row?.routes ?? BUILT_IN_ROUTES,
    version: row?.version ?? 1,
    updatedAt: row?.updatedAt ?? new Date(0),
    changed: row?.rules != null || row?.grades != null || row?.routes != null,
  };
}

/** Everything anew: all leads are gone through again. Null puts the built-in ones back. */
export async function saveModel(
  tx: Transaction,
  companyId: string,
  model: Pick<Model, 'rules' | 'grades' | 'routes'> | null,
  at: Date,
): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await tx.query(MAKE, [companyId, at]);
  await tx.query(SAVE, [companyId, json(model?.rules), json(model?.grades), json(model?.routes), at]);
}
