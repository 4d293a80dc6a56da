import { afterEach, expect, test } from 'vitest';
import { CredentialsRejected, VendorRefused } from '#core/connector/errors.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { SourcePort, SourceRecord } from '#core/ports/source.ts';
import { Secret } from '#core/secrets.ts';
import { actionContract, withBody, withQuery } from '#testing/action-contract.ts';
import { contractsFolder, openContract } from '#testing/contract.ts';
import { fakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from '#testing/fake-vendor.ts';
import sheets from './connector.ts';

const TOKEN = 'ya29.token-of-tests';
const BOOK = '1aBcDeFgHiJkLmNoPqRsTuVwXyZ';
const credentials = sheets.credentials.parse({ clientId: 'client-of-tests', clientSecret: 'secret-of-tests' });
const tokens = {
  current: () => Promise.resolve(new Secret(TOKEN)),
  renew: () => Promise.reject(new CredentialsRejected('the sign-in has ended')),
};
const settings = { spreadsheet: `https://docs.google.com/spreadsheets/d/${BOOK}/edit#gid=0`, keyColumn: 'email', kind: 'people' };
function open(options: ConnectorOptions, more: object = {}): SourcePort {
  const port = sheets.source?.(credentials, { ...options, tokens }, { ...settings, ...more });
  if (port?.write === undefined || port.findByEmail === undefined) throw new Error('it is a source both ways');
  return port;
}

type Cell = string | number | boolean;
let rows: Cell[][] = [];
let faults: string[] = [];
let vendor: FakeVendor | undefined;
afterEach(async () => {
  await vendor?.close();
  const found = faults;
  faults = [];
  if (found.length > 0) throw new Error(`not by the contract: ${found.join('; ')}`);
});

const book = {
  spreadsheetId: BOOK,
  properties: { title: 'Customers' },
  sheets: [{ properties: { title: "Ann's list", gridProperties: { rowCount: 10_000 } } }, { properties: { title: 'Old', hidden: true } }],
};
const column = (letter: string) => letter.codePointAt(0)! - 65; // a letter
/** One sheet with state, of at most 26 columns. Formulas are worked out when they are entered as a person would. */
function reply({ method, path, query, body }: VendorRequest): VendorAnswer & object {
  const part = decodeURIComponent(path.replace(`/v4/spreadsheets/${BOOK}`, ''));
  if (part === '') return { status: 200, body: book };
  if (part === '/values:batchUpdate') {
    const { data, valueInputOption } = Object(body);
    for (const one of data) {
      const [, letter = '', row = ''] = /!([A-Z])(\d+)$/.exec(one.range) ?? [];
      const target = rows[Number(row) - 1] ?? [];
      target[column(letter)] = entered(one.values[0][0], valueInputOption);
    }
    return { status: 200, body: { spreadsheetId: BOOK, totalUpdatedCells: data.length } };
  }
  if (method === 'POST') {
    rows.push(Object(body).values[0].map((cell: Cell) => entered(cell, new URLSearchParams(query).get('valueInputOption'))));
    return { status: 200, body: { spreadsheetId: BOOK, updates: { updatedRange: `'Ann''s list'!A${rows.length}` } } };
  }
  const cells = /!(.+)$/.exec(part)?.[1] ?? '';
  const [, first = '', from = '', last = '', to = ''] = /^([A-Z]*)(\d+):([A-Z]*)(\d*)$/.exec(cells) ?? [];
  const found = rows
    .slice(Number(from) - 1, to === '' ? undefined : Number(to))
    .map((row) => (first === '' || last === 'ZZ' ? row : row.slice(column(first), column(last) + 1)));
  while (found.at(-1)?.every((cell) => cell === '') === true) found.pop();
  return { status: 200, body: { range: cells, majorDimension: 'ROWS', ...(found.length === 0 ? {} : { values: found }) } };
}
const entered = (cell: Cell, option: string | null): Cell => (option !== 'RAW' && String(cell).startsWith('=') ? 'worked out' : cell);

async function start(): Promise<SourcePort> {
  const contract = contractsFolder() === undefined ? null : openContract('google-sheets');
  if (contract === null) process.stderr.write('SKIPPED: the contract of google-sheets, because STEWARD_CONTRACTS is not set\n');
  vendor = await fakeVendor((request) => {
    const answer = reply(request);
    faults.push(...(contract?.faults(request) ?? []), ...(contract?.answerFaults(request.method, request.path, answer.body) ?? []));
    return answer;
  });
  return open({ baseUrl: vendor.url });
}
const SHEET = "Ann's list";
async function pass(port: SourcePort, fields: readonly string[]) {
  const records: SourceRecord[] = [];
  let cursor: string | null = null;
  do {
    const page = await port.page({ object: SHEET, fields, mark: null, cursor });
    records.push(...page.records);
    ({ cursor } = page);
  } while (cursor !== null);
  return records;
}

test('rows are known by their key, whatever place they have; empty ones are none, and one without a key is not lost', async () => {
  rows = [
    ['Name', 'Email', 'Paid', '', 'Name'],
    ['Ann', 'ann@acme.test', 12.5, 'x', 'A'],
    [],
    ['Bob', 'bob@acme.test', true],
    ['Nobody', ''],
  ];
  for (let i = 0; i < 2_500; i += 1) rows.push([]);
  rows.push(['Late', 'late@acme.test']);
  const port = await start();
  expect(await port.objects()).toEqual([{ name: SHEET, title: SHEET, kind: 'people', writable: true }]);
  expect((await port.fields(SHEET)).map(({ name, writable }) => `${name} ${writable}`)).toEqual([
    'Name true',
    'Email false',
    'Paid true',
    'Column D true',
    'Name (2) true',
  ]);
  const records = await pass(port, ['Name', 'Paid', 'Column D', 'Name (2)']);
  expect(records.map(({ externalId }) => externalId)).toEqual([
    'ann@acme.test',
    'bob@acme.test',
    expect.stringMatching(/^no key: /),
    'late@acme.test',
  ]);
  expect(records[0]?.values).toEqual({ Name: 'Ann', Paid: 12.5, 'Column D': 'x', 'Name (2)': 'A' });
  rows = [rows[0] ?? [], ...rows.slice(1).toReversed()];
  expect(new Set((await pass(port, ['Name'])).map(({ externalId }) => externalId))).toEqual(
    new Set(records.map(({ externalId }) => externalId)),
  );
  await expect(open({ baseUrl: vendor?.url }, { keyColumn: 'No' }).fields(SHEET)).rejects.toThrow(/Name, Email, Paid/);
});

test('writes into the row that has the key now, cells that changed alone, and a formula stays a text', async () => {
  rows = [
    ['Name', 'Email', 'Phone'],
    ['Bob', 'bob@acme.test', '1'],
    ['Ann', 'ann@acme.test', '2'],
  ];
  const port = await start();
  rows = [rows[0] ?? [], ...rows.slice(1).toReversed()];
  await port.write?.({ object: SHEET, externalId: 'ann@acme.test', values: { Name: '=HYPERLINK("https://evil.test")' }, key: 'k' });
  expect(rows[1]).toEqual(['=HYPERLINK("https://evil.test")', 'ann@acme.test', '2']);
  expect(rows[2]).toEqual(['Bob', 'bob@acme.test', '1']);
  expect(await port.write?.({ object: SHEET, externalId: 'bob@acme.test', values: { Email: 'bob2@acme.test' }, key: 'k' })).toEqual({
    externalId: 'bob2@acme.test',
  });
  const fresh = { object: SHEET, externalId: null, values: { Name: 'Cy', Email: 'cy@acme.test' }, key: 'k2' };
  expect(await port.write?.(fresh)).toEqual({ externalId: 'cy@acme.test' });
  await port.write?.(fresh);
  expect(rows.slice(3)).toEqual([['Cy', 'cy@acme.test', '']]);
  expect(await port.findByEmail?.(SHEET, 'CY@acme.test')).toBe('cy@acme.test');
  expect(await port.findByEmail?.(SHEET, 'no@acme.test')).toBeNull();
  await expect(port.write?.({ object: SHEET, externalId: 'gone@acme.test', values: { Name: 'x' }, key: 'k' })).rejects.toThrow(
    VendorRefused,
  );
});

test.each(['https://evil.test/spreadsheets/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ', '../../drive/v3/files', 'short'])(
  '%s is no spreadsheet',
  (spreadsheet) => {
    expect(sheets.sourceSettings?.safeParse({ ...settings, spreadsheet }).success).toBe(false);
  },
);

const HEAD = { range: 'x', values: [['Name', 'Email']] };
/** The heading and the key column: asked before the thing itself. */
const beside = (request: VendorRequest): (VendorAnswer & object) | undefined => {
  const range = decodeURIComponent(request.path);
  if (request.method !== 'GET' || !range.includes('/values/')) return undefined;
  if (range.endsWith('!1:1')) return { status: 200, body: HEAD };
  return range.endsWith('!B2:B') ? { status: 200, body: { range: 'x', values: [['ann@acme.test']] } } : undefined;
};
const write = (options: ConnectorOptions, externalId: string | null, email: string) =>
  open(options).write?.({ object: SHEET, externalId, values: { Name: 'Ann', Email: email }, key: 'k' }) ??
  Promise.reject(new Error('no write'));
const onlyPost = (plant: (request: VendorRequest) => VendorRequest) => (request: VendorRequest) =>
  request.method === 'POST' ? plant(request) : withQuery('majorDimension', 'DIAGONALS')(request);
actionContract({
  vendor: 'google-sheets',
  secret: TOKEN,
  refusal: (message) => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
  actions: [
    {
      name: 'verify',
      repeat: 'safe',
      run: (options) => sheets.verify(credentials, { ...options, tokens }),
      good: () => ({ status: 200, body: book }),
      means: { 404: 'answers' },
      planted: [withQuery('includeGridData', 'perhaps')],
    },
    {
      name: 'a page of rows',
      repeat: 'safe',
      run: (options) => open(options).page({ object: SHEET, fields: ['Name'], mark: null, cursor: null, look: true }),
      good: () => ({ status: 200, body: { range: 'x', values: [['Ann', 'ann@acme.test']] } }),
      beside,
      requests: 2,
      planted: [withQuery('valueRenderOption', 'RENDERED'), withQuery('dateTimeRenderOption', 'WORDS')],
    },
    {
      name: 'change a row',
      repeat: 'safe',
      run: (options) => write(options, 'ann@acme.test', 'ann@acme.test'),
      good: () => ({ status: 200, body: { spreadsheetId: BOOK, totalUpdatedCells: 2 } }),
      beside,
      requests: 3,
      planted: [
        onlyPost(withBody((body) => ({ ...body, valueInputOption: 'AS_IS' }))),
        onlyPost(withBody((body) => ({ ...body, data: 'x' }))),
      ],
    },
    {
      name: 'add a row',
      repeat: 'unsafe',
      run: (options) => write(options, null, 'cy@acme.test'),
      good: () => ({ status: 200, body: { spreadsheetId: BOOK, updates: { updatedRange: 'x' } } }),
      beside,
      requests: 3,
      planted: [
        onlyPost(withQuery('insertDataOption', 'SOMEWHERE')),
        onlyPost(withQuery('valueInputOption', 'AS_IS')),
        onlyPost(withBody((body) => ({ ...body, values: 7 }))),
      ],
    },
  ],
});
