import type { Ask } from '#core/net/dns.ts';
import type { Runtime } from '#core/runtime.ts';
import { openAsk } from './dns/ask.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import { patientOf, type Learnt, type SendingAddress } from './patients.ts';

/** Name servers of the configuration; empty: those of the machine. */
export function askOf(runtime: Runtime): Ask {
  if (runtime.names !== null) return runtime.names;
  return openAsk((runtime.config.STEWARD_DNS_SERVERS ?? '').split(',').flatMap((server) => server.trim() || []));
}

/** Examines one address, outside of any transaction. */
export async function lookAt(runtime: Runtime, address: SendingAddress, known: Learnt): Promise<readonly Finding[]> {
  return examine(askOf(runtime), await patientOf(runtime, address, known), runtime.clock.now());
}
