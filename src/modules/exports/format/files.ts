import { csvLine, xlsxRow, xmlText, type Cell } from './cell.ts';
import type { ColumnType } from './parquet.ts';
import { zip, type ZipEntry } from '#core/zip.ts';

/** What a file is made of: a heading, and rows in batches. */
export interface Sheet {
  readonly title: string;
  readonly columns: readonly { readonly key: string; readonly label: string; readonly type?: ColumnType }[];
  readonly batches: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** With a byte order mark, which Excel needs to read UTF-8. */
export async function* csvFile({ columns, batches }: Sheet): AsyncGenerator<Buffer> {
  yield Buffer.from(`\ufeff${csvLine(columns.map((column) => column.label))}`);
  for await (const rows of batches) yield Buffer.from(rows.map(csvLine).join(''));
}

/** One JSON object a line. */
export async function* jsonLinesFile({ columns, batches }: Sheet): AsyncGenerator<Buffer> {
  for await (const rows of batches)
    yield Buffer.from(
      rows.map((row) => `${JSON.stringify(Object.fromEntries(columns.map((column, i) => [column.key, row[i] ?? null])))}\n`).join(''),
    );
}

/** Excel takes 1,048,576 rows a sheet; what is more goes on in the next one. */
const ROWS_A_SHEET = 1_000_000;
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** Office Open XML, the least that Excel, LibreOffice and Numbers open: text as inline text, the heading bold and frozen. */
export async function* xlsxFile(sheet: Sheet): AsyncGenerator<Buffer> {
  yield* zip(parts(sheet), { big: false });
}

async function* parts({ title, columns, batches }: Sheet): AsyncGenerator<ZipEntry> {
  const rows = rowTexts(batches);
  let pending = await rows.next();
  let sheets = 0;
  do {
    sheets += 1;
    yield {
      name: `xl/worksheets/sheet${sheets}.xml`,
      chunks: (async function* () {
        yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
        yield `<row>${columns.map((column) => `<c s="1" t="inlineStr"><is><t>${xmlText(column.label)}</t></is></c>`).join('')}</row>`;
        for (let inSheet = 0; pending.done !== true && inSheet + pending.value.count <= ROWS_A_SHEET; pending = await rows.next()) {
          yield pending.value.text;
          inSheet += pending.value.count;
        }
        yield '</sheetData></worksheet>';
      })(),
    };
  } while (pending.done !== true);
  const each = Array.from({ length: sheets }, (_, i) => i + 1);
  const names = each.map((n) => `<sheet name="${xmlText(n === 1 ? title : `${title} ${n}`)}" sheetId="${n}" r:id="rId${n}"/>`);
  yield file('xl/workbook.xml', `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${names.join('')}</sheets></workbook>`);
  const targets = each.map((n) => `<Relationship Id="rId${n}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${n}.xml"/>`);
  yield file(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${PACKAGE}/relationships">${targets.join('')}<Relationship Id="styles" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
  );
  yield file(
    'xl/styles.xml',
    `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
  );
  yield file(
    '_rels/.rels',
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  );
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const overrides = each.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`);
  yield file(
    '[Content_Types].xml',
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${overrides.join('')}</Types>`,
  );
}

const file = (name: string, text: string): ZipEntry => ({ name, chunks: [HEAD + text] });

async function* rowTexts(batches: Sheet['batches']): AsyncGenerator<{ readonly text: string; readonly count: number }, undefined> {
  for await (const rows of batches) yield { text: rows.map(xlsxRow).join(''), count: rows.length };
  return undefined;
}
