import { z } from 'zod';

/** good: nothing to do. note: worth knowing. warn: it costs some deliveries. bad: mail is refused or lands in Junk. unknown: it could not be asked. */
export const STATES = ['good', 'note', 'warn', 'bad', 'unknown'] as const;
export type State = (typeof STATES)[number];

export const CHECKS = [
  'spf',
  'dkim',
  'dmarc',
  'dmarc_reports',
  'mx',
  'ptr',
  'tls',
  'unsubscribe',
  'bimi',
  'mta_sts',
  'probe_arrival',
  'probe_spf',
  'probe_dkim',
  'probe_dmarc',
  'probe_unsubscribe',
  'probe_receiver',
] as const;
export type Check = (typeof CHECKS)[number];

export const DnsRecord = z.object({
  name: z.string().describe('Whole name'),
  type: z.enum(['TXT', 'MX', 'A', 'PTR', 'CNAME']),
  value: z.string(),
});
export type DnsRecord = z.output<typeof DnsRecord>;

export const Finding = z.object({
  check: z.enum(CHECKS),
  state: z.enum(STATES),
  title: z.string().describe('What was looked at'),
  says: z.string().describe('What is so, in words'),
  fix: z.string().nullable().describe('The next step; null: none is needed'),
  found: z.array(DnsRecord).describe('Records that were found'),
  publish: DnsRecord.nullable().describe('The record to publish, whole'),
});
export type Finding = z.output<typeof Finding>;

export const TITLES: Readonly<Record<Check, string>> = {
  spf: 'SPF: who may send',
  dkim: 'DKIM: the key of the signature',
  dmarc: 'DMARC: the policy',
  dmarc_reports: 'DMARC: where reports go',
  mx: 'MX: answers arrive',
  ptr: 'Reverse name of the server',
  tls: 'Encryption of the server',
  unsubscribe: 'One-click unsubscribe',
  bimi: 'BIMI: a logo beside the mail',
  mta_sts: 'MTA-STS: encryption on the way in',
  probe_arrival: 'It arrived',
  probe_spf: 'SPF of the mail',
  probe_dkim: 'Signature of the mail',
  probe_dmarc: 'DMARC of the mail',
  probe_unsubscribe: 'Signed unsubscribe headers',
  probe_receiver: 'What the receiver says',
};

interface Said {
  readonly state: State;
  readonly says: string;
  readonly fix?: string | null;
  readonly found?: readonly DnsRecord[];
  readonly publish?: DnsRecord | null;
}

export function finding(check: Check, { state, says, fix, found, publish }: Said): Finding {
  return { check, state, title: TITLES[check], says, fix: fix ?? null, found: [...(found ?? [])], publish: publish ?? null };
}

/** Nobody may conclude from it that something is missing. */
export function notAsked(check: Check, why: string): Finding {
  return finding(check, {
    state: 'unknown',
    says: `It could not be asked: ${why}. Nothing is known to be wrong.`,
    fix: 'Check again later.',
  });
}

export const txt = (name: string, value: string): DnsRecord => ({ name, type: 'TXT', value });

export const VERDICTS = ['good', 'warn', 'bad', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The worst of them; what could not be asked weighs less than what is known to be wrong. */
export function verdictOf(findings: readonly Pick<Finding, 'state'>[]): Verdict {
  for (const state of ['bad', 'warn', 'unknown'] as const) if (findings.some((one) => one.state === state)) return state;
  return 'good';
}
