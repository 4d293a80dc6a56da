import { jsonOf, textAt, type ProvenVendor } from './vendor.ts';

/** HubSpot's single-send sends one mail for a sendId, and says so the second time. */
export const hubspot: ProvenVendor = {
  connector: 'hubspot',
  channel: 'email',
  credentials: { access_token: 'pat-of-the-proof-1', email_id: 4711, from_email: 'hello@hubspot.test' },
  sends: ({ method, path }) => method === 'POST' && path === '/marketing/v3/transactional/single-email/send',
  open(book) {
    const known = new Map<string, string>();
    return ({ method, path, body }) => {
      if (method !== 'POST' || path !== '/marketing/v3/transactional/single-email/send')
        return {
          status: 404,
          body: { status: 'error', message: `${method} ${path} is not known here`, correlationId: 'x', category: 'OBJECT_NOT_FOUND' },
        };
      const message = jsonOf(body)['message'];
      const sendId = textAt(message, 'sendId');
      const before = known.get(sendId);
      if (before !== undefined) {
        book.again();
        return { status: 200, body: { statusId: before, status: 'COMPLETE', sendResult: 'IDEMPOTENT_IGNORE' } };
      }
      const statusId = `proof-${known.size + 1}`;
      known.set(sendId, statusId);
      book.deliver(textAt(message, 'to'));
      return { status: 200, body: { statusId, status: 'PENDING', sendResult: 'SENT', requestedAt: new Date(book.now()).toISOString() } };
    };
  },
};
