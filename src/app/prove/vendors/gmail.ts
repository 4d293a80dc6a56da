import { jsonOf, textAt, type Asked, type ProvenVendor, type Said } from './vendor.ts';

/** Gmail finds a mail by its Message-ID some moments after it took it. Milliseconds at most; the connector looks three times within 5.5 s. */
const FOUND_AFTER_MS = 3_000;
const ADDRESS = 'hello@gmail.test';

interface Mail {
  readonly id: string;
  readonly messageId: string;
  readonly visibleAt: number;
}

/** A Gmail mailbox behind Google's sign-in. Each refresh token is good once: the strictest of vendors. */
export const gmail: ProvenVendor = {
  connector: 'gmail',
  channel: 'email',
  credentials: { address: ADDRESS, client_id: 'client-of-the-proof', client_secret: 'secret-of-the-proof' },
  agree: (authorizeUrl) => ({ code: 'code-of-the-proof', state: new URL(authorizeUrl).searchParams.get('state') ?? '' }),
  sends: ({ method, path }) => method === 'POST' && path === '/gmail/v1/users/me/messages/send',
  open(book) {
    const mails = new Map<string, Mail>();
    let tokens = 0;
    const no = (status: number, message: string): Said => ({ status, body: { error: { code: status, message } } });

    function token(form: URLSearchParams): Said {
      const current = tokens === 0 ? 'code-of-the-proof' : `refresh-${tokens}`;
      const given = form.get('grant_type') === 'refresh_token' ? form.get('refresh_token') : form.get('code');
      if (given !== current)
        return { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } };
      tokens += 1;
      return {
        status: 200,
        body: {
          access_token: `access-${tokens}`,
          expires_in: 3_600,
          refresh_token: `refresh-${tokens}`,
          token_type: 'Bearer',
          scope: 'mail',
        },
      };
    }

    function send({ body }: Asked): Said {
      const raw = Buffer.from(textAt(jsonOf(body), 'raw'), 'base64url').toString();
      const messageId = /^Message-ID:\s*<([^>]+)>/im.exec(raw)?.[1] ?? '';
      const to = /^To:.*?<?([^\s<>,"]+@[^\s<>,"]+)>?\s*$/im.exec(raw)?.[1] ?? '';
      const id = `m${mails.size + 1}`;
      mails.set(id, { id, messageId, visibleAt: book.now() + book.random() * FOUND_AFTER_MS });
      book.deliver(to);
      return { status: 200, body: { id, threadId: id, labelIds: ['SENT'] } };
    }

    function search(query: URLSearchParams): Said {
      const wanted = /^rfc822msgid:(\S+)$/.exec(query.get('q') ?? '')?.[1];
      const found = [...mails.values()].filter(({ messageId, visibleAt }) => messageId === wanted && visibleAt <= book.now());
      if (found.length > 0) book.found();
      const list = found.length === 0 ? {} : { messages: found.map(({ id }) => ({ id, threadId: id })) };
      return { status: 200, body: { ...list, resultSizeEstimate: found.length } };
    }

    return (asked) => {
      const { method, path, headers, query, body } = asked;
      if (path === '/token') return token(new URLSearchParams(body));
      if (headers['authorization'] !== `Bearer access-${tokens}`) return no(401, 'Invalid Credentials');
      const at = path.replace('/gmail/v1/users/me', '');
      if (method === 'GET' && at === '/profile')
        return { status: 200, body: { emailAddress: ADDRESS, historyId: '1', messagesTotal: mails.size } };
      if (method === 'POST' && at === '/messages/send') return send(asked);
      if (method === 'GET' && at === '/messages') return search(query);
      // Nobody writes to this mailbox.
      if (method === 'GET' && at === '/history') return { status: 200, body: { historyId: '1' } };
      return no(404, 'Requested entity was not found.');
    };
  },
};
