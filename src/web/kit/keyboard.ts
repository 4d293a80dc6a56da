import { useEffect, useRef } from 'react';

type Handlers = Record<string, (event: KeyboardEvent) => void>;

const prefixes = new Set(['g']); // first keys of a pair: `g t` goes to Today
const waits = 1_500; // ms between the two keys
let pending: { key: string; at: number } | null = null;
/** What the key under way means: `j`, `mod+k`, `g t`. Set before any handler sees the event. */
let combination = '';

function read(event: KeyboardEvent): void {
  const mod = event.ctrlKey || event.metaKey;
  const key = mod ? `mod+${event.key.toLowerCase()}` : event.key;
  combination = pending !== null && event.timeStamp - pending.at < waits ? `${pending.key} ${key}` : key;
  pending = !mod && !event.altKey && !typing(event.target) && prefixes.has(key) ? { key, at: event.timeStamp } : null;
}

/** Reads every key before the pages do; the shell calls it once. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', read, { capture: true });
    return () => window.removeEventListener('keydown', read, { capture: true });
  }, []);
}

/**
 * Keys that work anywhere outside a text field: `j`, `?`, `mod+k`, or two in a row: `g t`.
 * Nothing fires while a dialog is open, except `mod+…`.
 */
export function useKeys(handlers: Handlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const run = latest.current[combination];
      if (run === undefined) return;
      if (!combination.startsWith('mod+') && (typing(event.target) || document.querySelector('[role=dialog],[role=menu]') !== null)) return;
      if (event.key === 'Enter' && acting(event.target)) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

/** A box that is ticked takes no letters. */
const TICKED = new Set(['checkbox', 'radio', 'button', 'submit', 'file', 'range']);

function typing(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && TICKED.has(target.type)) return false;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** What Enter already presses or follows. */
function acting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a,button,summary,[role=option]') !== null;
}
