import { Status, type Tone } from '#web/kit/badge.tsx';

const looks: Record<string, [label: string, tone: Tone]> = {
  draft: ['Draft', 'neutral'],
  queued: ['Queued', 'accent'],
  captured: ['Captured', 'neutral'],
  sent: ['Sent', 'ok'],
  blocked: ['Blocked', 'warn'],
  refused: ['Refused', 'bad'],
  in_doubt: ['In doubt', 'bad'],
  received: ['Received', 'accent'],
};

export const messageStates = ['captured', 'queued', 'sent', 'blocked', 'refused', 'in_doubt', 'received'] as const;
export type MessageStateName = (typeof messageStates)[number];

export function messageStateLabel(state: string): string {
  return looks[state]?.[0] ?? state;
}

/** What the vendor told since it was sent says more than that it was. */
const since: Record<string, [label: string, tone: Tone]> = {
  deferred: ['Sent, waiting', 'warn'],
  delivered: ['Delivered', 'ok'],
  refused: ['Not delivered', 'bad'],
  bounced: ['Bounced', 'bad'],
  complained: ['Complaint', 'bad'],
};

export function MessageState({ state, delivery }: { state: string; delivery?: string | null }) {
  const [label, tone] = since[delivery ?? ''] ?? looks[state] ?? [state, 'neutral'];
  return <Status tone={tone}>{label}</Status>;
}
