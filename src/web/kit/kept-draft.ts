import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from './api.ts';

export type Saving = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';

const PAUSE_MS = 700;

interface Kept<Value> {
  /** As it is here now; another object whenever it changed. */
  readonly value: Value;
  /** As the server has it, and of when; null: it has none yet. */
  readonly saved: Value;
  readonly version: string | null;
  readonly may: boolean;
  /** Puts it there; with no version over whatever is there. */
  readonly put: (value: Value, ifMatch: string | null) => Promise<{ readonly updated_at: string | null }>;
}

/**
 * Keeps a draft on the server as it is here: a moment after each change, one save at a time. Whoever saved meanwhile is not
 * overwritten: that is a conflict, which a person settles.
 */
export function useKeptDraft<Value>({ value, saved, version, may, put }: Kept<Value>) {
  const [state, setState] = useState<Saving>('saved');
  const [error, setError] = useState<ApiError | null>(null);
  const last = useRef({ value: saved, version });
  const busy = useRef<Promise<boolean> | null>(null);
  const wanted = useRef(value);
  wanted.current = value;
  const latest = useRef(put);
  latest.current = put;

  const save = useCallback(async (force = false): Promise<boolean> => {
    while (busy.current !== null) await busy.current;
    const now = wanted.current;
    if (now === last.current.value) {
      setState((old) => (old === 'conflict' ? old : 'saved'));
      return true;
    }
    setState('saving');
    const work = (async () => {
      try {
        const answer = await latest.current(now, force ? null : last.current.version);
        last.current = { value: now, version: answer.updated_at };
        setError(null);
        setState(wanted.current === now ? 'saved' : 'waiting');
        return true;
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause;
        setError(cause);
        setState(cause.code === 'version_changed' || cause.status === 412 ? 'conflict' : 'failed');
        return false;
      } finally {
        busy.current = null;
      }
    })();
    busy.current = work;
    return work;
  }, []);

  useEffect(() => {
    if (!may || state === 'conflict') return;
    // Taken back to what the server has; not so while something else is on its way there.
    if (value === last.current.value && busy.current === null) {
      setState((old) => (old === 'waiting' ? 'saved' : old));
      return;
    }
    setState((old) => (old === 'saving' ? old : 'waiting'));
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
    // `state` is left out: a failed save is tried again with the next change, or by hand.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [value, may, save]);

  // Whoever leaves the page right after a change does not lose it.
  useEffect(
    () => () => {
      if (may) void save();
    },
    [may, save],
  );

  /** The server's copy became this one by another way: published, or thrown away. */
  const settled = useCallback((as: Value, at: string | null) => {
    last.current = { value: as, version: at };
    setState('saved');
    setError(null);
  }, []);
  /** Waits for a save that is on its way, so that nothing comes after a publishing. */
  const quiet = useCallback(async () => {
    if (busy.current !== null) await busy.current;
  }, []);
  return { state, error, save, settled, quiet, version: () => last.current.version };
}
