import { isIP } from 'node:net';
import type { Ask } from '#core/net/dns.ts';
import { plainName } from '../dns/names.ts';
import { finding, notAsked, type Finding } from '../finding.ts';
import type { Patient } from '../patient.ts';
import { providerOf } from '../providers.ts';
import { addressesOf } from './spf.ts';

/** RFC 5321, 5.1, and RFC 7505: what people answer must find a server. */
export async function checkMx(ask: Ask, { replyDomain }: Patient): Promise<Finding> {
  const answer = await ask.mx(replyDomain);
  if (answer.kind === 'failed') return notAsked('mx', `${replyDomain}: ${answer.why}`);
  const records = answer.kind === 'found' ? answer.records : [];
  const found = records.map(({ priority, exchange }) => ({
    name: replyDomain,
    type: 'MX' as const,
    value: `${priority} ${exchange === '' ? '.' : exchange}`,
  }));
  const how = 'Publish the MX records that your mail provider shows, or have replies go to another address.';
  if (records.some(({ exchange }) => exchange === '' || exchange === '.'))
    return finding('mx', {
      state: 'bad',
      says: `${replyDomain} says that it takes no mail (null MX): nobody can answer you.`,
      fix: how,
      found,
    });
  if (records.length === 0) {
    const direct = (await addressesOf(ask, replyDomain)).length > 0;
    return finding('mx', {
      state: direct ? 'warn' : 'bad',
      says: direct
        ? `${replyDomain} names no mail server. Senders fall back on the machine of the website, where answers rarely arrive.`
        : `${replyDomain} has no mail server: answers and bounces come back to nobody, and many receivers refuse such senders.`,
      fix: how,
    });
  }
  const reached = await Promise.all(records.map(async ({ exchange }) => ({ exchange, ips: await addressesOf(ask, exchange) })));
  const lost = reached.filter(({ ips }) => ips.length === 0).map(({ exchange }) => exchange);
  if (lost.length > 0)
    return finding('mx', {
      state: lost.length === records.length ? 'bad' : 'warn',
      says: `No address is known for ${lost.join(', ')}.`,
      fix: 'Correct the MX records, or publish the missing address records.',
      found,
    });
  return finding('mx', { state: 'good', says: `Answers reach ${records.map(({ exchange }) => exchange).join(', ')}.`, found });
}

/** Of a server of one's own; a provider sees to its machines itself. */
export async function checkPtr(ask: Ask, { route }: Patient): Promise<Finding | null> {
  const server = route?.server;
  if (server === undefined || server.loopback || providerOf(route) !== null) return null;
  const ips = isIP(server.host) === 0 ? await addressesOf(ask, server.host) : [server.host];
  const named = await Promise.all(ips.map((ip) => confirmed(ask, ip)));
  const failed = named.find(({ why }) => why !== null);
  if (failed !== undefined) return notAsked('ptr', failed.why ?? '');
  if (ips.length === 0) return null;
  const found = named.flatMap(({ ip, names }) => names.map((value) => ({ name: ip, type: 'PTR' as const, value })));
  const bare = named.find(({ names }) => names.length === 0);
  if (bare !== undefined)
    return finding('ptr', {
      state: 'bad',
      says: `${bare.ip}, the address of ${server.host}, has no name. Gmail refuses mail from such machines.`,
      fix: `Have whoever rents out the machine set its reverse name to ${server.host}.`,
      found,
      publish: { name: bare.ip, type: 'PTR', value: server.host },
    });
  const loose = named.find(({ forward }) => !forward);
  if (loose !== undefined)
    return finding('ptr', {
      state: 'bad',
      says: `${loose.ip} is called ${loose.names.join(', ')}, but that name does not lead back to it.`,
      fix: 'Let name and address point at each other.',
      found,
      publish: { name: loose.names[0] ?? server.host, type: 'A', value: loose.ip },
    });
  return finding('ptr', {
    state: 'good',
    says: `${named.map(({ ip, names }) => `${ip} is ${names[0] ?? ''}`).join(', ')}, both ways.`,
    found,
  });
}

async function confirmed(ask: Ask, ip: string) {
  const answer = await ask.ptr(ip);
  const names = answer.kind === 'found' ? answer.records.map(plainName) : [];
  const back = await Promise.all(names.map((name) => addressesOf(ask, name)));
  return { ip, names, forward: back.some((ips) => ips.includes(ip)), why: answer.kind === 'failed' ? `${ip}: ${answer.why}` : null };
}

/** What costs nothing to know: BIMI and MTA-STS (RFC 8461). Neither keeps mail out of the inbox. */
export async function checkExtras(ask: Ask, { domain }: Patient): Promise<readonly Finding[]> {
  const [bimi, sts] = await Promise.all([ask.txt(`default._bimi.${domain}`), ask.txt(`_mta-sts.${domain}`)]);
  const logo = bimi.kind === 'found' ? bimi.records.filter((text) => /^v=BIMI1/i.test(text)) : [];
  const policy = sts.kind === 'found' ? sts.records.filter((text) => /^v=STSv1/i.test(text)) : [];
  const record = (name: string) => (value: string) => ({ name, type: 'TXT' as const, value });
  return [
    finding('bimi', {
      state: 'note',
      says:
        logo.length > 0 ? 'A logo is published.' : 'No logo is published. It needs p=quarantine or p=reject, and in Gmail a certificate.',
      found: logo.map(record(`default._bimi.${domain}`)),
    }),
    finding('mta_sts', {
      state: 'note',
      says:
        policy.length > 0
          ? 'A policy is published: mail to you is encrypted on its way.'
          : 'No policy is published. It protects mail to you, not mail from you.',
      found: policy.map(record(`_mta-sts.${domain}`)),
    }),
  ];
}
