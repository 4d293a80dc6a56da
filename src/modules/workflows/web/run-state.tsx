import { Status, type Tone } from '#web/kit/badge.tsx';

const looks: Record<string, [label: string, tone: Tone]> = {
  running: ['Running', 'accent'],
  waiting: ['Waiting', 'neutral'],
  paused: ['Paused', 'warn'],
  done: ['Done', 'ok'],
  failed: ['Failed', 'bad'],
  cancelled: ['Cancelled', 'neutral'],
};

export const runStates = ['running', 'waiting', 'paused', 'failed', 'done', 'cancelled'] as const;
export type RunStateName = (typeof runStates)[number];

export function runStateLabel(state: string): string {
  return looks[state]?.[0] ?? state;
}

export function RunState({ state }: { state: string }) {
  const [label, tone] = looks[state] ?? [state, 'neutral'];
  return <Status tone={tone}>{label}</Status>;
}
