import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { FIRST, predictStretch, servingModel, train } from './train.ts';

/** In real time. */
const LOOK_MS = 300_000;

/** Companies where a lead converted, and nothing was learned for a day. */
const DUE: Statement = {
  name: 'prediction.due',
  text: `select c.id from companies c where exists (select from leads l where l.company_id = c.id and l.status = 'converted')
            and not exists (select from conversion_models m where m.company_id = c.id and m.trained_at > $1::timestamptz - interval '1 day') limit 20`,
};

/** Learns where a day has passed, and says anew of every open lead how likely it converts. Answers of how many companies. */
export async function tendPredictions(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  const now = runtime.clock.now();
  const due = await runtime.system.read((tx) => tx.query<{ id: string }>(DUE, [now]));
  for (const { id } of due) {
    await runtime.database.write(id, (tx) => train(tx, id, now));
    const serving = await runtime.database.read(id, (tx) => servingModel(tx, id));
    if (serving === undefined) continue;
    let after: string | null = FIRST;
    while (after !== null && going()) {
      const from: string = after;
      after = await runtime.database.write<string | null>(id, (tx) => predictStretch(tx, id, serving, now, from));
    }
  }
  return due.length;
}

/** The worker's share. */
export function startPredicting(runtime: Runtime): Stop {
  return nowAndThen({
    log: runtime.log,
    everyMs: LOOK_MS,
    what: 'bring predictions up to date',
    round: (going) => tendPredictions(runtime, going),
  });
}
