/** Topic of probes: a person asked for each, so that they need no launch, and each leaves by the sender that it is about. */
export const PROBE_TOPIC = 'deliverability_probe';

/** Finds the probe in a mailbox whatever became of its Message-ID on the way. */
export function probeSubject(probeId: string): string {
  return `Deliverability probe ${probeId.replaceAll('-', '')}`;
}

/** Id of the probe that a subject names; null: it names none. */
export function probeNamed(subject: string): string | null {
  const hex = /\bDeliverability probe ([\da-f]{32})\b/i.exec(subject)?.[1]?.toLowerCase();
  return hex === undefined ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
