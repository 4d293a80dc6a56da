import { createHash } from 'node:crypto';
import { crc32, inflateRawSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Forbidden, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { createArchive, createExport, getExportOperation } from './operations.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.call(createLeadOperation, {
    name: '=HYPERLINK("http://evil","x")',
    email: 'formula@acme.test',
    phone: '+49 170 1234567',
    source: '@cmd',
    enrol: false,
  });
  await app.call(createLeadOperation, {
    name: 'Zoë "Zed" Müller; Ltd',
    email: 'zoe@acme.test',
    source: 'fair',
    notes: 'two\nlines',
    enrol: false,
  });
  const other = await app.aCompany('Other');
  await app.call(createLeadOperation, { name: 'Not ours', email: 'other@elsewhere.test', enrol: false }, { as: other.admin });
});
afterAll(() => app.close());

const headers = () => ({ authorization: 'Bearer operator-token-of-tests', 'x-steward-company': app.company.companyId });
const download = (file: string) => app.http.inject({ method: 'GET', url: file, headers: headers() });

test('a CSV holds every row, and no text that a spreadsheet would run', async () => {
  const made = await app.call(createExport, { what: 'leads', columns: ['name', 'email', 'phone', 'source', 'notes', 'opted_out'] });
  const answer = await download(made.file);
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(answer.headers['content-disposition']).toBe('attachment; filename="leads-2026-06-02.csv"');
  const rows: unknown = parse(answer.body, { bom: true });
  expect(rows).toEqual([
    ['Name', 'Email', 'Phone', 'Source', 'Notes', 'Opted out'],
    [`'=HYPERLINK("http://evil","x")`, 'formula@acme.test', `'+491701234567`, `'@cmd`, '', 'no'],
    ['Zoë "Zed" Müller; Ltd', 'zoe@acme.test', '', 'fair', 'two\nlines', 'no'],
  ]);
  expect(await app.call(getExportOperation, { exportId: made.id })).toMatchObject({ rowCount: 2, downloads: 1 });
});

test('Parquet holds numbers, yes and no, and moments as such; what is missing is null', async () => {
  const columns = ['name', 'email', 'phone', 'opted_out', 'created_at'];
  const made = await app.call(createExport, { what: 'people', format: 'parquet', columns });
  const answer = await download(made.file);
  expect(answer.headers['content-type']).toBe('application/vnd.apache.parquet');
  const bytes = new Uint8Array(answer.rawPayload);
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
  expect(rows).toEqual(
    expect.arrayContaining([
      { name: 'Zoë "Zed" Müller; Ltd', email: 'zoe@acme.test', phone: null, opted_out: false, created_at: app.clock.now() },
      expect.objectContaining({ name: '=HYPERLINK("http://evil","x")', phone: '+491701234567' }),
    ]),
  );
  expect(rows).toHaveLength(2);
});

test('JSON Lines hold values as they are; a condition chooses the rows', async () => {
  const made = await app.call(createExport, {
    what: 'people',
    format: 'jsonl',
    columns: ['email', 'name'],
    filter: { condition: { field: 'lead.source', is: 'fair' } },
  });
  expect((await download(made.file)).body).toBe('{"email":"zoe@acme.test","name":"Zoë \\"Zed\\" Müller; Ltd"}\n');
});

test('a workbook opens: its parts are whole and its cells are text', async () => {
  const made = await app.call(createExport, { what: 'people', format: 'xlsx', columns: ['name'] });
  const parts = unzip((await download(made.file)).rawPayload);
  expect([...parts.keys()]).toEqual([
    'xl/worksheets/sheet1.xml',
    'xl/workbook.xml',
    'xl/_rels/workbook.xml.rels',
    'xl/styles.xml',
    '_rels/.rels',
    '[Content_Types].xml',
  ]);
  expect(parts.get('xl/worksheets/sheet1.xml')?.toString()).toContain('<is><t xml:space="preserve">=HYPERLINK("http://evil","x")</t></is>');
});

test('the archive holds every row that the company owns with its hash, and no secret', async () => {
  const made = await app.call(createArchive, {});
  const parts = unzip((await download(made.file)).rawPayload);
  const manifest: { format: string; rows: number; files: { name: string; rows: number; bytes: number; sha256: string }[] } = JSON.parse(
    parts.get('manifest.json')?.toString() ?? '',
  );
  expect(manifest.format).toBe('steward-archive/1');
  for (const file of manifest.files) {
    const bytes = parts.get(file.name) ?? Buffer.alloc(0);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
    const lines = bytes.toString().split('\n').filter(Boolean);
    expect(lines).toHaveLength(file.rows);
    for (const line of lines) {
      const { row_sha256: hash, ...row }: { row_sha256: string } = JSON.parse(line);
      expect(createHash('sha256').update(JSON.stringify(row)).digest('hex')).toBe(hash);
    }
  }
  expect(manifest.files.find((file) => file.name === 'people.jsonl')?.rows).toBe(2);
  const everything = [...parts.values()].join('\n');
  expect(everything).not.toContain('other@elsewhere.test');
  for (const secret of ['$argon2id$', 'hashed_password', 'key_hash', 'sealed_credentials'])
    expect(everything.replaceAll(/"left_out": \{[^}]*\}/g, '')).not.toContain(secret);
});

test('a hundred thousand rows leave in order and all of them', { timeout: 120_000 }, async () => {
  const { companyId } = await app.aCompany('Large');
  await app.runtime.system.write((tx) =>
    tx.query(
      {
        name: '',
        text: `insert into people (id, company_id, full_name, created_at) select gen_random_uuid(), $1, 'P ' || n, timestamptz '2020-01-01' + n * interval '1 minute' from generate_series(1, 100000) n`,
      },
      [companyId],
    ),
  );
  const as = { kind: 'user', companyId, userId: newId(), role: 'manager' } as const;
  const made = await app.call(
    createExport,
    { what: 'people', format: 'jsonl', columns: ['name'] },
    { as: { ...as, userId: app.company.userId } },
  );
  const answer = await app.http.inject({ method: 'GET', url: made.file, headers: { ...headers(), 'x-steward-company': companyId } });
  const lines = answer.body.split('\n').filter(Boolean);
  expect(lines).toHaveLength(100_000);
  expect(lines[0]).toBe('{"name":"P 1"}');
  expect(lines[99_999]).toBe('{"name":"P 100000"}');
});

test('only managers export, only what there is, and only for a day', async () => {
  const as = { kind: 'user', companyId: app.company.companyId, userId: app.company.userId, role: 'user' } as const;
  await expect(app.call(createExport, { what: 'people' }, { as })).rejects.toThrow(Forbidden);
  await expect(app.call(createExport, { what: 'people', columns: ['hashed_password'] })).rejects.toThrow(InvalidInput);
  await expect(app.call(createExport, { what: 'organisations', filter: { q: 'x' } })).rejects.toThrow(InvalidInput);
  const made = await app.call(createExport, { what: 'consent' });
  expect((await app.http.inject({ method: 'GET', url: made.file })).statusCode).toBe(401);
  app.clock.advance({ hours: 25 });
  expect((await download(made.file)).statusCode).toBe(404);
  const audited = await app.runtime.system.read((tx) =>
    tx.query<{ operation: string }>(
      { name: '', text: `select operation from audit_log where company_id = $1 and operation like 'exports.%'` },
      [app.company.companyId],
    ),
  );
  const names = audited.map((row) => row.operation);
  expect(names.filter((name) => name === 'exports.create').length).toBeGreaterThanOrEqual(4);
  expect(names.filter((name) => name === 'exports.download').length).toBeGreaterThanOrEqual(4);
});

/** Reads by the central directory and checks each checksum. */
function unzip(file: Buffer): Map<string, Buffer> {
  const end = file.length - 22;
  expect(file.readUInt32LE(end)).toBe(0x0605_4b50);
  let at = file.readUInt32LE(end + 16);
  const parts = new Map<string, Buffer>();
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    expect(file.readUInt32LE(at)).toBe(0x0201_4b50);
    const [nameLength, extraLength] = [file.readUInt16LE(at + 28), file.readUInt16LE(at + 30)];
    const name = file.subarray(at + 46, at + 46 + nameLength).toString();
    const extra = at + 46 + nameLength;
    const big = extraLength > 0;
    const packed = big ? Number(file.readBigUInt64LE(extra + 12)) : file.readUInt32LE(at + 20);
    const offset = big ? Number(file.readBigUInt64LE(extra + 20)) : file.readUInt32LE(at + 42);
    const data = offset + 30 + file.readUInt16LE(offset + 26) + file.readUInt16LE(offset + 28);
    const bytes = inflateRawSync(file.subarray(data, data + packed));
    expect(crc32(bytes)).toBe(file.readUInt32LE(at + 16));
    parts.set(name, bytes);
    at = extra + extraLength;
  }
  return parts;
}
