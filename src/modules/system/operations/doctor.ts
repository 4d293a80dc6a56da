import { z } from 'zod';
import { operation } from '#core/operation/operation.ts';
import { examine } from '../doctor/examine.ts';
import { requireInstallation } from '../installation.ts';

const Finding = z.object({
  check: z.string(),
  title: z.string(),
  state: z.enum(['ok', 'warn', 'bad']).describe('warn: soon a trouble, or not checked; bad: something does not work'),
  says: z.string(),
  next: z.string().nullable().describe('What to do about it'),
});

export const getDoctor = operation({
  name: 'system.doctor',
  summary:
    'Examine this installation: database, walls between companies, queue, workers, keys, backups, address; each in words with the next step',
  http: 'GET /api/system/doctor',
  access: 'outside',
  installation: true,
  role: 'admin',
  ratePerMinute: 20,
  status: 200,
  input: z.object({}),
  output: z.object({
    ok: z.boolean().describe('Nothing is bad'),
    bad: z.int(),
    warn: z.int(),
    items: z.array(Finding),
    nextCursor: z.null(),
  }),
  async run(ctx) {
    await requireInstallation(ctx, 'doctor');
    const items = await examine(ctx.runtime);
    const bad = items.filter(({ state }) => state === 'bad').length;
    const warn = items.filter(({ state }) => state === 'warn').length;
    return { ok: bad === 0, bad, warn, items, nextCursor: null };
  },
});
