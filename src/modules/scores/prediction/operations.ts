import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { getPerson } from '#modules/people/public.ts';
import { FEATURE_WORDS, HORIZON_DAYS, sourceOf } from './gather.ts';
import type { Predictor } from './learn.ts';
import { train } from './train.ts';

const Share = z.number().nullable().describe('0 to 1');
const Reliability = z.object({ said: z.number(), happened: z.number(), of: z.int() });
const Attempt = z.object({
  trainedAt: z.date(),
  auc: Share.describe('On the newest quarter of the leads, which it never saw; 0.5 is a coin; null: nothing could be learned'),
  servingAuc: Share.describe('Of the one that served then, on the same leads'),
  tookOver: z.boolean(),
  reason: z.string(),
  examples: z.int(),
  positives: z.int(),
  held: z.int(),
});

const ATTEMPTS: Statement = {
  name: 'prediction.attempts',
  text: `select id, trained_at as "trainedAt", auc, serving_auc as "servingAuc", took_over as "tookOver", reason, examples, positives, held, reliability, predictor from conversion_models
          where company_id = $1 order by trained_at desc, id desc limit 12`,
};
const SERVES: Statement = {
  name: 'prediction.serves',
  text: `select id, trained_at as "trainedAt", auc, serving_auc as "servingAuc", took_over as "tookOver", reason, examples, positives, held, reliability, predictor from conversion_models
          where company_id = $1 and took_over order by trained_at desc, id desc limit 1`,
};
interface Row extends z.output<typeof Attempt> {
  readonly id: string;
  readonly reliability: readonly z.output<typeof Reliability>[];
  readonly predictor: Predictor | null;
}

/** How a feature is called: `more` of it speaks for (or against) the lead. */
function wordsOf(feature: string, more: boolean): string {
  const source = sourceOf(feature);
  if (source !== null) return more ? `Came from ${source}` : `Did not come from ${source}`;
  const known = Object.entries(FEATURE_WORDS).find(([name]) => name === feature)?.[1];
  return known?.[more ? 0 : 1] ?? feature;
}

export const conversionModel = operation({
  name: 'conversion.model',
  summary: 'What was learned from past leads about which of them convert: how good it is on leads that it never saw, and what counts',
  http: 'GET /api/conversion',
  cli: 'conversion model',
  access: 'read',
  scope: 'leads:read',
  input: z.object({}),
  output: z.object({
    horizonDays: z.int().describe('A lead converts within so many days, or counts as one that did not'),
    serving: z
      .object({
        ...Attempt.shape,
        reliability: z
          .array(Reliability)
          .describe('Fifths of the leads it never saw, from unlikely to likely: what was said, and what happened'),
        weights: z
          .array(z.object({ feature: z.string(), weight: z.number() }))
          .describe('In log odds for one usual difference, strongest first'),
      })
      .nullable()
      .describe('null: nothing serves yet'),
    attempts: z.array(Attempt).describe('The latest, newest first: a worse one never takes over'),
  }),
  async run(ctx) {
    const [serves] = await ctx.query<Row>(SERVES, [ctx.companyId]);
    const attempts = await ctx.query<Row>(ATTEMPTS, [ctx.companyId]);
    const plain = ({ id: _id, predictor: _predictor, reliability: _reliability, ...attempt }: Row) => attempt;
    const weights = serves?.predictor?.features.map((feature, j) => ({ feature: wordsOf(feature, true), weight: serves.predictor?.logistic.weights[j] ?? 0 })) ?? []; // prettier-ignore
    return {
      horizonDays: HORIZON_DAYS,
      serving:
        serves === undefined
          ? null
          : {
              ...plain(serves),
              reliability: [...serves.reliability],
              weights: weights.filter(({ weight }) => Math.abs(weight) >= 0.05).toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
            },
      attempts: attempts.map(plain),
    };
  },
});

export const trainConversion = operation({
  name: 'conversion.train',
  summary: 'Learn anew from past leads now; otherwise it is done every day. A worse model never takes over',
  http: 'POST /api/conversion',
  cli: 'conversion train',
  access: 'write',
  role: 'manager',
  scope: 'leads:write',
  input: z.object({}),
  output: z.object({ tookOver: z.boolean(), auc: Share, reason: z.string() }),
  async run(ctx) {
    const attempt = await train(ctx, ctx.companyId, ctx.clock.now());
    ctx.subject('conversion_models', ctx.companyId);
    return attempt;
  },
});

const OF_PERSON: Statement = {
  name: 'prediction.of_person',
  text: `select c.chance::float8 as chance, c.reasons, c.computed_at as "computedAt" from leads l join conversion_predictions c on c.lead_id = l.id and c.company_id = $1
          where l.company_id = $1 and l.person_id = $2 and l.status not in ('converted', 'lost', 'unsubscribed') order by l.created_at desc limit 1`,
};

export const personConversion = operation({
  name: 'conversion.of_person',
  summary: 'How likely a person converts, and what speaks for and against it; null for who is no open lead, or while nothing was learned',
  http: 'GET /api/people/{person_id}/conversion',
  cli: 'people conversion',
  access: 'read',
  scope: 'leads:read',
  input: z.object({ personId: z.uuid() }),
  output: z.object({
    conversion: z
      .object({
        chance: z.number().describe('0 to 1, within the horizon'),
        reasons: z.array(z.object({ title: z.string(), share: z.number().describe('Log odds: what it adds or takes') })),
        computedAt: z.date(),
      })
      .nullable(),
  }),
  async run(ctx, { personId }) {
    await getPerson(ctx, ctx.companyId, personId);
    interface Found {
      readonly chance: number;
      readonly reasons: readonly { readonly feature: string; readonly share: number; readonly more?: boolean }[];
      readonly computedAt: Date;
    }
    const [found] = await ctx.query<Found>(OF_PERSON, [ctx.companyId, personId]);
    if (found === undefined) return { conversion: null };
    const reasons = found.reasons.map(({ feature, share, more }) => ({ title: wordsOf(feature, more ?? true), share }));
    return { conversion: { chance: found.chance, reasons, computedAt: found.computedAt } };
  },
});
