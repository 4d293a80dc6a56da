import type { Config } from '#core/config.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand } from '#core/operation/cli.ts';

/** A backup into the data directory or database that the configuration names: no server may run there. */
export function restoreCommand(config: () => Config): LocalCommand {
  return {
    words: 'restore',
    summary: 'Restore a backup into an empty data directory or database. What is restored is held until: steward release',
    configure: (command) =>
      command
        .argument('<backup>', 'its directory, or the manifest.json in it')
        .option('--replace', 'the database holds companies: lose them, and everything else in it'),
    async run(options, terminal) {
      const [from] = Array.isArray(options['named']) ? options['named'] : [];
      if (typeof from !== 'string') throw new UsageError('Name the directory of the backup');
      const replace = options['replace'] === true;
      if (replace && terminal.interactive && !(await terminal.confirm('Everything in the database is lost. Go on?')))
        throw new UsageError('Nothing was changed');
      const { restoreInto } = await import('../restore.ts');
      const { openLog } = await import('#core/log.ts');
      return restoreInto(config(), openLog('error'), from, {
        replace,
        progress: ({ name, rows }) => terminal.err(`${name}: ${rows} rows\n`),
      });
    },
  };
}
