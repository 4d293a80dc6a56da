import { createHash } from 'node:crypto';
import type { Stage } from './stage.ts';

/** Asks the demo's database past all operations: to see what happened, and for what no operation may do. */
export function query<Row extends object>(stage: Stage, text: string, values: readonly unknown[]): Promise<Row[]> {
  return stage.steward.runtime.system.write((tx) =>
    tx.query<Row>({ name: `demo.${createHash('sha1').update(text).digest('hex')}`, text }, values),
  );
}
