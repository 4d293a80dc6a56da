import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand } from '#core/operation/cli.ts';
import { connect } from './connect.ts';

const Made = z.object({ id: z.string(), what: z.string(), format: z.string(), file: z.string() });
const WHAT = ['people', 'leads', 'organisations', 'interactions', 'messages', 'consent', 'deals', 'everything'];

/** `steward export --what people --output people.csv`: makes the export and fetches its file, row by row, at any size. */
export function exportCommand(config: () => Config): LocalCommand {
  return {
    words: 'export',
    summary: 'Export people, leads, timeline, messages, consent, deals, or everything the company owns, to a file',
    configure: (command) =>
      command
        .requiredOption('--what <what>', `one of ${WHAT.join(', ')}`)
        .option('--format <format>', 'csv, xlsx or jsonl; everything is a zip file', 'csv')
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
      const transport = await connect(config(), text('company') ?? null);
      try {
        const everything = what === 'everything';
        const columns = text('columns')
          ?.split(',')
          .map((key) => key.trim());
        const answer = await transport.request({
          method: 'POST',
          path: everything ? '/api/exports/archive' : '/api/exports',
          body: everything ? {} : { what, format: text('format'), filter, ...(columns === undefined ? {} : { columns }) },
        });
        if (answer.status >= 400) throw new Misconfigured(detailOf(answer.body));
        const made = Made.parse(answer.body);
        const output = text('output') ?? `${made.what}.${made.format}`;
        if (transport.download === undefined) throw new Misconfigured('This connection gives no files; set STEWARD_URL');
        let bytes = 0;
        const source = Readable.from(await transport.download(made.file));
        source.on('data', (chunk: Buffer) => (bytes += chunk.length));
        await pipeline(source, createWriteStream(output));
        const read = await transport.request({ method: 'GET', path: `/api/exports/${made.id}` });
        const rows = z.object({ row_count: z.number().nullable() }).safeParse(read.body).data?.row_count ?? null;
        if (terminal.interactive) terminal.err(`${output}: ${rows ?? 0} rows\n`);
        return { file: output, rows, bytes };
      } finally {
        await transport.close();
      }
    },
  };
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
