import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, call } from '#web/kit/api.ts';
import { changesOf, type Content } from './content.ts';

export type Saving = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';

const PAUSE_MS = 700;

/**
 * Keeps the draft on the server as it is here: a moment after each change, one save at a time. Whoever saved meanwhile is not
 * overwritten: that is a conflict, which a person settles.
 */
export function useDraft(key: string, content: Content, version: string | null, may: boolean) {
  const [state, setState] = useState<Saving>('saved');
  const [error, setError] = useState<ApiError | null>(null);
  const last = useRef({ content, version });
  const busy = useRef<Promise<void> | null>(null);
  const wanted = useRef(content);
  wanted.current = content;

  const save = useCallback(
    async (force = false): Promise<void> => {
      while (busy.current !== null) await busy.current;
      const now = wanted.current;
      if (now === last.current.content) {
        setState((old) => (old === 'conflict' ? old : 'saved'));
        return;
      }
      setState('saving');
      const work = (async () => {
        try {
          const known = last.current.version;
          const answer = await call(
            'templates.save_draft',
            { key, content: changesOf(now) },
            known === null || force ? {} : { ifMatch: known },
          );
          last.current = { content: now, version: answer.updated_at };
          setError(null);
          setState(wanted.current === now ? 'saved' : 'waiting');
        } catch (cause) {
          if (!(cause instanceof ApiError)) throw cause;
          setError(cause);
          setState(cause.code === 'version_changed' ? 'conflict' : 'failed');
        } finally {
          busy.current = null;
        }
      })();
      busy.current = work;
      return work;
    },
    [key],
  );

  useEffect(() => {
    if (!may || state === 'conflict') return;
    // Taken back to what the server has; not so while something else is on its way there.
    if (content === last.current.content && busy.current === null) {
      setState((old) => (old === 'waiting' ? 'saved' : old));
      return;
    }
    setState((old) => (old === 'saving' ? old : 'waiting'));
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
    // `state` is left out: a failed save is tried again with the next change, or by hand.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [content, may, save]);

  // Whoever leaves the page right after a change does not lose it.
  useEffect(
    () => () => {
      if (may) void save();
    },
    [may, save],
  );

  /** The server's copy became this one by another way: published, or thrown away. */
  const settled = useCallback((as: Content, at: string | null) => {
    last.current = { content: as, version: at };
    setState('saved');
    setError(null);
  }, []);
  /** Waits for a save that is on its way, so that nothing comes after a publishing. */
  const quiet = useCallback(async () => {
    if (busy.current !== null) await busy.current;
  }, []);
  return { state, error, save, settled, quiet };
}
