import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand } from '#core/operation/cli.ts';
import { dataExportCommand, dataImportCommand } from './data-files.ts';
import { dataMigrateCommand } from './data-migrate.ts';
import { doctorCommand } from './doctor.ts';
import { dailyCommand } from './daily.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { invoicePdfCommand } from './invoice-pdf.ts';
import { powerReportCommand } from './power-report.ts';
import { restoreCommand } from './restore.ts';
import { mcpCommand } from './mcp-stdio.ts';
import { WAYS, type Way } from '../prove/vendors/ways.ts';

/** Commands of this machine: what no server could do for you. */
export function localCommands(config: () => Config): LocalCommand[] {
  return [
    mcpCommand(config),
    dailyCommand(config),
    exportCommand(config),
    invoicePdfCommand(config),
    powerReportCommand(config),
    importCommand(config),
    restoreCommand(config),
    dataMigrateCommand(config),
    dataExportCommand(config),
    dataImportCommand(config),
    doctorCommand(config),
    proveKillCommand(config),
    proveInvoicesCommand(config),
  ];
}

/** Kill test: Steward and PostgreSQL die at random instants while they work; then everything is counted. */
function proveKillCommand(config: () => Config): LocalCommand {
  return {
    words: 'prove kill',
    summary:
      'Kill Steward and its PostgreSQL again and again while it sends mail, takes webhooks and moves runs, and count what was lost or done twice. In a temporary home.',
    configure: (command) =>
      command
        .option('--rounds <number>', 'how many times to kill; a round takes some five seconds', '25')
        .option('--kill <what>', 'worker, postgres, or both', 'both')
        .option('--messages <number>', 'how many people are written to, by each way; 0: none', '2000')
        .option('--through <ways>', `how: ${WAYS.join(', ')}, several with commas between, or all`, 'smtp')
        .option(
          '--journeys <number>',
          'how many webhooks start runs that wait, branch, loop and ask a web service; default: 8 a round, 0: none',
        )
        .option('--longest-wait <seconds>', 'runs wait no longer than that', '70')
        .option('--seed <number>', 'repeats the choices of an earlier run'),
    async run(options, terminal) {
      noDatabase(config(), 'prove kill');
      const { proveKill } = await import('../prove/kill.ts');
      const { childEnvironment } = await import('#core/config-child.ts');
      return proveKill({
        rounds: whole('rounds', options['rounds']),
        kill: choice('kill', options['kill'], KILLS),
        messages: whole('messages', options['messages']),
        through: ways(String(options['through'])),
        ...(options['journeys'] === undefined ? {} : { journeys: whole('journeys', options['journeys']) }),
        longestWaitS: whole('longest-wait', options['longestWait']),
        seed: options['seed'] === undefined ? randomInt(2 ** 31) : whole('seed', options['seed']),
        progress: (line) => terminal.err(`${line}\n`),
        environment: childEnvironment(),
      });
    },
    good: (report) => KillVerdict.parse(report).lost === 0 && KillVerdict.parse(report).repeated === 0,
  };
}

/** Numbers without gaps and a ledger that is right to the cent, though Steward dies while invoices are made. */
function proveInvoicesCommand(config: () => Config): LocalCommand {
  return {
    words: 'prove invoices',
    summary:
      'Make, pay, void and credit invoices by many clients at once while Steward and its PostgreSQL are killed; then check numbers and ledger with SQL of its own. In a temporary home.',
    configure: (command) =>
      command
        .option('--invoices <number>', 'how many', '1000')
        .option('--clients <number>', 'how many make them at the same time', '16')
        .option('--kills <number>', 'how many times to kill', '10')
        .option('--seed <number>', 'repeats the choices of an earlier run'),
    async run(options, terminal) {
      noDatabase(config(), 'prove invoices');
      const { proveInvoices } = await import('../prove/invoices.ts');
      const { childEnvironment } = await import('#core/config-child.ts');
      return proveInvoices({
        invoices: whole('invoices', options['invoices']),
        clients: Math.max(1, whole('clients', options['clients'])),
        kills: whole('kills', options['kills']),
        seed: options['seed'] === undefined ? randomInt(2 ** 31) : whole('seed', options['seed']),
        progress: (line) => terminal.err(`${line}\n`),
        environment: childEnvironment(),
      });
    },
    good(report) {
      const { lost, repeated, difference_cents: difference, faults } = InvoicesVerdict.parse(report);
      return lost === 0 && repeated === 0 && difference === 0 && faults.length === 0;
    },
  };
}

function noDatabase(config: Config, words: string): void {
  if (config.DATABASE_URL !== undefined)
    throw new Misconfigured(`${words} never touches a real database: unset DATABASE_URL, it starts one of its own`);
}

const InvoicesVerdict = z.object({ lost: z.int(), repeated: z.int(), difference_cents: z.int(), faults: z.array(z.string()) });
const KillVerdict = z.object({ lost: z.int(), repeated: z.int() });
const KILLS = ['worker', 'postgres', 'both'] as const;

function choice<const One extends string>(name: string, value: unknown, all: readonly One[]): One {
  const found = all.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${name} is one of ${all.join(', ')}`);
  return found;
}

function ways(value: string): readonly Way[] {
  return value === 'all' ? WAYS : value.split(',').map((one) => choice('through', one.trim(), WAYS));
}

function whole(name: string, value: unknown): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new UsageError(`--${name} takes a whole number`);
  return number;
}
