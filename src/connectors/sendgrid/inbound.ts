import { createHash } from 'node:crypto';
import { VendorRefused } from '#core/connector/errors.ts';
import type { SignedRequest } from '#core/connector/signatures/types.ts';
import type { VendorEvent } from '#core/connector/webhook.ts';
import { headerLines, rawFrom, type RawAttachment } from '#core/mail/raw-from.ts';

/**
 * Inbound Parse: one mail as a form, whole in `email` where “POST the raw, full MIME message” is ticked, else in parts.
 * @see https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
 */
export async function readInbound({ rawBody, headers }: SignedRequest): Promise<readonly VendorEvent[]> {
  const form = await formOf(rawBody, String(headers['content-type'] ?? ''));
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : null;
  };
  const whole = form.get('email');
  const raw =
    whole === null
      ? inParts(text, await attachmentsOf(form))
      : typeof whole === 'string'
        ? Buffer.from(whole)
        : Buffer.from(await whole.arrayBuffer());
  if (raw === null) throw new VendorRefused('This is no mail of SendGrid’s Inbound Parse: it has neither email nor headers');
  return [{ kind: 'mail', key: createHash('sha256').update(raw).digest('base64url'), raw, receivedAt: null }];
}

function inParts(text: (name: string) => string | null, attachments: readonly RawAttachment[]): Buffer | null {
  const headers = text('headers');
  return headers === null ? null : rawFrom({ headers: headerLines(headers), text: text('text'), html: text('html'), attachments });
}

/** `attachment1`, `attachment2` …, in their order. */
async function attachmentsOf(form: FormData): Promise<RawAttachment[]> {
  const files = [...form.entries()].flatMap(([name, value]) =>
    /^attachment\d+$/.test(name) && typeof value !== 'string' ? [{ place: Number(name.slice(10)), file: value }] : [],
  );
  return Promise.all(
    files
      .toSorted((a, b) => a.place - b.place)
      .map(async ({ file }) => ({ filename: file.name, contentType: file.type, content: new Uint8Array(await file.arrayBuffer()) })),
  );
}

async function formOf(rawBody: Uint8Array, contentType: string): Promise<FormData> {
  try {
    return await new Response(Buffer.from(rawBody), { headers: { 'content-type': contentType } }).formData();
  } catch (cause) {
    throw new VendorRefused('This is no form', { cause });
  }
}
