import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand, Transport } from '#core/operation/cli.ts';
import { KINDS } from '#modules/exports/names.ts';
import { connect } from './connect.ts';

const Made = z.object({ id: z.string(), what: z.string(), format: z.string(), file: z.string() });
export const WHAT: readonly string[] = [...KINDS, 'everything'];

/** `steward export --what people --output people.csv`: makes the export and fetches its file, row by row, at any size. */
export function exportCommand(config: () => Config): LocalCommand {
  return {
    words: 'export',
    summary: 'Export people, leads, timeline, messages, consent, deals, or everything the company owns, to a file',
    configure: (command) =>
      command
        .requiredOption('--what <what>', `one of ${WHAT.join(', ')}`)
        .option('--format <format>', 'csv, xlsx, jsonl or parquet; everything is a zip file', 'csv')
        .option('--columns <a,b>', 'keys of columns in order; see: steward exports kinds')
        .option('--segment <id>', 'only people of this segment')
        .option('--condition <json>', 'only people who fit this condition')
        .option('--output <path>', 'file to write; default: named after what it holds, here')
        .option('--company <name>', 'name or id of the company, where there are several'),
    async run(options, terminal) {
      const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
      const what = text('what') ?? '';
      if (!WHAT.includes(what)) throw new UsageError(`--what is one of ${WHAT.join(', ')}`);
      const filter = {
        ...(text('segment') === undefined ? {} : { segment_id: text('segment') }),
        ...(text('condition') === undefined ? {} : { condition: parse(text('condition') ?? '') }),
      };
      const columns = text('columns')
        ?.split(',')
        .map((key) => key.trim());
      const transport = await connect(config(), text('company') ?? null);
      try {
        const made = await exportFile(transport, {
          what,
          output: text('output') ?? null,
          body: { format: text('format'), filter, ...(columns === undefined ? {} : { columns }) },
        });
        if (terminal.interactive) terminal.err(`${made.file}: ${made.rows ?? 0} rows\n`);
        return made;
      } finally {
        await transport.close();
      }
    },
  };
}

export interface ExportedFile {
  readonly file: string;
  readonly rows: number | null;
  readonly bytes: number;
}

/** Makes an export and fetches its file. @throws Misconfigured what Steward said */
export async function exportFile(
  transport: Transport,
  { what, output, body }: { readonly what: string; readonly output: string | null; readonly body: Readonly<Record<string, unknown>> },
): Promise<ExportedFile> {
  const everything = what === 'everything';
  const path = everything ? '/api/exports/archive' : '/api/exports';
  const answer = await transport.request({ method: 'POST', path, body: everything ? {} : { what, ...body } });
  if (answer.status >= 400) throw new Misconfigured(detailOf(answer.body));
  const made = Made.parse(answer.body);
  const file = output ?? `${made.what}.${made.format}`;
  if (transport.download === undefined) throw new Misconfigured('This connection gives no files; set STEWARD_URL');
  let bytes = 0;
  const source = Readable.from(await transport.download(made.file));
  source.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await pipeline(source, createWriteStream(file));
  const read = await transport.request({ method: 'GET', path: `/api/exports/${made.id}` });
  const rows = z.object({ row_count: z.number().nullable() }).safeParse(read.body).data?.row_count ?? null;
  return { file, rows, bytes };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new UsageError('--condition is JSON such as {"field": "lead.status", "is": "qualified"}', { cause });
  }
}

function detailOf(body: unknown): string {
  return z.object({ detail: z.string() }).safeParse(body).data?.detail ?? 'Steward refused the export without a reason';
}
