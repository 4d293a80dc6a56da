import { z } from 'zod';
import { openReceiver } from './mail-receiver.ts';
import { mulberry32 } from './random.ts';
import type { Receiver } from './receiver.ts';
import { openVendor } from './vendors/receiver.ts';
import type { ProvenVendor } from './vendors/vendor.ts';
import type { Asking, Victim } from './victim.ts';

/** A way for messages to leave, and who takes them there. */
export interface Outlet {
  readonly name: string;
  readonly channel: 'email' | 'sms';
  readonly receiver: Receiver;
  readonly environment: Readonly<Record<string, string>>;
  /** Do people of the CSV go into the built-in sequence? */
  readonly enrol: boolean;
  /** In which company. */
  asking(): Asking;
  person(index: number): { readonly email: string; readonly phone: string };
  prepare(victim: Victim): Promise<void>;
}

const ENVIRONMENT = {
  FROM_NAME: 'Steward',
  POSTAL_ADDRESS: '1 Proof Street, Springfield',
  SENDING: 'launched',
  SENDING_HOURS: 'always',
};

/** A second in front, twice, so that timed wake-ups are among what is interrupted. */
const WAITS = [1, 2].map((place) => ({ id: `wait_${place}`, title: 'A second', type: 'wait', input: { for: { seconds: 1 } } }));

/** The first company writes its built-in sequence by SMTP. */
export async function smtpOutlet(seed: number): Promise<Outlet> {
  const slowness = mulberry32(seed ^ 0x5eed);
  const receiver = await openReceiver(() => 20 + slowness() * 60);
  return {
    name: 'smtp',
    channel: 'email',
    receiver,
    environment: { ...ENVIRONMENT, SMTP_URL: receiver.url, FROM_EMAIL: 'hello@steward.test' },
    enrol: true,
    asking: () => ({}),
    person: (index) => ({ email: `person-${index}@example.test`, phone: '' }),
    async prepare(victim) {
      const { items } = Workflows.parse(await victim.ask('/api/workflows'));
      const path = `/api/workflows/${items.find(({ name }) => name === 'lead-nurturing')?.id ?? ''}`;
      const { definition } = Workflow.parse(await victim.ask(path));
      const steps = [...WAITS, ...definition.steps];
      await victim.ask(path, { definition: { ...definition, steps } }, { method: 'PUT' });
    },
  };
}

const PASSWORD = 'prove-kill-proves-kills';

/** A company of its own for each vendor, so that all are proven by the same kills. What it writes is transactional: any vendor takes that. */
export async function vendorOutlet(vendor: ProvenVendor, seed: number): Promise<Outlet> {
  const { connector, channel } = vendor;
  const receiver = await openVendor(vendor, mulberry32(seed ^ connector.length ^ (connector.charCodeAt(0) << 8)));
  let company = '';
  const boss = `boss@${connector}.test`;

  async function signIn(victim: Victim, connectionId: string): Promise<void> {
    if (vendor.agree === undefined) return;
    const given = Token.parse(await victim.ask('/token', { username: boss, password: PASSWORD }));
    const asking = { token: given.access_token };
    const begun = Begun.parse(await victim.ask(`/api/connections/${connectionId}/authorize`, {}, asking));
    await victim.ask('/api/connections/authorized', vendor.agree(begun.url), asking);
  }

  return {
    name: connector,
    channel,
    receiver,
    environment: ENVIRONMENT,
    enrol: false,
    asking: () => ({ company }),
    person: (index) => ({ email: `${connector}-${index}@example.test`, phone: channel === 'sms' ? `+491511${2_000_000 + index}` : '' }),
    async prepare(victim) {
      const admin = { admin_email: boss, admin_password: PASSWORD, admin_full_name: 'The boss' };
      company = Made.parse(await victim.ask('/api/companies', { name: `Proof of ${connector}`, ...admin })).id;
      const connection = Made.parse(
        await victim.ask(
          '/api/connections',
          // Its own rate limit is not what is proven here.
          { connector, credentials: vendor.credentials, base_url: receiver.url, limit: { requests: 1_000, seconds: 1 } },
          { company },
        ),
      );
      await signIn(victim, connection.id);
      const definition = {
        name: 'prove',
        title: `One ${channel} by ${connector}`,
        subject: 'lead',
        triggers: [{ on: 'event', event: 'lead.created' }],
        settings: {},
        steps: [
          ...WAITS,
          {
            id: 'send',
            title: 'Send',
            type: 'message',
            input: {
              channel,
              class: 'transactional',
              subject: 'Your papers',
              text: 'Good day {{ person.name }}, your papers are ready.',
            },
          },
          { id: 'end', title: 'End', type: 'end', input: { outcome: 'sent' } },
        ],
      };
      await victim.ask('/api/workflows', { definition, active: true }, { company });
    },
  };
}

const Made = z.object({ id: z.string() });
const Token = z.object({ access_token: z.string() });
const Begun = z.object({ url: z.string() });
const Workflows = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
const Workflow = z.object({ definition: z.looseObject({ steps: z.array(z.json()) }) });
