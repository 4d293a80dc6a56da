import { randomInt } from 'node:crypto';
import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand } from '#core/operation/cli.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { mcpCommand } from './mcp-stdio.ts';

/** Commands of this machine: what no server could do for you. */
export function localCommands(config: () => Config): LocalCommand[] {
  return [mcpCommand(config), exportCommand(config), importCommand(config), proveKillCommand(config)];
}

/** Kill test: Steward and PostgreSQL die at random instants while they send; then everything is counted. */
function proveKillCommand(config: () => Config): LocalCommand {
  return {
    words: 'prove kill',
    summary: 'Kill Steward while it sends mail, again and again, and count what was lost or sent twice. In a temporary home.',
    configure: (command) =>
      command
        .requiredOption('--rounds <number>', 'how many times to kill')
        .option('--messages <number>', 'how many people are written to', '2000')
        .option('--seed <number>', 'repeats the choices of an earlier run'),
    async run(options, terminal) {
      if (config().DATABASE_URL !== undefined)
        throw new Misconfigured('prove kill never touches a real database: unset DATABASE_URL, it starts one of its own');
      const { proveKill } = await import('../prove/kill.ts');
      const { childEnvironment } = await import('#core/config-child.ts');
      return proveKill({
        rounds: whole('rounds', options['rounds']),
        messages: whole('messages', options['messages']),
        seed: options['seed'] === undefined ? randomInt(2 ** 31) : whole('seed', options['seed']),
        progress: (line) => terminal.err(`${line}\n`),
        environment: childEnvironment(),
      });
    },
  };
}

function whole(name: string, value: unknown): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new UsageError(`--${name} takes a whole number`);
  return number;
}
