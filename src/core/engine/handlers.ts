import type { Statement, Transaction } from '#core/database/database.ts';
import type { FailedEvent, OutboxEvent } from './outbox.ts';
import type { Parts } from './parts.ts';
import type { EventHandler } from './types.ts';

const SAVEPOINT: Statement = { name: 'engine.handler_savepoint', text: 'savepoint handler' };
const RELEASE: Statement = { name: 'engine.handler_release', text: 'release savepoint handler' };
const ROLLBACK: Statement = { name: 'engine.handler_rollback', text: 'rollback to savepoint handler' };

/** Calls the modules' handlers with the events they asked for. Answers the events that one of them could not take. */
export async function handle(parts: Parts, tx: Transaction, events: readonly OutboxEvent[]): Promise<FailedEvent[]> {
  const faults = new Map<OutboxEvent, string>();
  const done = new Map<OutboxEvent, string[]>();
  for (const [i, handler] of parts.registry.events.entries()) {
    const name = handler.name ?? `${handler.event}#${i}`;
    const mine = events.filter((event) => (handler.event === '*' || event.name === handler.event) && !event.handled.includes(name));
    if (mine.length === 0) continue;
    const failed = await attempt(parts, tx, handler, mine);
    for (const event of mine) {
      const fault = failed.get(event);
      if (fault === undefined) done.set(event, [...(done.get(event) ?? event.handled), name]);
      else faults.set(event, `${name}: ${fault}`);
    }
  }
  return [...faults].map(([event, error]) => {
    parts.log.warn({ event: event.name, id: event.id, attempts: event.attempts + 1, error }, 'a reaction to an event failed');
    return { event, handled: done.get(event) ?? event.handled, error };
  });
}

/** All at once; when that throws, halves until only the faulty events are left out. */
async function attempt(
  parts: Parts,
  tx: Transaction,
  handler: EventHandler,
  events: readonly OutboxEvent[],
): Promise<Map<OutboxEvent, string>> {
  await tx.query(SAVEPOINT, []);
  try {
    await handler.handle(tx, events, parts.runtime());
    await tx.query(RELEASE, []);
    return new Map();
  } catch (error) {
    await tx.query(ROLLBACK, []);
    await tx.query(RELEASE, []);
    const [first] = events;
    if (first !== undefined && events.length === 1) return new Map([[first, error instanceof Error ? error.message : String(error)]]);
    const middle = events.length >> 1;
    const left = await attempt(parts, tx, handler, events.slice(0, middle));
    return new Map([...left, ...(await attempt(parts, tx, handler, events.slice(middle)))]);
  }
}
