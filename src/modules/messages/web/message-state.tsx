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

export function MessageState({ state }: { state: string }) {
  const [label, tone] = looks[state] ?? [state, 'neutral'];
  return <Status tone={tone}>{label}</Status>;
}
