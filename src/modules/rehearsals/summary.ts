import { z } from 'zod';
import { Finding } from '#modules/workflows/public.ts';

const Count = z.object({ messages: z.int(), people: z.int() });

/** What came of it, without anybody's name: each number opens its people with `rehearsals.people` or its mails with `rehearsals.messages`. */
export const Summary = z.object({
  beganAt: z.string(),
  endedAt: z.string().describe('How far the clock went'),
  timeZone: z.string(),
  asked: z.int(),
  entered: z.int(),
  leftOut: z.int(),
  findings: z.array(Finding.omit({ people: true })).describe('Who could not enter, and what to know of those who did'),
  messages: z.object({ sent: z.int(), blocked: z.int(), waiting: z.int(), delayed: z.int(), others: z.int() }),
  days: z.array(
    z.object({
      day: z.string(),
      sent: z.int(),
      blocked: z.int(),
      senders: z.array(z.object({ sender: z.string(), sent: z.int() })),
    }),
  ),
  peak: z.object({ day: z.string(), sent: z.int(), hour: z.string().nullable(), hourSent: z.int() }).nullable(),
  dailyLimit: z.int().nullable(),
  blocked: z.array(Count.extend({ rule: z.string(), says: z.string(), fix: z.string() })),
  waiting: z.array(Count.extend({ rule: z.string(), says: z.string(), fix: z.string() })),
  steps: z.array(
    z.object({
      stepId: z.string(),
      title: z.string(),
      type: z.string(),
      depth: z.int(),
      reached: z.int(),
      waiting: z.int(),
      ended: z.int(),
      failed: z.int(),
      captured: z.boolean().describe('It would reach out; it was not carried out'),
    }),
  ),
  ends: z.array(z.object({ outcome: z.string(), detail: z.string(), people: z.int() })),
  effects: z.array(z.object({ kind: z.string(), count: z.int() })),
  cost: z
    .object({ calls: z.int(), model: z.string().nullable(), inputTokens: z.int(), outputTokens: z.int(), costMicros: z.int().nullable() })
    .nullable()
    .describe('What a model would cost; estimated'),
  edges: z.array(z.object({ kind: z.string(), people: z.int() })),
  replies: z.int(),
  warnings: z.array(z.object({ kind: z.string(), says: z.string() })),
});
export type Summary = z.output<typeof Summary>;
