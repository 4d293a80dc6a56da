import type { Config } from '#core/config.ts';
import type { Log } from '#core/log.ts';
import type { Storage } from '../storage.ts';
import { readMarker, type Marker } from './marker.ts';

/** The demo's company, made on the first start: it takes a minute or two and says how far it is. */
export async function openDemo(config: Config, storage: Storage, log: Log): Promise<Marker> {
  const marker = readMarker(config.home);
  if (marker.ready) return marker;
  process.stdout.write('Making the demo company: four months of a heating firm.\n');
  const { seedDemo } = await import('./seed.ts');
  let said = 0;
  return seedDemo(config, storage, log, (part) => {
    const tenth = Math.floor(part * 10);
    if (tenth > said) process.stdout.write(`  ${(said = tenth) * 10} %\n`);
  });
}
