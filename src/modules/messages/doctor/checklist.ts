import { z } from 'zod';
import { STATES, type Check, type Finding, type State } from './finding.ts';

export const Requirement = z.object({
  says: z.string().describe('What Gmail, Yahoo and Outlook ask'),
  state: z.enum(STATES),
  why: z.string().nullable().describe('What stands against it'),
});
export type Requirement = z.output<typeof Requirement>;

/** What came back of its mail in seven days; null: nothing is counted for it. */
export interface Returned {
  readonly sent: number;
  readonly complained: number;
}

/**
 * What Gmail (support.google.com/a/answer/81126), Yahoo (senders.yahooinc.com/best-practices) and Outlook.com ask of those who send much. They count by domain
 * and forget slowly, so it is asked of every sender.
 */
export function checklist(findings: readonly Finding[], probed: readonly Finding[], returned: Returned | null): readonly Requirement[] {
  const of = (check: Check) => [...probed, ...findings].find((one) => one.check === check);
  const worst = (...checks: Check[]): Pick<Requirement, 'state' | 'why'> => {
    const all = checks.flatMap((check) => of(check) ?? []);
    if (all.length === 0) return { state: 'unknown', why: 'Send a probe to know' };
    const rank: readonly State[] = ['bad', 'unknown', 'warn', 'note', 'good'];
    const found = rank.flatMap((state) => all.find((one) => one.state === state) ?? [])[0];
    const state = found?.state === 'note' ? 'good' : (found?.state ?? 'unknown');
    return { state, why: state === 'good' ? null : (found?.says ?? null) };
  };
  const unless = (checks: Check[], probe: Check) => (of(probe) === undefined ? worst(...checks) : worst(probe));
  return [
    { says: 'SPF passes', ...unless(['spf'], 'probe_spf') },
    { says: 'Mail is signed with DKIM', ...unless(['dkim'], 'probe_dkim') },
    { says: 'The domain has a DMARC policy', ...worst('dmarc') },
    { says: 'SPF or DKIM speaks for the domain in From', ...worst('probe_dmarc') },
    ...(of('ptr') === undefined ? [] : [{ says: 'The server has a name that leads back to it', ...worst('ptr') }]),
    ...(of('tls') === undefined ? [] : [{ says: 'Mail travels encrypted', ...worst('tls') }]),
    { says: 'One click unsubscribes, and the headers are signed', ...worst('unsubscribe', 'probe_unsubscribe') },
    complaints(returned),
  ];
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

/** The numbers of the circuit breaker (senders/health.ts). */
function complaints(returned: Returned | null): Requirement {
  const says = 'Fewer than 0.1 % complain, and never 0.3 %';
  if (returned === null) return { says, state: 'unknown', why: 'Counted for senders only: add this address as one' };
  if (returned.sent === 0) return { says, state: 'good', why: null };
  const share = returned.complained / returned.sent;
  const why = `${returned.complained} of ${returned.sent} in seven days (${percent(share)})`;
  if (share >= 0.003) return { says, state: 'bad', why };
  return share >= 0.001 ? { says, state: 'warn', why } : { says, state: 'good', why: null };
}
