import { arrayOf } from '#core/database/array-literal.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { openLeads, pastCases } from './gather.ts';
import { chanceOf, heldBack, judgeOn, learn, reasonsOf, takesOver, WORTH_IT, type Predictor } from './learn.ts';

/** Attempts that are kept. */
const KEPT = 60;

const SERVING: Statement = {
  name: 'prediction.serving',
  text: `select id, predictor from conversion_models where company_id = $1 and took_over order by trained_at desc, id desc limit 1`,
};
const NOTE: Statement = {
  name: 'prediction.note',
  text: `insert into conversion_models (id, company_id, trained_at, predictor, examples, positives, held, auc, serving_auc, reliability, took_over, reason)
         values ($2, $1, $3, $4::jsonb, $5, $6, $7, $8, $9, $10::jsonb, $11, $12)`,
};
const SWEEP: Statement = {
  name: 'prediction.sweep',
  text: `delete from conversion_models where company_id = $1 and id in (select id from conversion_models where company_id = $1 and not took_over order by trained_at desc offset ${KEPT})`,
};

export interface Serving {
  readonly id: string;
  readonly predictor: Predictor;
}

/** The model that serves; undefined: none was ever good enough. */
export async function servingModel(tx: Transaction, companyId: string): Promise<Serving | undefined> {
  const [serving] = await tx.query<Serving>(SERVING, [companyId]);
  return serving;
}

export interface Attempt {
  readonly tookOver: boolean;
  readonly auc: number | null;
  readonly reason: string;
}

/** Learns anew from the leads whose outcome is known. The new model takes over when it is not worse than the one that serves, on the same leads that neither was taught. */
export async function train(tx: Transaction, companyId: string, now: Date): Promise<Attempt> {
  const { features, cases } = await pastCases(tx, companyId, now);
  const serving = await servingModel(tx, companyId);
  const all = cases(features);
  const learned = learn(all, features);
  const before = serving === undefined ? null : (judgeOn(serving.predictor, heldBack(cases(serving.predictor.features)))?.auc ?? null);
  const tookOver = learned !== null && takesOver(learned.auc, before);
  const attempt = { tookOver, auc: learned?.auc ?? null, reason: reasonOf(learned?.auc ?? null, before, tookOver) };
  await tx.query(NOTE, [
    companyId, newId(), now, tookOver ? JSON.stringify(learned?.predictor) : null, learned?.examples ?? all.length, learned?.positives ?? all.filter(({ y }) => y === 1).length,
    learned?.held ?? 0, attempt.auc, before, JSON.stringify(learned?.reliability ?? []), tookOver, attempt.reason,
  ]); // prettier-ignore
  await tx.query(SWEEP, [companyId]);
  return attempt;
}

function reasonOf(auc: number | null, before: number | null, tookOver: boolean): string {
  if (auc === null) return 'There are too few leads whose outcome is known: it takes forty that converted and forty that did not';
  if (tookOver)
    return before === null ? 'It is the first that tells leads apart' : 'It is not worse than the one before, on the same leads';
  return auc < WORTH_IT ? 'It hardly tells leads apart' : 'The one that serves tells them apart better, on the same leads';
}

const WRITE: Statement = {
  name: 'prediction.write',
  text: `insert into conversion_predictions as p (company_id, model_id, computed_at, lead_id, chance, reasons) select $1, $2, $3, e.lead_id, e.chance, e.reasons::jsonb from unnest($4::uuid[], $5::real[], $6::text[]) as e (lead_id, chance, reasons)
         on conflict (lead_id) do update set model_id = excluded.model_id, computed_at = excluded.computed_at, chance = excluded.chance, reasons = excluded.reasons
          where (p.model_id, p.chance, p.reasons) is distinct from (excluded.model_id, excluded.chance, excluded.reasons)`,
};
const GONE: Statement = {
  name: 'prediction.gone',
  text: `delete from conversion_predictions p using leads l where p.company_id = $1 and l.company_id = $1 and l.id = p.lead_id and l.status in ('converted', 'lost', 'unsubscribed')`,
};

export const FIRST = '00000000-0000-0000-0000-000000000000';

/** Says of the next stretch of open leads how likely they convert. Answers where to go on; null: it was the last. */
export async function predictStretch(
  tx: Transaction,
  companyId: string,
  serving: Serving,
  now: Date,
  after: string,
): Promise<string | null> {
  const { predictor } = serving;
  const leads = await openLeads(tx, companyId, now, after, predictor.features);
  if (leads.length > 0)
    await tx.query(WRITE, [
      companyId, serving.id, now, arrayOf(leads.map(({ id }) => id)), arrayOf(leads.map(({ x }) => chanceOf(predictor, x).toFixed(4))),
      arrayOf(leads.map(({ x }) => JSON.stringify(reasonsOf(predictor, x)))),
    ]); // prettier-ignore
  if (after === FIRST) await tx.query(GONE, [companyId]);
  return leads.at(-1)?.id ?? null;
}
