import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { drawDocument } from '#modules/documents/pdf/draw.ts';
import { resolveBlocks } from '#modules/documents/draw/resolve.ts';
import { powerDocument } from '#modules/reports/power/document.ts';
import { figuresOf } from '#modules/reports/power/figures.ts';
import { readPowerLog } from '#modules/reports/power/read.ts';
import { SMALL_HEAP } from '../scripts/prepare.mjs';

if (!SMALL_HEAP.every((option) => process.execArgv.includes(option))) process.exit(spawnSync(process.execPath, [...SMALL_HEAP, import.meta.filename], { stdio: 'inherit' }).status ?? 1); // prettier-ignore

/** A power log of a million sparse rows, read, worked out and drawn as a PDF: seconds, memory (with the options that Steward starts with), and how far its energy is from that of the curve it was drawn from. */
const ROWS = 1_000_000;
const STEP_S = 0.25;
const START = 1_760_000_000;
const HEAD = 'timestamp,datetime,ane_power_mw,cpu_power_mw,gpu_power_mw,total_power_mw,cpu_energy_mj\n';

/** Milliwatts of the machine, second by second: a day's wave with a faster one on it. */
const power = (s: number) => 6_000 + 2_500 * Math.sin(s / 9_000) + 700 * Math.sin(s / 37);
/** Its integral from the first row to the last, in watt hours. */
const exact = (s: number) => (6_000 * s - 2_500 * 9_000 * (Math.cos(s / 9_000) - 1) - 700 * 37 * (Math.cos(s / 37) - 1)) / 3_600_000;

function* rows(): Generator<Buffer> {
  let block = HEAD;
  for (let i = 0; i < ROWS; i++) {
    const s = i * STEP_S;
    const mw = (share: number) => (power(s) * share).toFixed(0);
    const cells =
      [
        [mw(0.1), '', '', ''],
        ['', mw(0.6), '', ''],
        ['', '', mw(0.3), ''],
        ['', '', '', mw(1)],
      ][i % 4] ?? [];
    block += `${(START + s).toFixed(3)},,${cells.join(',')},\n`;
    if (block.length > 60_000) {
      yield Buffer.from(block);
      block = '';
    }
  }
  yield Buffer.from(block);
}

const began = performance.now();
const cpu = process.cpuUsage();
const figures = figuresOf(await readPowerLog(Readable.from(rows())), 'Europe/Berlin');
const worked = performance.now();
const { title, lead, language, blocks, data } = powerDocument({ title: 'Power report', clientName: 'Ann', figures });
const { parts, faults } = resolveBlocks(blocks, { facts: {}, data, pictures: new Map(), speech: { language, currency: 'EUR' } });
const look = { accent: '#3b57cf', font: 'sans', paper: 'a4', footer: '', companyName: 'Acme', logo: null } as const;
const bytes = await drawDocument({ title, lead, language, look, parts, at: new Date(0).toISOString() }, new Map());
const done = performance.now();
const { user, system } = process.cpuUsage(cpu);
// The total stands in each fourth row: from the fourth to the last.
const reference = exact((ROWS - 1) * STEP_S) - exact(3 * STEP_S);
console.log(`power: ${ROWS.toLocaleString('en')} sparse rows in ${((done - began) / 1000).toFixed(2)} s (document and PDF ${(done - worked).toFixed(0)} ms of it; ${((user + system) / 1e6).toFixed(2)} s of processor time, writing the log included)`); // prettier-ignore
console.log(`power: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB of memory at most, ${(bytes.length / 1024).toFixed(0)} kB of PDF, energy ${((Math.abs(figures.energyWh - reference) / reference) * 100).toFixed(4)} % from the integral${faults.length === 0 ? '' : `, ${faults.length} faults`}`); // prettier-ignore
