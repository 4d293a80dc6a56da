import { checkDkim } from './checks/dkim.ts';
import { checkDmarc } from './checks/dmarc.ts';
import { checkExtras, checkMx, checkPtr } from './checks/server.ts';
import { checkSpf } from './checks/spf.ts';
import { checkTls } from './checks/tls.ts';
import { checkUnsubscribe } from './checks/unsubscribe.ts';
import type { Ask } from '#core/net/dns.ts';
import type { Finding } from './finding.ts';
import type { Patient } from './patient.ts';

/** All that can be known without sending anything, in the order in which it is shown. */
export async function examine(ask: Ask, patient: Patient, now: Date): Promise<readonly Finding[]> {
  const [spf, dkim, dmarc, mx, ptr, tls, extras] = await Promise.all([
    checkSpf(ask, patient),
    checkDkim(ask, patient),
    checkDmarc(ask, patient),
    checkMx(ask, patient),
    checkPtr(ask, patient),
    checkTls(ask, patient, now),
    checkExtras(ask, patient),
  ]);
  return [spf, dkim, ...dmarc, mx, ptr, tls, checkUnsubscribe(patient), ...extras].filter((one) => one !== null);
}
