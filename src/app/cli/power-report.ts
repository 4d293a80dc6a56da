import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';
import { UsageError } from '#core/operation/cli-flags.ts';
import type { LocalCommand } from '#core/operation/cli.ts';
import { ask } from './ask.ts';
import { connect } from './connect.ts';

const Made = z.object({ id: z.string(), title: z.string(), created_at: z.string(), figures: z.object({ energy_wh: z.number(), recommendations: z.array(z.object({ says: z.string(), because: z.string(), rule: z.string() })) }) }); // prettier-ignore
const Sent = z.object({ run_id: z.string(), to: z.string(), started: z.boolean() });

/** `steward business report power --client-id X --csv power_log.csv [--send]`: a report, its PDF in a file, and by mail. */
export function powerReportCommand(config: () => Config): LocalCommand {
  return {
    words: 'business report power',
    summary: 'Make a power report for a client from a power log; --send mails it and a check-in follows in 30 days',
    configure: (command) =>
      command
        .requiredOption('--client-id <id>', 'id of the client')
        .requiredOption('--csv <path>', 'the log: timestamp, and any of ane_, cpu_, gpu_ and total_power_mw, cpu_energy_mj')
        .option('--title <text>', 'title of the report')
        .option('--output <path>', 'file of the PDF; default: named after the report, here')
        .option('--send', 'mail it to the client with the PDF')
        .option('--again', 'with --send: although it was mailed before')
        .option('--company <name>', 'name or id of the company, where there are several'),
    async run(options, terminal) {
      const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
      const packed = await pack(text('csv') ?? '');
      const transport = await connect(config(), text('company') ?? null);
      try {
        const path = `/api/clients/${encodeURIComponent(text('clientId') ?? '')}/power-reports`;
        const made = Made.parse(
          await ask(transport, 'POST', path, { csv_gzip_base64: packed, ...(text('title') === undefined ? {} : { title: text('title') }) }),
        );
        if (transport.download === undefined) throw new Misconfigured('This connection gives no files; set STEWARD_URL');
        const chunks: Uint8Array[] = [];
        for await (const chunk of await transport.download(`/api/reports/${made.id}/pdf`)) chunks.push(chunk);
        const bytes = Buffer.concat(chunks);
        const file = text('output') ?? `${made.title.replace(/[^A-Za-z0-9._-]+/g, '-')}-${made.created_at.slice(0, 10)}.pdf`;
        await writeFile(file, bytes);
        const sent =
          options['send'] === true
            ? Sent.parse(await ask(transport, 'POST', `/api/reports/${made.id}/send`, { again: options['again'] === true }))
            : null;
        if (terminal.interactive)
          terminal.err(
            `${file} is written.${sent === null ? '' : ` It ${sent.started ? 'is on its way' : 'went'} to ${sent.to}${sent.started ? '' : ' before; --again mails it once more'}.`}\n`,
          );
        return {
          id: made.id,
          file,
          bytes: bytes.length,
          energy_wh: made.figures.energy_wh,
          recommendations: made.figures.recommendations,
          sent: sent === null ? null : { to: sent.to, run_id: sent.run_id, started: sent.started },
        };
      } finally {
        await transport.close();
      }
    },
  };
}

/** A log shrinks to a fifth on its way. */
async function pack(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    await pipeline(createReadStream(path), createGzip({ level: 4 }), async (bytes: AsyncIterable<Buffer>) => {
      for await (const chunk of bytes) chunks.push(chunk);
    });
  } catch (cause) {
    throw new UsageError(`--csv: cannot read ${path}; check the path`, { cause });
  }
  return Buffer.concat(chunks).toString('base64');
}
