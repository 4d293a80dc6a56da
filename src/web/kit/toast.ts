import type { ExternalToast } from 'sonner';

/** What sonner shows, told through here: its code comes with the first word that is to be shown. */
type Kind = 'message' | 'success' | 'error' | 'warning' | 'info';
interface Said {
  readonly kind: Kind;
  readonly text: string;
  readonly options: ExternalToast | undefined;
}

const waiting: Said[] = [];
let show: ((said: Said) => void) | null = null;
let wanted: (() => void) | null = null;

function say(kind: Kind, text: string, options: ExternalToast | undefined): void {
  const said = { kind, text, options };
  if (show !== null) return show(said);
  waiting.push(said);
  wanted?.();
}

/** A word in the corner, said by screen readers too. */
export const toast = Object.assign((text: string, options?: ExternalToast) => say('message', text, options), {
  success: (text: string, options?: ExternalToast) => say('success', text, options),
  error: (text: string, options?: ExternalToast) => say('error', text, options),
  warning: (text: string, options?: ExternalToast) => say('warning', text, options),
  info: (text: string, options?: ExternalToast) => say('info', text, options),
});

/** For the corner itself (toasts.tsx): told once, when there is something to show. */
export function whenSomethingIsSaid(tell: () => void): () => void {
  wanted = tell;
  if (waiting.length > 0) tell();
  return () => {
    wanted = null;
  };
}

/** The corner is there: what waited is shown, and what comes next at once. */
export function showBy(by: ((said: Said) => void) | null): void {
  show = by;
  if (by !== null) for (const said of waiting.splice(0)) by(said);
}
