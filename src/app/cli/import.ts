import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Config } from '#core/config.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand, Terminal, Transport } from '#core/operation/cli.ts';
import { ask, Refused, type Answer } from './ask.ts';
import { connect } from './connect.ts';

/** As the server takes them. */
const PART_BYTES = 4 * 1_048_576;
const LOOK_EVERY_MS = 500;
const FIRST_ERRORS = 20;

/** A file of leads, in parts and with progress: a single call could show neither. */
export function importCommand(config: () => Config): LocalCommand {
  return {
    words: 'leads import',
    summary: 'Import a file of leads (CSV, TSV, XLSX, vCard); people who opted out stay so',
    configure: importFlags,
    async run(options, terminal) {
      const path = options['fromFile'];
      if (typeof path !== 'string') throw new UsageError('--from-file is required: the path of the file');
      const transport = await connect(config(), typeof options['company'] === 'string' ? options['company'] : null);
      try {
        return await importFile(transport, path, options, terminal);
      } finally {
        await transport.close();
      }
    },
  };
}

export function importFlags(command: Command): void {
  const several = (text: string, before: string[] | undefined) => [...(before ?? []), text];
  command
    .option('--from-file <path>', 'path of the file (required)')
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--map <column=field>', 'what a column is, such as "Firma=organisation"; may be given several times', several)
    .option('--format <column=format>', 'how a column writes days (ymd, dmy, mdy) or numbers (point, comma)', several)
    .option('--source <text>', 'source of rows that name none')
    .option('--tag <name>', 'tag for everybody in the file; may be given several times', several)
    .option('--enrol', 'start nurturing for the new leads')
    .option('--without-email', 'take rows without an address, too; people are then told by number or name')
    .option(
      '--consent-basis <basis>',
      'lawful basis of all new people: consent, inquiry (they asked), legitimate_interest, contract or legal_obligation',
    )
    .option('--consent-evidence <text>', 'what proves it')
    .option('--consent-topic <key>', 'what the consent in the file is about; default: all topics')
    .option('--company <name>', 'name or id of the company, where there are several');
}

const FORMATS: Readonly<Record<string, string>> = {
  dmy: 'the day first (31.12.2026)',
  mdy: 'the month first (12/31/2026)',
  ymd: 'the year first (2026-12-31)',
  point: 'a decimal point (1,234.5)',
  comma: 'a decimal comma (1.234,5)',
};

/** A line for each column whose days or numbers could be read another way, where what it becomes depends on that: a phone number is no amount. */
export function doubts(columns: readonly string[], mapping: readonly string[], findings: unknown): string[] {
  return (Array.isArray(findings) ? findings : []).flatMap(({ column, format, proven }): string[] => {
    const target = mapping[column] ?? 'ignore';
    if (proven !== false || !(/^(custom|deal|product)\./.test(target) || target === 'consent_at')) return [];
    return [`${columns[column] ?? ''} is read with ${FORMATS[format] ?? String(format)}; say otherwise with --format`];
  });
}

export async function importFile(transport: Transport, path: string, options: Answer, terminal: Terminal): Promise<unknown> {
  const { id } = await ask(transport, 'POST', '/api/imports/uploads', { filename: basename(path) });
  await upload(transport, path, String(id), terminal);
  const seen = await ask(transport, 'POST', `/api/imports/${String(id)}/read`, {});
  const columns = texts(seen['columns']);
  const mapping = mappingOf(columns, texts(seen['mapping']), texts(options['map']));
  const said = columns.map((column, index) => `${column} = ${mapping[index] ?? 'ignore'}`).join(', ');
  terminal.err(`${String(seen['total_rows'])} rows, ${String(seen['format'])}: ${said}\n`);
  for (const line of doubts(columns, mapping, seen['findings'])) terminal.err(`${line}\n`);
  const formats = Object.fromEntries(
    texts(options['format'])
      .map((pair) => pairOf(pair, columns, '--format'))
      .map(([column, value]) => [String(column), value]),
  );
  const begun = await ask(transport, 'POST', `/api/imports/${String(id)}/run`, {
    mapping,
    formats,
    enrol: options['enrol'] === true,
    dry_run: options['dryRun'] === true,
    without_email: options['withoutEmail'] === true,
    tags: texts(options['tag']),
    ...(typeof options['source'] === 'string' ? { source: options['source'] } : {}),
    ...(typeof options['consentTopic'] === 'string' ? { consent_topic: options['consentTopic'] } : {}),
    ...(typeof options['consentBasis'] === 'string'
      ? { consent: { basis: options['consentBasis'], evidence: String(options['consentEvidence'] ?? '') } }
      : {}),
  });
  const done = await watch(transport, begun, terminal);
  if (done['state'] === 'failed') throw new Refused('import_failed', String(done['error']));
  const { items } = await ask(transport, 'GET', `/api/imports/${String(id)}/errors?limit=${FIRST_ERRORS}`);
  return { ...done, errors: items };
}

async function upload(transport: Transport, path: string, id: string, terminal: Terminal): Promise<void> {
  const file = await open(path).catch((cause: unknown) => {
    throw new UsageError(`--from-file: cannot read ${path}; check the path`, { cause });
  });
  try {
    const bytes = Buffer.alloc(PART_BYTES);
    for (let part = 0; ; part += 1) {
      const { bytesRead } = await file.read(bytes, 0, PART_BYTES, part * PART_BYTES);
      if (bytesRead === 0) break;
      await ask(transport, 'PUT', `/api/imports/${id}/parts/${part}`, { content_base64: bytes.toString('base64', 0, bytesRead) });
      terminal.err(`\rsent ${Math.round((part * PART_BYTES + bytesRead) / 1_048_576)} MB`);
    }
    terminal.err('\r\u001b[K');
  } finally {
    await file.close();
  }
}

/** Until it is over; says on stderr where it is. */
async function watch(transport: Transport, begun: Answer, terminal: Terminal): Promise<Answer> {
  let now = begun;
  while (now['state'] === 'running') {
    await sleep(LOOK_EVERY_MS);
    now = await ask(transport, 'GET', `/api/imports/${String(now['id'])}`);
    const rate = now['rows_per_second'] === null ? '' : `, ${Math.round(Number(now['rows_per_second']))} rows/s`;
    const left = now['remaining_seconds'] === null ? '' : `, ${Math.ceil(Number(now['remaining_seconds']))} s left`;
    terminal.err(`\r\u001b[K${String(now['processed_rows'])} of ${String(now['total_rows'] ?? '?')} rows${rate}${left}`);
  }
  const { created, merged, unchanged, opt_outs_kept: kept, refused } = now;
  const verb = now['dry_run'] === true ? 'would be: ' : '';
  terminal.err(
    `\r\u001b[K${verb}${String(created)} new, ${String(merged)} merged (${String(unchanged)} unchanged), ${String(kept)} opt-outs kept, ${String(refused)} refused\n`,
  );
  return now;
}

function mappingOf(columns: readonly string[], suggested: readonly string[], given: readonly string[]): string[] {
  const mapping = columns.map((_column, index) => suggested[index] ?? 'ignore');
  const severally = new Set(['ignore', 'other_email', 'other_phone', 'tags', 'notes']);
  for (const pair of given) {
    const [column, field] = pairOf(pair, columns, '--map');
    const before = mapping.indexOf(field);
    if (before >= 0 && !severally.has(field)) mapping[before] = 'ignore';
    mapping[column] = field;
  }
  return mapping;
}

/** `E-Mail 2=other_email`, the column by its heading or its number from 1. */
function pairOf(pair: string, columns: readonly string[], flag: string): [column: number, value: string] {
  const at = pair.lastIndexOf('=');
  const name = pair.slice(0, at).trim();
  const byName = columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());
  const column = byName >= 0 ? byName : Number(name) - 1;
  if (at < 1 || columns[column] === undefined)
    throw new UsageError(`${flag} ${pair}: there is no such column; there are ${columns.join(', ')}`);
  return [column, pair.slice(at + 1).trim()];
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
