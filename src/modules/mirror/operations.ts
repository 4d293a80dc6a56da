import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { requireInstallation } from '#modules/system/public.ts';

const Status = z.object({
  active: z.boolean().describe('FIRESTORE_MIRROR is set'),
  root: z.string().nullable().describe('The document of Firestore that it hangs on'),
  pending: z.int().describe('Rows that changed and are still to be written'),
  oldestAt: z.date().nullable().describe('Since when the oldest of them waits'),
  written: z.int().describe('Documents written or deleted so far'),
  writtenAt: z.date().nullable(),
  filledAt: z.date().nullable().describe('When every row had been noted once'),
  sweptAt: z.date().nullable().describe('When documents without a row had been found'),
  failedAt: z.date().nullable(),
  error: z.string().nullable().describe('What Firestore said last, until a write succeeds'),
});

const STATUS: Statement = {
  name: 'mirror.status',
  text: `select (select count(*)::int from mirror_pending) as pending, (select min(changed_at) from mirror_pending) as "oldestAt", coalesce(s.written, 0)::float8 as written,
                s.written_at as "writtenAt", s.filled_at as "filledAt", s.swept_at as "sweptAt", s.failed_at as "failedAt", s.error
           from (values (1)) one left join mirror_state s on true`,
};

export const mirrorStatus = operation({
  name: 'mirror.status',
  summary: 'How far the Firestore mirror is behind, and what it said last',
  http: 'GET /api/system/mirror',
  cli: 'mirror status',
  access: 'read',
  role: 'admin',
  installation: true,
  input: z.object({}),
  output: Status,
  async run(ctx) {
    await requireInstallation(ctx, 'mirror status');
    const root = ctx.runtime.config.FIRESTORE_MIRROR ?? null;
    const [row] = await ctx.runtime.system.read((tx) => tx.query<Omit<z.output<typeof Status>, 'active' | 'root'>>(STATUS, []));
    if (row === undefined) throw new Error('a left join answers one row');
    return { active: root !== null, root, ...row };
  },
});
