import { z } from 'zod';
import { connector } from '#core/connector/connector.ts';
import { VendorRefused } from '#core/connector/errors.ts';
import type { Connectors } from '#core/connector/types.ts';
import { Conflict } from '#core/errors.ts';

/** Every so many addresses one does not exist any more, as anywhere. */
const GONE_EVERY = 41;
const gone = (address: string) => Number(/(\d+)@/.exec(address)?.[1] ?? -1) % GONE_EVERY === 11;

/** Takes mail and SMS as a service would, and keeps them here: it knows no network. */
const demo = connector({
  id: 'demo',
  title: 'Demo post',
  credentials: z.object({}),
  verify: () => Promise.resolve('nordlicht.example'),
  sender: () => ({ name: 'Nordlicht Heating', address: 'hello@nordlicht.example', loopback: true }),
  route: () => ({ spf: 'include:_spf.demo-post.example', selectors: ['post'] }),
  email: () => ({
    send({ to: { address } }) {
      if (gone(address))
        return Promise.reject(new VendorRefused(`The mail server refused the recipient: 550 5.1.1 <${address}>: no such mailbox`));
      return Promise.resolve({ externalId: null, response: '250 2.0.0 kept in the demo' });
    },
    close: () => Promise.resolve(),
  }),
  sms: () => ({ send: ({ to, text }) => Promise.resolve({ externalId: `${to} ${text.length}`, response: 'kept in the demo' }) }),
});

/** The demo knows no other vendor: whatever anybody does in it, nothing can leave. */
export const demoConnectors: Connectors = {
  ids: [demo.id],
  load(id) {
    if (id === demo.id) return Promise.resolve(demo);
    throw new Conflict(`This is the demo: it cannot reach ${id}, so nothing leaves. Start Steward without --demo to connect`);
  },
};
