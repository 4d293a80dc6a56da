import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Misconfigured } from '#core/errors.ts';

const Marker = z.object({ ready: z.boolean(), email: z.email(), password: z.string().min(10) });
export type Marker = z.output<typeof Marker>;

const place = (home: string) => join(home, 'demo.json');

/** What is known of the demo in this data directory. A new one gets a password of its own: the port may be open to others. */
export function readMarker(home: string): Marker {
  if (!existsSync(place(home)))
    return { ready: false, email: 'nora@nordlicht.example', password: `demo-${randomBytes(6).toString('base64url')}` };
  const read = Marker.safeParse(JSON.parse(readFileSync(place(home), 'utf8')));
  if (!read.success) throw new Misconfigured(`${place(home)} cannot be read; delete ${home} to begin the demo anew`);
  return read.data;
}

export function writeMarker(home: string, marker: Marker): void {
  writeFileSync(place(home), `${JSON.stringify(marker)}\n`, { mode: 0o600 });
}
