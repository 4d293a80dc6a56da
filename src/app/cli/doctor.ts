import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { Unavailable } from '#core/errors.ts';
import type { LocalCommand } from '#core/operation/cli.ts';
import { connect } from './connect.ts';

const Problem = z.object({ detail: z.string() });
const Answer = z.looseObject({ ok: z.boolean() });

/** The operation, with an exit code that scripts can go by. */
export function doctorCommand(config: () => Config): LocalCommand {
  return {
    words: 'doctor',
    summary: 'Examine this installation, in words with the next step; exits with 1 when something is bad',
    async run() {
      const transport = await connect(config(), null);
      try {
        const { status, body } = await transport.request({ method: 'GET', path: '/api/system/doctor' });
        if (status !== 200) throw new Unavailable(Problem.safeParse(body).data?.detail ?? 'Steward refused without a reason');
        return body;
      } finally {
        await transport.close();
      }
    },
    good: (result) => Answer.safeParse(result).data?.ok === true,
  };
}
