import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, call, type Input } from '#web/kit/api.ts';
import type { Definition } from './definition.ts';

export type Saving = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';

const PAUSE_MS = 700;

/** What goes over the wire. */
export const wire = (definition: Definition): Input<'workflows.create'>['definition'] => JSON.parse(JSON.stringify(definition));

/**
 * Keeps the draft on the server as it is here: a moment after each change, one save at a time. Whoever saved meanwhile is not
 * overwritten: that is a conflict, which a person settles.
 */
export function useDraft(workflowId: string, definition: Definition, saved: Definition, version: string | null, may: boolean) {
  const [state, setState] = useState<Saving>('saved');
  const [error, setError] = useState<ApiError | null>(null);
  const last = useRef<{ definition: Definition; version: string | null }>({ definition: saved, version });
  const busy = useRef<Promise<boolean> | null>(null);
  const wanted = useRef(definition);
  wanted.current = definition;

  const save = useCallback(
    async (force = false): Promise<boolean> => {
      while (busy.current !== null) await busy.current;
      const now = wanted.current;
      if (now === last.current.definition) {
        setState((old) => (old === 'conflict' ? old : 'saved'));
        return true;
      }
      setState('saving');
      const work = (async () => {
        try {
          const answer = await call(
            'workflows.save_draft',
            { workflow_id: workflowId, definition: wire(now) },
            last.current.version === null || force ? {} : { ifMatch: last.current.version },
          );
          last.current = { definition: now, version: answer.updated_at };
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
    },
    [workflowId],
  );

  useEffect(() => {
    if (!may || state === 'conflict') return;
    // Taken back to what the server has; not so while something else is on its way there.
    if (definition === last.current.definition && busy.current === null) {
      setState((old) => (old === 'waiting' ? 'saved' : old));
      return;
    }
    setState((old) => (old === 'saving' ? old : 'waiting'));
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
    // `state` is left out: a failed save is tried again with the next change, or by hand.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [definition, may, save]);

  // Whoever leaves the page right after a change does not lose it.
  useEffect(
    () => () => {
      if (may) void save();
    },
    [may, save],
  );

  /** The server's copy became this one by another way: published, or thrown away. */
  const settled = useCallback((as: Definition, at: string | null) => {
    last.current = { definition: as, version: at };
    setState('saved');
    setError(null);
  }, []);
  return { state, error, save, settled, version: () => last.current.version };
}
