import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { newId } from '#core/ids.ts';
import { moveStore, type Moved } from '#core/stores/move.ts';
import type { StoredTable } from '#core/stores/store.ts';
import { sourceAt, targetAt, type StorePlace, type StoresOrder } from './stores-child.ts';

const CHILD = fileURLToPath(new URL('stores-child.ts', import.meta.url));

/** What an own way of writing things down would change: digits, order of keys, empty against null, microseconds, signs that COPY escapes. */
export function hardRows(company: string, people: number): string {
  const importId = newId();
  return `
  insert into companies (id, name, settings, created_at) values ('${company}', E'Tab\\tLine\\nSlash\\\\N \\u2028 "é" 𝄞', '{"bb": 1.50, "a": 12345678901234567890123, "c": {"": null, "z": [1, "x\\u0001\\n"]}, "10": 1e-7}', '2026-01-02 03:04:05.678901+00');
  insert into companies (id, name, industry, website, settings, created_at) values (gen_random_uuid(), '\\N', '', null, 'null', '0044-03-15 12:00:00+00 BC'), (gen_random_uuid(), ' ', null, '', '"text"', '2026-01-01 00:00:00+00');
  insert into alert_rules (company_id, kind, enabled, threshold, quiet_minutes) values ('${company}', 'a', true, 1e20, 1), ('${company}', 'b', false, 'Infinity', 1), ('${company}', 'c', false, 0.1, 1), ('${company}', 'd', true, 5e-324, 1), ('${company}', 'e', true, null, 1);
  insert into currency_rates (company_id, currency, day, rate) values ('${company}', 'EUR', '2026-02-28', 1.500000000000000000000000000001), ('${company}', 'USD', '2026-02-28', 1e40);
  insert into alert_recipients (id, company_id, email, kinds) values (gen_random_uuid(), '${company}', 'a@b.c', array['', 'null', 'NULL', 'a,b', '{}', E'q"\\\\', ' x ', E'\\t', 'plain']), (gen_random_uuid(), '${company}', 'd@b.c', array[null, 'x']::text[]);
  insert into imports (id, company_id, filename, size_bytes, encoding, delimiter, columns, mapping) values ('${importId}', '${company}', 'f.csv', 1, 'utf8', ',', '[]', '[]');
  insert into import_chunks (company_id, import_id, position, bytes) values ('${company}', '${importId}', 0, '\\x00ff0a5c4e'), ('${company}', '${importId}', 1, ''), ('${company}', '${importId}', 2, decode(repeat('00ff5c', 100000), 'hex'));
  insert into people (id, company_id, full_name, custom) select gen_random_uuid(), '${company}', 'Person ' || n, jsonb_build_object('n', n, 'x', repeat('y', n % 50)) from generate_series(1, ${people}) n;
  insert into leads (id, company_id, person_id) select gen_random_uuid(), company_id, id from people`;
}

export async function move(from: StorePlace, to: StorePlace, resume = false): Promise<Moved> {
  const source = await sourceAt(from);
  const target = await targetAt(to);
  try {
    return await moveStore(source, target, { resume });
  } finally {
    await source.close();
    await target.close();
  }
}

/** In a process of its own. Answers the signal that ended it. */
export async function moveInChild(order: StoresOrder): Promise<string | null> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'exit');
  return child.signalCode;
}

/** Rows and hash a table. Which installation it is differs in a copy, and is meant to. */
export const hashes = (tables: readonly StoredTable[]): Record<string, string> =>
  Object.fromEntries(
    tables
      .filter(({ name }) => !['steward_instance', 'instance_seats'].includes(name))
      .map(({ name, rows, hash }) => [name, `${rows} ${hash}`]),
  );
