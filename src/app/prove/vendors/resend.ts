import { jsonOf, textAt, type ProvenVendor } from './vendor.ts';

/** Resend keeps an idempotency key with what was sent under it. @see https://resend.com/docs/dashboard/emails/idempotency-keys */
export const resend: ProvenVendor = {
  connector: 'resend',
  channel: 'email',
  credentials: { api_key: 'key-of-the-proof-1', from_email: 'hello@resend.test', per_second: 100 },
  sends: ({ method, path }) => method === 'POST' && path === '/emails',
  open(book) {
    const known = new Map<string, { readonly id: string; readonly body: string }>();
    let sent = 0;
    return ({ method, path, headers, body }) => {
      if (method !== 'POST' || path !== '/emails')
        return { status: 404, body: { statusCode: 404, name: 'not_found', message: `${method} ${path} is not known here` } };
      const key = headers['idempotency-key'];
      const before = typeof key === 'string' ? known.get(key) : undefined;
      if (before !== undefined && before.body !== body)
        return { status: 409, body: { statusCode: 409, name: 'invalid_idempotent_request', message: 'Same key, another mail' } };
      if (before !== undefined) {
        book.again();
        return { status: 200, body: { id: before.id } };
      }
      sent += 1;
      const id = `00000000-0000-4000-8000-${sent.toString(16).padStart(12, '0')}`;
      if (typeof key === 'string') known.set(key, { id, body });
      book.deliver(textAt(jsonOf(body), 'to', 0).replace(/^.*<|>.*$/g, ''));
      return { status: 200, body: { id } };
    };
  },
};
