import { useRef, useState } from 'react';
import { toast } from './toast.ts';
import { ApiError } from './api.ts';

/** Changes by others that one change of ours outlives. */
const MOST_REFUSED = 5;

/**
 * Writes some fields of a row against the version on the screen (`shown`). Others may change the rest of it meanwhile (a note, its score, what a
 * run writes): the change stands then, as long as `same` finds in the row as it is now what the person saw of these fields.
 * @throws ApiError when the server refuses it, or when these very fields are others now
 */
export async function saveFields<Row extends { updated_at: string }, Saved>(
  shown: string,
  write: (version: string) => Promise<Saved>,
  read: () => Promise<Row>,
  same: (now: Row) => boolean,
): Promise<Saved> {
  let version = shown;
  for (let refused = 0; ; refused += 1) {
    try {
      return await write(version);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412 || refused === MOST_REFUSED) throw error;
      // From the server itself: what the page last read may be older than the version that was refused.
      const now = await read();
      if (!same(now)) throw error;
      version = now.updated_at;
    }
  }
}

interface Row {
  id: string;
  updated_at: string;
}

/** What a choice is made on: the value that was on the screen, and the version that has it. */
export interface Before<Value> {
  value: Value;
  updated_at: string;
}

/**
 * A choice that is saved as it is made. The last one counts, however soon it follows the one before, and it stays on the screen until
 * the row is read in its new version. What was refused is said, and the stored value comes back.
 */
export function useSavedChoice<Value extends string>(
  row: Row,
  stored: Value,
  /** Answers the row in its new version. */
  save: (value: Value, before: Before<Value>) => Promise<Row>,
): readonly [shown: Value, choose: (value: Value) => void] {
  const [chosen, setChosen] = useState<Value | null>(null);
  const [saved, setSaved] = useState<(Row & Before<Value>) | null>(null);
  const next = useRef<Value | null>(null);
  // Known at once: a second choice may come before the first one is drawn.
  const saving = useRef(false);
  // What was saved last is newer than the row for as long as that is read again.
  const known = saved !== null && saved.id === row.id && saved.updated_at > row.updated_at ? saved : { ...row, value: stored };
  const work = async () => {
    saving.current = true;
    let before: Before<Value> = known;
    try {
      while (next.current !== null) {
        const value = next.current;
        next.current = null;
        if (value === before.value) continue;
        const { id, updated_at } = await save(value, before);
        before = { value, updated_at };
        setSaved({ id, ...before });
      }
    } catch (error) {
      next.current = null;
      toast.error(error instanceof Error ? error.message : 'It could not be saved.');
    } finally {
      saving.current = false;
      setChosen(null);
    }
  };
  const choose = (value: Value) => {
    next.current = value;
    setChosen(value);
    if (!saving.current) void work();
  };
  return [chosen ?? known.value, choose];
}
