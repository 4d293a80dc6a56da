import { expect, test } from 'vitest';
import { connectors } from '../../connectors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import { compileWire } from '#core/operation/wire.ts';
import { Secret } from '#core/secrets.ts';
import { contractsFolder, openContract } from '#testing/contract.ts';
import { aMail } from '#testing/email-contract.ts';
import { fakeVendor } from '#testing/fake-vendor.ts';
import { PROVEN } from './all.ts';
import type { ProvenVendor } from './vendor.ts';

if (contractsFolder() === undefined)
  process.stderr.write('SKIPPED: the contracts of the vendors of the proof, because STEWARD_CONTRACTS is not set\n');

/** The vendor of the proof behind a door that checks both sides against the published contract, and can be slammed. */
async function opened(vendor: ProvenVendor) {
  const contract = contractsFolder() === undefined ? null : openContract(vendor.connector);
  const delivered: string[] = [];
  const counts = { again: 0, found: 0 };
  const faults: string[] = [];
  let [now, lost] = [Date.now(), false];
  const answer = vendor.open({
    deliver: (to) => void delivered.push(to),
    again: () => void (counts.again += 1),
    found: () => void (counts.found += 1),
    now: () => now,
    random: () => 0,
  });
  const fake = await fakeVendor((request) => {
    const asked = {
      ...request,
      query: new URLSearchParams(request.query),
      headers: request.headers as Record<string, string>,
      body: request.rawBody,
    };
    const said = answer(asked);
    if (request.path !== '/token' && contract !== null) {
      faults.push(...contract.faults(request));
      const body = said.body === '' ? undefined : JSON.parse(JSON.stringify(said.body));
      faults.push(...contract.answerFaults(request.method, request.path, body, said.status));
    }
    return lost && vendor.sends(asked) ? 'cut' : said;
  });
  const connector = await connectors.load(vendor.connector);
  const credentials = connector.credentials.parse(compileWire(connector.credentials).in(vendor.credentials));
  const token = new Secret('access-1');
  const options: ConnectorOptions = {
    baseUrl: fake.url,
    ...(vendor.agree === undefined ? {} : { tokens: { current: async () => token, renew: async () => token } }),
  };
  if (vendor.agree !== undefined) {
    const code = vendor.agree(`${fake.url}/o/oauth2/v2/auth?state=abc`).code;
    await fetch(`${fake.url}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', code }) });
  }
  return {
    ...fake,
    delivered,
    counts,
    faults,
    email: connector.email?.(credentials, options),
    sms: connector.sms?.(credentials, options),
    lose: (from: boolean) => void (lost = from),
    later: (ms: number) => void (now += ms),
  };
}

const since = new Date(Date.now() - 1_000);
const text = { to: '+4915112000001', text: 'Your papers are ready.', statusUrl: null };

test.each(Object.values(PROVEN).map((vendor) => [vendor.connector, vendor] as const))(
  'what %s of the proof takes and answers fits its contract, and a lost answer is cleared up as far as that vendor can',
  async (name, vendor) => {
    const proven = await opened(vendor);
    const mail = aMail({ to: { name: 'Ann', address: 'ann@example.test' } });
    const send = () =>
      (vendor.channel === 'sms' ? proven.sms?.send(text) : proven.email?.send(mail)) ?? Promise.reject(new Error('sends nothing'));
    const asked = () => proven.sms?.find?.(text, since, new Set()) ?? proven.email?.find?.(mail.messageId) ?? Promise.resolve(null);
    const to = vendor.channel === 'sms' ? text.to : 'ann@example.test';
    const keyed = proven.email?.keyMs !== undefined;
    if (keyed && name !== 'hubspot') await send();
    else {
      proven.lose(true);
      await expect(send()).rejects.toMatchObject({ code: 'maybe_done' });
      proven.lose(false);
    }
    expect(proven.delivered).toEqual([to]);
    if (keyed) await send();
    const found = await asked();
    expect(proven.delivered).toEqual([to]);
    expect(proven.counts).toEqual({ again: keyed ? 1 : 0, found: found === null ? 0 : 1 });
    expect(found === null).toBe(keyed || name === 'sendgrid');
    expect(proven.faults).toEqual([]);
    await proven.close();
  },
);
