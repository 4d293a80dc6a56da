import { useEffect, useRef } from 'react';

type Handlers = Record<string, (event: KeyboardEvent) => void>;

const prefixes = new Set(['g']); // first keys of a pair: `g t` goes to Today
const waits = 900; // ms between the two keys
let pending: { key: string; at: number } | null = null;

/**
 * Keys that work anywhere outside a text field: `j`, `?`, `mod+k`, or two in a row: `g t`.
 * Nothing fires while a dialog is open, except `mod+…`.
 */
export function useKeys(handlers: Handlers, enabled = true): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const mod = event.ctrlKey || event.metaKey;
      if (!mod && (typing(event.target) || document.querySelector('[role=dialog],[role=menu]') !== null)) return;
      const key = mod ? `mod+${event.key.toLowerCase()}` : event.key;
      if (event.key === 'Enter' && acting(event.target)) return;
      const pair = pending !== null && event.timeStamp - pending.at < waits ? `${pending.key} ${key}` : null;
      const run = latest.current[pair ?? key];
      if (run === undefined) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [enabled]);
}

/** Remembers the first key of a pair. The shell listens with it, once; it takes effect after every handler of this event. */
export function rememberKey(event: KeyboardEvent): void {
  const first = !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target) && prefixes.has(event.key);
  const next = first ? { key: event.key, at: event.timeStamp } : null;
  setTimeout(() => {
    pending = next;
  }, 0);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** What Enter already presses or follows. */
function acting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a,button,summary,[role=option]') !== null;
}
