import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#core/errors.ts';
import { cut, tidy } from '#modules/people/public.ts';
import { delimiterOf, parseCsv, separatorLine, type CsvRecord } from './csv.ts';
import { decode, encodingOf, type Encoding } from './decode.ts';
import { isHeading, mappingWithoutHeading, suggestMapping, type Mapping } from './mapping.ts';

/** The file holds nothing that could be imported. */
export class NotImportable extends AppError {
  readonly code = 'not_importable';
  readonly status = 422;
}

export interface CsvFile {
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** Headings, or `Column 1` … when the file has none. */
  readonly columns: readonly string[];
  readonly suggested: Mapping;
  /** The records below the heading. Reads on while it is iterated. */
  records(): Generator<CsvRecord>;
}

const MOST_COLUMNS = 200;

/** Opens a file of unknown origin: encoding, delimiter, heading. @throws NotImportable when it is empty */
export function openCsv(bytes: Buffer): CsvFile {
  const encoding = encodingOf(bytes);
  const text = decode(bytes, encoding);
  const delimiter = delimiterOf(text);
  const skipped = separatorLine(text) === null ? 0 : 1;
  const all = () => below(parseCsv(text, delimiter), skipped);
  const first = all().next();
  if (first.done === true) throw new NotImportable('The file is empty; save it as CSV with a heading such as name,email and try again');
  const cells = first.value.cells.slice(0, MOST_COLUMNS);
  const heading = isHeading(cells);
  const columns = cells.map((cell, index) => (heading ? cut(tidy(cell), 200) : '') || `Column ${index + 1}`);
  return {
    encoding,
    delimiter,
    columns,
    suggested: heading ? suggestMapping(columns) : mappingWithoutHeading(cells),
    records: () => below(all(), heading ? 1 : 0),
  };
}

/** The records after the first `skip`. */
function* below(records: Generator<CsvRecord>, skip: number): Generator<CsvRecord> {
  let passed = 0;
  for (const record of records) if (passed++ >= skip) yield record;
}

/** Records in all, giving way to other work now and then. */
export async function countRecords(file: CsvFile): Promise<number> {
  let records = 0;
  for (const _record of file.records()) if (++records % 5_000 === 0) await breathe();
  return records;
}
