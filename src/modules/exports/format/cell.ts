/** What a cell may hold. */
export type Cell = string | number | boolean | null;

/**
 * RFC 4180, quoted where it must be. Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers don't, a
 * minus is theirs. An import takes the apostrophe off again. @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Most that Excel takes in one cell. */
const LONGEST = 32_767;

/** Control characters that XML 1.0 cannot hold are dropped. */
export function xmlText(text: string): string {
  return (
    text
      .slice(0, LONGEST)
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- exactly those that XML 1.0 forbids
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign)
  );
}

/** Text is inline text, which no spreadsheet takes for a formula. */
export function xlsxCell(value: Cell): string {
  if (value === null || value === '') return '<c/>';
  if (typeof value === 'number') return `<c><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${xmlText(value)}</t></is></c>`;
}

export function xlsxRow(cells: readonly Cell[]): string {
  return `<row>${cells.map(xlsxCell).join('')}</row>`;
}
