import { z } from 'zod';
import { cut, tidy } from '#modules/people/public.ts';
import { DEAL_SORTS } from '../list.ts';
import { FORECASTS, STAGE_KINDS } from '../tables.ts';

export const label = (most: number) =>
  z
    .string()
    .max(2_000)
    .transform((text) => cut(tidy(text), most))
    .refine((text) => text !== '', { error: 'is empty; give it a name' });

/** The largest amount: 90 billion, so that sums of a million deals stay exact. */
/** Of the last digit of the currency. */
export const cents = () => z.number().int().min(0).max(9_000_000_000_000);
export const currency = () =>
  z
    .string()
    .transform((text) => text.toUpperCase())
    .refine((text) => /^[A-Z]{3}$/.test(text), { error: 'is a code of three letters such as EUR' });
export const day = () => z.iso.date().describe('YYYY-MM-DD');

/** Which deals. Of lists, exports and what is done to many. */
export const dealFilter = {
  q: z.string().trim().max(200).optional().describe('Words of the name or the organisation'),
  pipelineId: z.uuid().optional(),
  stageId: z.uuid().optional(),
  status: z.enum(STAGE_KINDS).optional(),
  ownerId: z.uuid().optional(),
  productId: z.uuid().optional(),
  organisationId: z.uuid().optional(),
  personId: z.uuid().optional(),
  source: z.string().max(200).optional(),
  importId: z.uuid().optional().describe('Deals that came with this import'),
  only: z
    .enum(['undated', 'no_account', 'slipped', 'overdue', 'rotting'])
    .optional()
    .describe(
      'undated: nobody knows when it began; no_account: no organisation; slipped: the close date was put off; overdue: it has passed; rotting: too long in one stage',
    ),
};
export const sort = () => z.enum(DEAL_SORTS).default('-created_at');

/** What may be said of a deal; all of it optional but where it is made. */
export const dealFields = {
  name: label(300).optional(),
  stageId: z.uuid().optional(),
  amountCents: cents().optional().describe('In the smallest unit of the currency: cents of EUR, yen of JPY, fils of KWD'),
  currency: currency().optional(),
  ownerId: z.uuid().nullable().optional().describe('One of GET /api/deal-owners'),
  productId: z.uuid().nullable().optional(),
  organisationId: z.uuid().nullable().optional(),
  personIds: z.array(z.uuid()).max(50).optional(),
  closeDate: day().nullable().optional(),
  forecast: z.enum(FORECASTS).optional(),
  source: z.string().trim().min(1).max(100).nullable().optional(),
  probability: z.number().int().min(0).max(100).nullable().optional().describe('Per cent; null: that of the stage'),
  nextStep: z.string().trim().max(500).nullable().optional(),
};

/** All that is sold with a deal; given, it replaces what was there. */
export const dealLines = () =>
  z
    .array(
      z.object({
        productId: z.uuid().nullish(),
        description: z.string().trim().max(500).default(''),
        quantity: z.number().int().min(1).max(1_000_000),
        priceCents: cents().describe('Of one, in the currency of the deal'),
      }),
    )
    .max(200)
    .optional()
    .describe('What is sold with it; the amount is their sum unless another one is given');
