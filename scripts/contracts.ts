import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/**
 * What every connector was asked in its contract suite, as one table: `npm run contracts`. Each row is one action: the ends of a call that each have their own
 * error, right requests with the faults that the vendor's published contract finds in them, and planted mistakes with how many of them it notices.
 * Needs STEWARD_CONTRACTS. Exits 1 when a test fails or a mistake goes unnoticed.
 */
const PATHS = ['src/connectors', 'src/core/connector/signatures', 'src/app/prove/vendors'];
const ENDS = /^([\w-]+), (.+): (\d+) ends, each with its own error$/;
const CONTRACT = /^contract of ([\w-]+), (.+): (\d+) right, (\d+) faults; (\d+) wrong, (\d+) rejected$/;
const SIGNATURE = /^signatures, (.+?): (\d+) valid, (.+)$/;

interface Row {
  readonly vendor: string;
  readonly action: string;
  ends: number;
  right: number;
  faults: number;
  wrong: number;
  rejected: number;
}

if (process.env['STEWARD_CONTRACTS'] === undefined) {
  console.error('Set STEWARD_CONTRACTS to the folder of the contracts: it holds specs/<vendor>.json and webhook-vectors.json');
  process.exit(1);
}
const child = spawn('npx', ['vitest', 'run', '--project', 'server', ...PATHS], { stdio: ['ignore', 'pipe', 'pipe'] });
let output = '';
for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
const [code] = await once(child, 'close');

const rows = new Map<string, Row>();
const rowOf = (vendor: string, action: string): Row => {
  const row = rows.get(`${vendor} ${action}`) ?? { vendor, action, ends: 0, right: 0, faults: 0, wrong: 0, rejected: 0 };
  rows.set(`${vendor} ${action}`, row);
  return row;
};
const signatures: [name: string, valid: number, refused: number][] = [];
for (const line of output.split(/\r?\n/)) {
  const [, vendor = '', action = '', ...numbers] = ENDS.exec(line) ?? CONTRACT.exec(line) ?? [];
  if (numbers.length === 1) rowOf(vendor, action).ends += Number(numbers[0]);
  if (numbers.length === 4) {
    const row = rowOf(vendor, action);
    const [right = 0, faults = 0, wrong = 0, rejected = 0] = numbers.map(Number);
    Object.assign(row, {
      right: row.right + right,
      faults: row.faults + faults,
      wrong: row.wrong + wrong,
      rejected: row.rejected + rejected,
    });
  }
  const [, name, valid, rest] = SIGNATURE.exec(line) ?? [];
  if (name !== undefined)
    signatures.push([name, Number(valid), [...(rest ?? '').matchAll(/\d+/g)].reduce((sum, [number]) => sum + Number(number), 0)]);
}
const all = [...rows.values()].toSorted((a, b) => `${a.vendor} ${a.action}`.localeCompare(`${b.vendor} ${b.action}`));
const sum = (pick: (row: Row) => number) => all.reduce((total, row) => total + pick(row), 0);
const cells = (row: Row) => [row.ends, row.right, row.faults, row.wrong, row.rejected].map((number) => String(number).padStart(9)).join('');
console.log(
  `${'vendor'.padEnd(12)}${'action'.padEnd(28)}${['ends', 'right', 'faults', 'wrong', 'rejected'].map((name) => name.padStart(9)).join('')}`,
);
for (const row of all) console.log(`${row.vendor.padEnd(12)}${row.action.padEnd(28)}${cells(row)}`);
const total: Row = {
  vendor: '',
  action: '',
  ends: sum(({ ends }) => ends),
  right: sum(({ right }) => right),
  faults: sum(({ faults }) => faults),
  wrong: sum(({ wrong }) => wrong),
  rejected: sum(({ rejected }) => rejected),
};
console.log(`${'all'.padEnd(12)}${`${all.length} actions`.padEnd(28)}${cells(total)}`);
console.log(`\n${'signatures'.padEnd(28)}${'valid'.padStart(9)}${'refused'.padStart(9)}`);
for (const [name, valid, refused] of signatures)
  console.log(`${name.padEnd(28)}${String(valid).padStart(9)}${String(refused).padStart(9)}`);
console.log(`\n${/Tests .*/.exec(stripVTControlCharacters(output))?.[0] ?? 'no test ran'}`);
if (code !== 0) console.log(output.slice(-4_000));
process.exitCode = code !== 0 || total.wrong !== total.rejected || total.faults > 0 ? 1 : 0;
