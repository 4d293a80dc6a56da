import type { Config } from '#core/config.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand, Terminal } from '#core/operation/cli.ts';

/** Everything from one store into another: between kinds of stores, or to another machine. */
export function dataMigrateCommand(config: () => Config): LocalCommand {
  return {
    words: 'data migrate',
    summary:
      'Bring everything from one store into another: PostgreSQL, a SQLite file, a directory of JSON files, Firestore. Compares every row',
    configure: (command) =>
      command
        .requiredOption(
          '--from <url>',
          'steward: (this installation), postgres://…, sqlite:/path/file.db, json:/path/directory, firestore:project',
        )
        .requiredOption('--to <url>', 'the same; must be empty')
        .option('--resume', 'go on with a migration that was cut off'),
    async run(options, terminal) {
      const [from, to] = [options['from'], options['to']];
      if (typeof from !== 'string' || typeof to !== 'string') throw new UsageError('Give --from and --to');
      if (from === to) throw new UsageError('--from and --to name the same store');
      const { migrateData } = await import('../stores.ts');
      const { openLog } = await import('#core/log.ts');
      return migrateData(config(), openLog('error'), { from, to, resume: options['resume'] === true, progress: progressOn(terminal) });
    },
  };
}

/** One line a table that holds anything; on a terminal it counts up meanwhile. */
function progressOn(terminal: Terminal) {
  let [at, began] = ['', performance.now()];
  return ({ table, rows, step }: { readonly table: string; readonly rows: number; readonly step: 'copied' | 'compared' }) => {
    if (table !== at) [at, began] = [table, performance.now()];
    const perSecond = Math.round(rows / Math.max(0.001, (performance.now() - began) / 1000));
    if (step === 'copied') {
      if (terminal.interactive) terminal.err(`\r\u001b[K${table}: ${rows} rows, ${perSecond} rows/s`);
    } else if (rows > 0) terminal.err(`${terminal.interactive ? '\r\u001b[K' : ''}${table}: ${rows} rows, equal\n`);
  };
}
