import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { systemClock } from '#core/clock.ts';
import type { Config } from '#core/config.ts';
import { googleTokens } from '#core/connector/google-account.ts';
import { Misconfigured } from '#core/errors.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand, Terminal } from '#core/operation/cli.ts';
import { openBigQuery } from '../warehouse-bigquery.ts';
import { connect } from './connect.ts';
import { exportToBigQuery, type Loaded } from './data-bigquery.ts';
import { exportFile, WHAT, type ExportedFile } from './export.ts';
import { importFile, importFlags } from './import.ts';
import { isJson, tableOfJson } from './json-table.ts';

const KINDS = WHAT.filter((what) => what !== 'everything');
const FORMATS = ['csv', 'jsonl', 'xlsx', 'parquet'];

/** `steward data export --output out`: a file a kind of rows, as they are now. */
export function dataExportCommand(config: () => Config): LocalCommand {
  return {
    words: 'data export',
    summary: 'Export rows to files, one a kind: people, leads, organisations, timeline, messages, consent, deals',
    configure: (command) =>
      command
        .option('--what <a,b>', `which of ${KINDS.join(', ')}; default: all of them`)
        .option('--format <format>', FORMATS.join(', '), 'csv')
        .option('--output <dir>', 'directory to write to', 'export')
        .option('--to <bigquery:project/dataset>', 'into BigQuery in place of files: what changed since the last time')
        .option('--full', 'into BigQuery: everything anew, also what was deleted or tagged since')
        .option('--company <name>', 'name or id of the company, where there are several'),
    async run(options, terminal) {
      const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
      const [format, directory] = [text('format') ?? 'csv', text('output') ?? 'export'];
      const kinds =
        text('what')
          ?.split(',')
          .map((what) => what.trim()) ?? KINDS;
      const unknown = kinds.find((what) => !KINDS.includes(what));
      if (unknown !== undefined) throw new UsageError(`--what ${unknown}: give some of ${KINDS.join(', ')}`);
      if (!FORMATS.includes(format)) throw new UsageError(`--format is one of ${FORMATS.join(', ')}`);
      if (options['to'] !== undefined) return toBigQuery(config(), kinds, options, terminal);
      await mkdir(directory, { recursive: true });
      const transport = await connect(config(), text('company') ?? null);
      const files: (ExportedFile & { what: string })[] = [];
      try {
        for (const what of kinds) {
          const made = await exportFile(transport, { what, output: join(directory, `${what}.${format}`), body: { format } });
          files.push({ what, ...made });
          if (terminal.interactive) terminal.err(`${made.file}: ${made.rows ?? 0} rows\n`);
        }
      } finally {
        await transport.close();
      }
      return { files, rows: files.reduce((sum, { rows }) => sum + (rows ?? 0), 0) };
    },
  };
}

/** With the service account that Firestore has, too. @throws Misconfigured without one */
async function toBigQuery(config: Config, kinds: readonly string[], options: Readonly<Record<string, unknown>>, terminal: Terminal) {
  const [, project, dataset] = /^bigquery:([\w-]+)\/(\w+)$/.exec(String(options['to'])) ?? [];
  if (project === undefined || dataset === undefined) throw new UsageError('--to is bigquery:project/dataset');
  const { FIREBASE_CLIENT_EMAIL: clientEmail, FIREBASE_PRIVATE_KEY: privateKey } = config;
  if (clientEmail === undefined || privateKey === undefined)
    throw new Misconfigured(
      'BigQuery wants a service account: set FIREBASE_CLIENT_EMAIL and FIREBASE_PRIVATE_KEY from its key file (roles BigQuery Job User and Data Editor)',
    );
  const tokens = googleTokens({ clientEmail, privateKey }, 'https://www.googleapis.com/auth/bigquery', systemClock);
  const warehouse = openBigQuery({
    project,
    dataset,
    tokens,
    baseUrl: config.vendorBaseUrls['bigquery'] ?? 'https://bigquery.googleapis.com',
  });
  const transport = await connect(config, typeof options['company'] === 'string' ? options['company'] : null);
  try {
    const progress = ({ what, rows, since }: Loaded) =>
      terminal.err(`${what}: ${rows} rows${since === null ? '' : ` changed since ${since}`}\n`);
    const tables = await exportToBigQuery(transport, warehouse, { kinds, full: options['full'] === true, progress });
    return { project, dataset, tables };
  } finally {
    await transport.close();
  }
}

/** `steward data import --from-file deals.json`: the ordinary import, with its report of refused rows. */
export function dataImportCommand(config: () => Config): LocalCommand {
  return {
    words: 'data import',
    summary: 'Import a file of people, leads, deals or products (CSV, TSV, XLSX, vCard, JSON, JSON Lines); its columns say which',
    configure: importFlags,
    async run(options, terminal) {
      const path = options['fromFile'];
      if (typeof path !== 'string') throw new UsageError('--from-file is required: the path of the file');
      const folder = await mkdtemp(join(tmpdir(), 'steward-import-'));
      try {
        const csv = join(folder, `${basename(path).replace(/\.\w+$/, '')}.csv`);
        const file = (await isJson(path)) ? await tableOfJson(path, csv) : path;
        const transport = await connect(config(), typeof options['company'] === 'string' ? options['company'] : null);
        try {
          return await importFile(transport, file, options, terminal);
        } finally {
          await transport.close();
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}
