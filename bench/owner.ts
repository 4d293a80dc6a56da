import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** Process id of the PostgreSQL that serves a home. */
export async function postmasterOf(home: string): Promise<number> {
  const { directory }: { directory: string } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8'));
  return Number((await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** A connection as the owner of the tables to the embedded database of a home, past row-level security. */
export async function ownerOf(home: string): Promise<pg.Client> {
  const { directory }: { directory: string } = JSON.parse(await readFile(join(home, 'cluster.json'), 'utf8'));
  const lines = (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n'); // line 4 is the port, 5 the socket directory
  const client = new pg.Client({ host: lines[4] ?? '', port: Number(lines[3]), database: 'steward', user: 'steward_owner' });
  await client.connect();
  return client;
}
