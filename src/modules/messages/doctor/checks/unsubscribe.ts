import { finding, type Finding } from '../finding.ts';
import type { Patient } from '../patient.ts';

/** RFC 8058: every commercial mail of ours has both headers; the address in them must be https, and reachable. */
export function checkUnsubscribe({ publicUrl, loopback }: Patient): Finding {
  if (publicUrl === null && loopback)
    return finding('unsubscribe', { state: 'note', says: 'Mail stays on this machine, and its unsubscribe links lead here.' });
  if (publicUrl === null)
    return finding('unsubscribe', {
      state: 'bad',
      says: 'This installation has no public address, so the unsubscribe button of Gmail and Yahoo leads nowhere.',
      fix: 'Set STEWARD_PUBLIC_URL to the https address that people outside reach.',
    });
  if (!publicUrl.startsWith('https://'))
    return finding('unsubscribe', {
      state: 'bad',
      says: `The unsubscribe address begins with ${publicUrl}. Gmail and Yahoo take https alone.`,
      fix: 'Put Steward behind https, and set STEWARD_PUBLIC_URL.',
    });
  return finding('unsubscribe', { state: 'good', says: 'Every commercial mail has both headers, and one POST unsubscribes.' });
}
