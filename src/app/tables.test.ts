import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snake } from '#core/operation/wire.ts';
import { queryAs, testDatabase, type TestDatabase } from '#testing/database.ts';

const MODULES = join(import.meta.dirname, '../modules');
const files = readdirSync(MODULES, { recursive: true, encoding: 'utf8' }).filter((path) => /(^|[\\/])tables\.ts$/.test(path));

interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly filled: boolean;
}

let database: TestDatabase;
let stored: ReadonlyMap<string, readonly (Column & { readonly table: string })[]>;

beforeAll(async () => {
  database = await testDatabase();
  const rows = await queryAs<Column & { table: string }>(
    database.target,
    'owner',
    `select c.relname as "table", a.attname as name, format_type(a.atttypid, null) as type, a.attnotnull as required, a.atthasdef as filled
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  );
  stored = Map.groupBy(rows, (row) => row.table);
});
afterAll(() => database.drop());

describe.each(files)('%s says what the migrations made', async (path) => {
  const exported: Record<string, unknown> = await import(join(MODULES, path));
  const tables = Object.values(exported).filter((value) => is(value, PgTable));

  test.each(tables.map((table) => [getTableConfig(table).name, table] as const))('%s', (name, table) => {
    const real = new Map((stored.get(name) ?? []).map((column) => [column.name, column]));
    expect(real.size).toBeGreaterThan(0);
    const said = getTableConfig(table).columns.map((column) => ({
      name: snake(column.name),
      type: column.getSQLType().replace(/\(\d+\)/, ''),
      required: column.notNull,
    }));
    for (const column of said) {
      const found = real.get(column.name);
      expect({ table: name, ...column }).toEqual({ table: name, name: found?.name, type: found?.type, required: found?.required });
    }
    const unsaid = [...real.values()].filter(
      (column) => column.required && !column.filled && !said.some(({ name: known }) => known === column.name),
    );
    expect(unsaid.map((column) => column.name)).toEqual([]);
  });
});
