import { Client } from 'pg';
import type { Config } from '#core/config.ts';
import { clientConfig } from '#core/database/target.ts';
import type { Log } from '#core/log.ts';
import type { Storage } from '../storage.ts';
import { DAYS } from './business/firm.ts';
import { readMarker, writeMarker, type Marker } from './marker.ts';
import { openStage } from './stage.ts';
import { Story } from './story.ts';

const DAY_MS = 86_400_000;

/** Tells how far it is, 0 to 1. */
export type Progress = (part: number) => void;

/**
 * Four months of a heating firm, lived through by the real engine on a virtual clock that ends now: leads come in, letters are
 * written and captured, people reply, opt out, buy. An attempt that was cut short begins anew.
 */
export async function seedDemo(config: Config, storage: Storage, log: Log, progress: Progress): Promise<Marker> {
  const marker = readMarker(config.home);
  if (marker.ready) return marker;
  writeMarker(config.home, marker);
  await empty(storage);
  // The story ends in the reader's present: the real clock on purpose.
  const end = new Date();
  const midnight = Math.floor(end.getTime() / DAY_MS) * DAY_MS;
  const stage = await openStage(config, storage, log, new Date(midnight - DAYS * DAY_MS));
  try {
    await new Story(stage).tell(end, marker, progress);
  } finally {
    await stage.close();
  }
  writeMarker(config.home, { ...marker, ready: true });
  return { ...marker, ready: true };
}

/** What an attempt before left behind, all tables at once: each by itself, with what refers to it, takes eight seconds. The database is the demo's alone. */
const EMPTY = `do $$ declare victims text; begin
  if not exists (select from companies) then return; end if;
  select string_agg(format('%I.%I', schemaname, tablename), ', ') into victims from pg_tables
    where schemaname = 'public' and tablename not in ('schema_migrations', 'steward_instance', 'instance_seats', 'backup_plan');
  execute 'truncate ' || victims;
end $$`;

async function empty(storage: Storage): Promise<void> {
  const client = new Client(clientConfig(storage.target, 'owner', 'steward demo'));
  await client.connect();
  try {
    await client.query(EMPTY);
  } finally {
    await client.end();
  }
}
