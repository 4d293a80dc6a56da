import type { Asked, ProvenVendor, Said } from './vendor.ts';

/** A message stands in the list some moments after it was taken. Milliseconds at most; the connector looks three times within 4 s. */
const LISTED_AFTER_MS = 2_000;
const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
const PATH = `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
const FROM = '+14155550100';

interface Sms {
  readonly sid: string;
  readonly to: string;
  readonly body: string;
  readonly at: number;
  readonly visibleAt: number;
}

/** Twilio's messages: no key, and a list that holds what was taken. */
export const twilio: ProvenVendor = {
  connector: 'twilio',
  channel: 'sms',
  credentials: { account_sid: ACCOUNT, auth_token: 'token-of-the-proof', from: FROM },
  sends: ({ method, path }) => method === 'POST' && path === PATH,
  open(book) {
    const taken: Sms[] = [];
    const no = (status: number, message: string): Said => ({ status, body: { code: 20_404, message, status } });
    const shown = ({ sid, to, body, at }: Sms) => ({
      sid,
      to,
      from: FROM,
      body,
      account_sid: ACCOUNT,
      date_created: new Date(at).toUTCString().replace('GMT', '+0000'),
      direction: 'outbound-api',
      status: 'queued',
    });

    function create({ body }: Asked): Said {
      const form = new URLSearchParams(body);
      const at = book.now();
      const sms = {
        sid: `SM${(taken.length + 1).toString(16).padStart(32, '0')}`,
        to: form.get('To') ?? '',
        body: form.get('Body') ?? '',
        at,
        visibleAt: at + book.random() * LISTED_AFTER_MS,
      };
      taken.push(sms);
      book.deliver(sms.to);
      return { status: 201, body: shown(sms) };
    }

    function list(query: URLSearchParams): Said {
      const found = taken.filter(({ to, visibleAt }) => to === query.get('To') && visibleAt <= book.now());
      if (found.length > 0) book.found();
      return { status: 200, body: { messages: found.toReversed().map(shown), next_page_uri: null, page: 0, uri: PATH } };
    }

    return (asked) => {
      if (asked.path !== PATH) return no(404, 'The requested resource was not found');
      return asked.method === 'POST' ? create(asked) : list(asked.query);
    };
  },
};
