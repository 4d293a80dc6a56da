/**
 * One read for everybody who asks while the read before is under way. What somebody gets was read after they had asked, so it is never older than
 * a read of their own would be: a busy address costs a few reads a second, not one a visitor. Undefined: the read knows nothing of the key.
 */
export function shareReads<Key, Value>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let waiting: { readonly keys: Set<Key>; readonly found: Promise<ReadonlyMap<Key, Value>> } | null = null;
  let before: Promise<unknown> = Promise.resolve();
  const gather = () => {
    const keys = new Set<Key>();
    const found = before.then(() => {
      waiting = null; // who asks from here on asks for the next
      return read([...keys]);
    });
    before = found.catch(() => undefined);
    return { keys, found };
  };
  return async (key) => {
    const mine = (waiting ??= gather());
    mine.keys.add(key);
    return (await mine.found).get(key);
  };
}
