import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { CredentialsRejected } from '#core/connector/errors.ts';
import { mimeOf } from '#core/mail/whole.ts';
import { secret } from '#core/secrets.ts';
import { BASE_URL, client, Listed, Profile, Sent } from './api.ts';
import { locateInGmail } from './locate.ts';
import { watchGmail } from './watch.ts';

const Credentials = z.object({
  address: z.email().describe('The mailbox: mail goes out as this address, and its replies are read'),
  fromName: z.string().max(200).optional().describe('Sender name'),
  clientId: z.string().trim().min(10).describe('Client ID of your OAuth client at Google (type: web application)'),
  clientSecret: secret().describe('Client secret of the same OAuth client'),
});

/** Gmail finds a mail by its Message-ID some seconds after it took it. Milliseconds before each look. */
const LOOKS_MS = [0, 1_500, 4_000];

/**
 * A Gmail or Google Workspace mailbox: sends and reads by the API, signed in with OAuth. The Message-ID is ours, so a lost answer is looked up.
 * @see https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send
 * @see https://developers.google.com/identity/protocols/oauth2/web-server
 */
export default connector({
  id: 'gmail',
  title: 'Gmail',
  credentials: Credentials,
  baseUrl: () => BASE_URL,
  oauth: {
    // To send, and to read replies: Gmail has no narrower scope for a history.
    scopes: ['https://www.googleapis.com/auth/gmail.send', 'https://www.googleapis.com/auth/gmail.readonly'],
    endpoints: (baseUrl) =>
      baseUrl === undefined || baseUrl === BASE_URL
        ? { authorize: 'https://accounts.google.com/o/oauth2/v2/auth', token: 'https://oauth2.googleapis.com/token' }
        : { authorize: `${baseUrl}/o/oauth2/v2/auth`, token: `${baseUrl}/token` },
    client: ({ clientId, clientSecret }) => ({ id: clientId, secret: clientSecret }),
    // A refresh token comes only with offline, and a second one only with consent.
    parameters: ({ address }) => ({ access_type: 'offline', prompt: 'consent', include_granted_scopes: 'false', login_hint: address }),
  },
  async verify({ address }, options) {
    const { emailAddress } = await client(options).get('/gmail/v1/users/me/profile', {
      answer: Profile,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (emailAddress.toLowerCase() !== address.toLowerCase())
      throw new CredentialsRejected(
        `You signed in as ${emailAddress}, and the connection is for ${address}. Sign in again, or change the address`,
      );
    return emailAddress;
  },
  sender: ({ address, fromName }) => ({ name: fromName ?? null, address, loopback: false }),
  // What is signed as gmail.com is Google's own affair, and its selectors change.
  route: ({ address }) => ({ spf: 'include:_spf.google.com', selectors: /@g(oogle)?mail\.com$/i.test(address) ? [] : ['google'] }),
  mailbox: ({ address }) => ({ address, plusAddresses: true }),
  email(_credentials, options) {
    const http = client(options);
    const call = options.signal ? { signal: options.signal } : {};
    return {
      async send(mail) {
        const raw = (await mimeOf(mail)).toString('base64url');
        const { id } = await http.post('/gmail/v1/users/me/messages/send', { raw }, { answer: Sent, ...call });
        return { externalId: id, response: `accepted by Gmail as ${id}` };
      },
      async find(messageId) {
        const query = { q: `rfc822msgid:${messageId.replace(/^<|>$/g, '')}`, includeSpamTrash: true, maxResults: 1 };
        for (const wait of LOOKS_MS) {
          await pause(wait, undefined, call);
          const { messages } = await http.get('/gmail/v1/users/me/messages', { answer: Listed, query, ...call });
          const [found] = messages ?? [];
          if (found !== undefined) return { externalId: found.id };
        }
        return null;
      },
      close: () => Promise.resolve(),
    };
  },
  inboundEmail: (_credentials, options) => ({ watch: watchGmail(client(options)), locate: locateInGmail(client(options)) }),
});
