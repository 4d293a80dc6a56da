import type { Cell } from './cell.ts';
import type { Sheet } from './files.ts';

/** What a column holds, where a format has types. Default: text. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'time' | 'date';

const ELEMENTS = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  date: { type: 'INT32', converted_type: 'DATE' },
} as const;

/** Rows that are packed together: a reader takes as many at once. */
const ROWS_A_GROUP = 50_000;
const FIRST_BYTES = 1_048_576;

/**
 * Apache Parquet, one group of rows after another: columns are named by their keys, times are moments in UTC, days are days, a cell without a value is null.
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function* parquetFile({ columns, batches }: Sheet): AsyncGenerator<Buffer> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const types = columns.map(({ type = 'text' }) => type);
  const writer = new ByteWriter(FIRST_BYTES);
  const elements = columns.map(({ key }, i) => ({ name: key, repetition_type: 'OPTIONAL' as const, ...ELEMENTS[types[i] ?? 'text'] }));
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...elements],
    createdBy: 'Steward',
  });
  /** What was written since it was last taken; offsets go on counting. */
  const taken = () => {
    const bytes = Buffer.from(writer.getBytes().slice());
    writer.index = 0;
    return bytes;
  };
  let group: (readonly Cell[])[] = [];
  const write = async () => {
    const columnData = columns.map(({ key }, i) => ({ name: key, data: group.map((row) => valueOf(types[i] ?? 'text', row[i] ?? null)) }));
    await parquet.write({ columnData, rowGroupSize: group.length });
    group = [];
  };
  for await (const rows of batches) {
    for (const row of rows) group.push(row);
    if (group.length < ROWS_A_GROUP) continue;
    await write();
    yield taken();
  }
  if (group.length > 0) await write();
  await parquet.finish();
  yield taken();
}

function valueOf(type: ColumnType, cell: Cell): string | number | boolean | Date | undefined {
  if (cell === null) return undefined;
  if (type === 'time' || type === 'date') return new Date(String(cell));
  if (type === 'text') return String(cell);
  return cell;
}
