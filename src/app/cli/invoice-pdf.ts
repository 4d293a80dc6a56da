import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Config } from '#core/config.ts';
import { Misconfigured, NotFound } from '#core/errors.ts';
import type { LocalCommand } from '#core/operation/cli.ts';
import { connect } from './connect.ts';

const Read = z.object({ id: z.string(), number: z.string().nullable(), status: z.string() });
const Problem = z.object({ detail: z.string() });

/** `steward business invoices generate-pdf --id X`: writes the PDF of an invoice to a file. */
export function invoicePdfCommand(config: () => Config): LocalCommand {
  return {
    words: 'business invoices generate-pdf',
    summary: 'Write the PDF of an invoice (PDF/A-3 with the electronic invoice inside) to a file',
    configure: (command) =>
      command
        .requiredOption('--id <id>', 'id of the invoice')
        .option('--payment <id>', 'the receipt of this payment instead')
        .option('--output <path>', 'file to write; default: named after its number, here')
        .option('--company <name>', 'name or id of the company, where there are several'),
    async run(options, terminal) {
      const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
      const transport = await connect(config(), text('company') ?? null);
      try {
        const path = `/api/invoices/${encodeURIComponent(text('id') ?? '')}`;
        const { status, body } = await transport.request({ method: 'GET', path });
        if (status !== 200) throw new NotFound(Problem.safeParse(body).data?.detail ?? 'There is no such invoice');
        const invoice = Read.parse(body);
        if (transport.download === undefined) throw new Misconfigured('This connection gives no files; set STEWARD_URL');
        const chunks: Uint8Array[] = [];
        const payment = text('payment');
        const from = payment === undefined ? `${path}/pdf` : `${path}/payments/${encodeURIComponent(payment)}/receipt`;
        for await (const chunk of await transport.download(from)) chunks.push(chunk);
        const bytes = Buffer.concat(chunks);
        const named = (invoice.number ?? `draft-${invoice.id}`).replace(/[^A-Za-z0-9._-]+/g, '-');
        const file = text('output') ?? `${named}${payment === undefined ? '' : '-receipt'}.pdf`;
        await writeFile(file, bytes);
        if (terminal.interactive) terminal.err(`${file} is written.\n`);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { file, id: invoice.id, number: invoice.number, status: invoice.status, bytes: bytes.length, sha256 };
      } finally {
        await transport.close();
      }
    },
  };
}
