import type { DatabaseTarget } from '#core/database/target.ts';
import { openFirestoreSource, openFirestoreTarget } from '#core/stores/firestore.ts';
import { openFirestore } from '#core/stores/firestore-rest.ts';
import { openJsonSource, openJsonTarget } from '#core/stores/json.ts';
import { moveStore } from '#core/stores/move.ts';
import { openPostgresSource } from '#core/stores/postgres.ts';
import { openPostgresTarget } from '#core/stores/postgres-target.ts';
import { openSqliteSource, openSqliteTarget } from '#core/stores/sqlite.ts';
import type { Source, Target } from '#core/stores/store.ts';

/** A database, the path of a file or directory, or the address of an emulator. */
export type StorePlace =
  | { readonly postgres: DatabaseTarget }
  | { readonly sqlite: string }
  | { readonly json: string }
  | { readonly firestore: string };

/** A process that moves a store and dies by its own hand in the middle: node stores-child.ts <order as JSON>. */
export interface StoresOrder {
  readonly from: StorePlace;
  readonly to: StorePlace;
  readonly resume: boolean;
  /** It is killed once so many rows of one table were written. */
  readonly dieAfter: number;
}

const ROOT = 'steward/main';
const firestoreAt = (baseUrl: string) => openFirestore({ project: 'demo', database: '(default)', baseUrl, tokens: null });

export function sourceAt(place: StorePlace): Promise<Source> {
  if ('postgres' in place) return openPostgresSource(place.postgres, { createdAt: '2026-06-02T08:00:00.000Z', from: 'test' });
  if ('firestore' in place) return openFirestoreSource(firestoreAt(place.firestore), ROOT);
  return 'sqlite' in place ? openSqliteSource(place.sqlite) : openJsonSource(place.json);
}

export function targetAt(place: StorePlace): Promise<Target> {
  if ('postgres' in place) return openPostgresTarget(place.postgres);
  if ('firestore' in place) return Promise.resolve(openFirestoreTarget(firestoreAt(place.firestore), ROOT));
  return 'sqlite' in place ? openSqliteTarget(place.sqlite) : openJsonTarget(place.json);
}

if (process.argv[1] === import.meta.filename) {
  const order: StoresOrder = JSON.parse(process.argv[2] ?? '{}');
  const progress = ({ step, rows }: { readonly step: string; readonly rows: number }) => {
    if (step === 'copied' && rows >= order.dieAfter) process.kill(process.pid, 'SIGKILL');
  };
  await moveStore(await sourceAt(order.from), await targetAt(order.to), { resume: order.resume, progress });
}
