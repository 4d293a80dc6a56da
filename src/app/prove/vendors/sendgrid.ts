import { jsonOf, textAt, type ProvenVendor } from './vendor.ts';

/** SendGrid takes no key and answers no question: what it did not answer is in doubt. */
export const sendgrid: ProvenVendor = {
  connector: 'sendgrid',
  channel: 'email',
  credentials: { api_key: 'SG.key-of-the-proof', from_email: 'hello@sendgrid.test' },
  sends: ({ method, path }) => method === 'POST' && path === '/v3/mail/send',
  open(book) {
    let sent = 0;
    return ({ method, path, body }) => {
      if (method !== 'POST' || path !== '/v3/mail/send')
        return { status: 404, body: { errors: [{ message: `${method} ${path} is not known here`, field: null, help: null }] } };
      sent += 1;
      book.deliver(textAt(jsonOf(body), 'personalizations', 0, 'to', 0, 'email'));
      return { status: 202, headers: { 'x-message-id': `proof-${sent}` }, body: '' };
    };
  },
};
