import { centsOf } from '#core/money.ts';
import type { Refusal } from '../row.ts';
import type { Target } from '../mapping.ts';
import type { TableRecord } from '../read/record.ts';
import { readDate, readNumber, type DateOrder, type DecimalMark } from '../values.ts';
import type { DealTarget } from './targets.ts';

/** One row of a file of deals as it was understood. Values are names as the file has them, mapped where a person said so. */
export interface DealRow {
  readonly rowNumber: number;
  readonly externalId: string | null;
  readonly name: string;
  readonly stage: string;
  readonly product: string;
  readonly organisation: string;
  readonly owner: string;
  readonly ownerEmail: string;
  readonly personEmail: string;
  /** Null: the cell is empty. */
  readonly amountCents: number | null;
  readonly currency: string | null;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  readonly source: string | null;
  readonly nextStep: string | null;
}

/** What a value of a column is called here: `{"product": {"GTXPro": "GTX Pro"}}`. */
export type ValueMap = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface RowSettings {
  readonly mapping: readonly Target[];
  readonly formats: Readonly<Record<string, DateOrder | DecimalMark>>;
  readonly values: ValueMap;
  readonly year: number;
  /** The company's: of amounts that name none. */
  readonly currency: string;
}

const MOST_CENTS = 9_000_000_000_000;
const CURRENCY = /^[A-Z]{3}$/;

export function readDealRow(record: TableRecord, rowNumber: number, settings: RowSettings): DealRow | Refusal {
  const refuse = (field: string | null, reason: string, value: string | null): Refusal => ({
    rowNumber,
    line: record.line,
    field,
    reason,
    value,
    cells: record.cells,
  });
  if (record.fault !== undefined) return refuse(null, record.fault, null);
  const cells = new Map<DealTarget, { text: string; column: number }>();
  for (const [column, target] of settings.mapping.entries()) {
    const fault = record.faults?.get(column);
    const text = record.cells[column]?.trim() ?? '';
    if (target === 'ignore' || !target.startsWith('deal.')) continue;
    if (fault !== undefined) return refuse(target, fault, text);
    // A target that begins so is one of them: isTarget let nothing else in.
    if (text !== '') cells.set(target as DealTarget, { text, column });
  }
  const text = (target: DealTarget) => cells.get(target)?.text ?? '';
  const called = (target: DealTarget, map: string) => settings.values[map]?.[text(target)] ?? text(target);
  const stage = called('deal.stage', 'stage');
  if (stage === '') return refuse('deal.stage', 'names no stage', null);
  const days: (string | null)[] = [];
  for (const target of ['deal.opened_at', 'deal.closed_at'] as const) {
    const cell = cells.get(target);
    if (cell === undefined) {
      days.push(null);
      continue;
    }
    const order = settings.formats[cell.column];
    const read = readDate(cell.text, order === 'dmy' || order === 'mdy' || order === 'ymd' ? order : 'ymd', settings.year);
    if ('reason' in read) return refuse(target, read.reason, cell.text);
    days.push(read.value);
  }
  const [openedAt = null, closedAt = null] = days;
  const currency = text('deal.currency').toUpperCase();
  if (currency !== '' && !CURRENCY.test(currency))
    return refuse('deal.currency', 'is no code of three letters such as EUR', text('deal.currency'));
  let amountCents: number | null = null;
  const amount = cells.get('deal.amount');
  if (amount !== undefined) {
    const mark = settings.formats[amount.column];
    const read = readNumber(amount.text, mark === 'comma' ? 'comma' : 'point');
    if ('reason' in read) return refuse('deal.amount', read.reason, amount.text);
    amountCents = centsOf(read.value, currency || settings.currency);
    if (amountCents === null || amountCents < 0 || amountCents > MOST_CENTS)
      return refuse('deal.amount', 'must be between 0 and 90 billion', amount.text);
  }
  return {
    rowNumber, externalId: text('deal.external_id') || null, name: text('deal.name'), stage, product: called('deal.product', 'product'), organisation: called('deal.organisation', 'organisation'),
    owner: called('deal.owner', 'owner'), ownerEmail: text('deal.owner_email'), personEmail: text('deal.person_email'), amountCents, currency: currency || null, openedAt, closedAt,
    source: text('deal.source').slice(0, 100) || null, nextStep: text('deal.next_step').slice(0, 500) || null,
  }; // prettier-ignore
}
