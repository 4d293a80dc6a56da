import { parse } from 'csv-parse';
import type { Readable } from 'node:stream';
import { InvalidInput } from '#core/errors.ts';
import { Series } from './series.ts';

export const COMPONENTS = ['ane', 'cpu', 'gpu', 'total'] as const;
export type Component = (typeof COMPONENTS)[number];

/** A power log as it was read. Power in milliwatts, energy in millijoules, times in Unix seconds. */
export interface PowerLog {
  readonly series: Readonly<Record<Component, Series>>;
  /** What the log itself counted of the processor's energy; null when it did not. */
  readonly cpuEnergyMj: number | null;
  readonly rows: number;
  /** Rows with a second value for the same moment. */
  readonly repeated: number;
  readonly rejected: number;
  /** The first few, in words. */
  readonly faults: readonly string[];
}

const FIRST_FAULTS = 10;
/** Unix seconds between 2000 and 2100: anything else is another unit. */
const EARLIEST = 946_684_800;
const LATEST = 4_102_444_800;

/**
 * Reads a power log: CSV with `timestamp` (Unix seconds with a fraction) and any of `ane_power_mw`, `cpu_power_mw`, `gpu_power_mw`,
 * `total_power_mw`, `cpu_energy_mj`; a row may hold one of them only. A row that can't be right is counted and left out.
 * @throws InvalidInput when it is no such log
 */
export async function readPowerLog(file: Readable): Promise<PowerLog> {
  const series = { ane: new Series(), cpu: new Series(), gpu: new Series(), total: new Series() };
  const energy = { sum: 0, rows: 0 };
  const faults: string[] = [];
  let [rows, rejected] = [0, 0];
  let columns: Columns | null = null;
  const reject = (why: string) => {
    rejected += 1;
    if (faults.length < FIRST_FAULTS) faults.push(`Line ${rows + 1}: ${why}`);
  };
  const parser = file.pipe(parse({ bom: true, relax_column_count: true, skip_empty_lines: true, trim: true }));
  file.once('error', (error) => parser.destroy(error));
  try {
    // Rows of strings: no columns are named to the parser.
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (columns === null) {
        columns = columnsOf(cells);
        continue;
      }
      rows += 1;
      const time = Number(cells[columns.timestamp]);
      if (!(time >= EARLIEST && time < LATEST)) {
        reject(`${cells[columns.timestamp] ?? 'nothing'} is no time in Unix seconds`);
        continue;
      }
      const wrong = columns.of.find(([index]) => !isPower(cells[index]));
      if (wrong !== undefined) {
        reject(`${wrong[1]} is ${cells[wrong[0]] ?? ''}`);
        continue;
      }
      for (const [index, , kind] of columns.of) {
        const text = cells[index];
        if (text === undefined || text === '') continue;
        if (kind === 'energy') {
          energy.sum += Number(text);
          energy.rows += 1;
        } else series[kind].add(time, Number(text));
      }
    }
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    throw new InvalidInput('The file is no CSV; export the log once more', { cause: error });
  }
  if (columns === null) throw new InvalidInput('The log is empty');
  const repeated = Object.values(series).reduce((sum, one) => sum + one.settle(), 0);
  if (Object.values(series).every(({ length }) => length < 2))
    throw new InvalidInput(
      `The log has ${rows} rows and not two with a power at different moments${faults[0] === undefined ? '' : `. ${faults[0]}`}`,
    );
  return { series, cpuEnergyMj: energy.rows === 0 ? null : energy.sum, rows, repeated, rejected, faults };
}

interface Columns {
  readonly timestamp: number;
  readonly of: readonly (readonly [index: number, name: string, kind: Component | 'energy'])[];
}

function columnsOf(header: readonly string[]): Columns {
  const find = (name: string) => header.findIndex((cell) => cell.toLowerCase() === name);
  const timestamp = find('timestamp');
  if (timestamp < 0)
    throw new InvalidInput('The log has no column timestamp (Unix seconds); its first line must name the columns', {
      fields: [{ path: 'csv', message: 'has no column timestamp' }],
    });
  const known = [...COMPONENTS.map((kind) => [`${kind}_power_mw`, kind] as const), ['cpu_energy_mj', 'energy'] as const];
  const of = known.map(([name, kind]) => [find(name), name, kind] as const).filter(([index]) => index >= 0);
  if (of.every(([, , kind]) => kind === 'energy'))
    throw new InvalidInput('The log has no column of power, such as total_power_mw', {
      fields: [{ path: 'csv', message: 'has no column of power' }],
    });
  return { timestamp, of };
}

/** Up to a megawatt; empty is no measurement. */
function isPower(text: string | undefined): boolean {
  if (text === undefined || text === '') return true;
  const value = Number(text);
  return value >= 0 && value <= 1e9;
}
