import { SaxesParser } from 'saxes';
import { readAmount } from '../money/currency.ts';
import { MOST_LINES, tidy, unreadable, type BankLine } from './line.ts';

/** What is read of an entry, or of one transaction of a batch. */
interface Draft {
  amount: string;
  currency: string;
  sign: string;
  names: string[];
  iban: string | null;
  texts: string[];
  refs: string[];
}
const draft = (): Draft => ({ amount: '', currency: '', sign: '', names: [], iban: null, texts: [], refs: [] });

interface Entry extends Draft {
  day: string;
  booked: boolean;
  reversal: boolean;
  details: Draft[];
}

/**
 * ISO 20022 camt.053 (and .052, .054, which have the same entries), any version: by local names. Read by saxes, which knows no external entities; a document type,
 * the only way to bring entities of one's own, is refused. What is not booked yet is left out.
 * @throws InvalidInput when it is no such document
 */
export function readCamt(text: string): BankLine[] {
  const parser = new SaxesParser({});
  const path: string[] = [];
  const entries: Entry[] = [];
  let entry: Entry | null = null;
  let detail: Draft | null = null;
  let chars = '';
  let statements = 0;
  let fault: Error | null = null;
  parser.on('error', (error) => (fault ??= error));
  parser.on('doctype', () => (fault ??= new Error('it brings a document type')));
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  parser.on('opentag', ({ name, attributes }) => {
    const tag = local(name);
    path.push(tag);
    chars = '';
    if (['Stmt', 'Rpt', 'Ntfctn'].includes(tag)) statements += 1;
    if (tag === 'Ntry') entry = { ...draft(), day: '', booked: true, reversal: false, details: [] };
    if (tag === 'TxDtls' && entry !== null) entry.details.push((detail = draft()));
    if (tag === 'Amt') {
      const of = amountOf(path, detail, entry);
      if (of !== null) of.currency = String(attributes['Ccy'] ?? '');
    }
  });
  parser.on('text', (more) => {
    if (chars.length < 10_000) chars += more;
  });
  parser.on('closetag', ({ name }) => {
    const tag = local(name);
    const value = chars.trim();
    chars = '';
    if (entry !== null) take(tag, value, path, entry, detail);
    if (tag === 'TxDtls') detail = null;
    if (tag === 'Ntry' && entry !== null) {
      entries.push(entry);
      entry = null;
    }
    path.pop();
  });
  parser.write(text).close();
  if (fault !== null) throw unreadable('The file is no sound XML; ask your bank for camt.053 again', fault);
  if (statements === 0) throw unreadable('The file is XML, but no statement (camt.053); choose that format in your online banking');
  const lines = entries.filter(({ booked }) => booked).flatMap(linesOf);
  if (lines.length > MOST_LINES) throw unreadable(`The file has more than ${MOST_LINES} lines; ask for shorter statements`);
  return lines;
}

/** The amounts that count: of the entry itself, and of a transaction, not those of charges or of another currency. */
function amountOf(path: readonly string[], detail: Draft | null, entry: Entry | null): Draft | null {
  const above = path.at(-2);
  if (above === 'Ntry') return entry;
  return above === 'TxDtls' || (above === 'TxAmt' && path.at(-4) === 'TxDtls') ? detail : null;
}

function take(tag: string, value: string, path: readonly string[], entry: Entry, detail: Draft | null): void {
  if (value === '') return;
  const above = path.at(-2) ?? '';
  const of = detail ?? entry;
  const within = (name: string) => path.includes(name);
  if (tag === 'Amt') {
    const target = amountOf(path, detail, entry);
    if (target !== null && target.amount === '') target.amount = value;
  } else if (tag === 'CdtDbtInd' && (above === 'Ntry' || above === 'TxDtls')) of.sign = value;
  else if (tag === 'RvslInd' && above === 'Ntry') entry.reversal = value === 'true';
  else if ((tag === 'Sts' && above === 'Ntry') || (tag === 'Cd' && above === 'Sts')) entry.booked = value === 'BOOK';
  else if ((tag === 'Dt' || tag === 'DtTm') && above === 'BookgDt') entry.day = value.slice(0, 10);
  else if (tag === 'Dt' && above === 'ValDt') entry.day ||= value.slice(0, 10);
  else if (tag === 'Nm' && within('Dbtr')) of.names.push(value);
  else if (tag === 'IBAN' && within('DbtrAcct')) of.iban = value;
  else if (
    ['Ustrd', 'AddtlNtryInf', 'AddtlTxInf'].includes(tag) ||
    (tag === 'Ref' && above === 'CdtrRefInf') ||
    (tag === 'Nb' && above === 'RfrdDocInf') ||
    (tag === 'EndToEndId' && value !== 'NOTPROVIDED')
  )
    of.texts.push(value); // prettier-ignore
  else if (tag === 'AcctSvcrRef' && (above === 'Ntry' || above === 'Refs')) of.refs.push(value);
}

/** A batch gives a line for each of its transactions, where they say their own amounts. */
function linesOf(entry: Entry): BankLine[] {
  const { details } = entry;
  const batch = details.length > 1 && details.every(({ amount }) => amount !== '');
  const parts = batch
    ? details
    : [{ ...(details.length === 1 ? details[0] : undefined), amount: entry.amount, currency: entry.currency, sign: entry.sign }];
  return parts.map((part, i): BankLine => {
    const whole = { ...draft(), ...part };
    const currency = (whole.currency || entry.currency).toUpperCase();
    const incoming = ((whole.sign || entry.sign) === 'CRDT') !== entry.reversal;
    if (!/^\d{4}-\d\d-\d\d$/.test(entry.day) || !/^[A-Z]{3}$/.test(currency))
      throw unreadable('An entry of the file has no day or no currency; ask your bank for camt.053 again');
    const cents = readAmount(trimmed(whole.amount), currency, 'Amt');
    const refs = [...entry.refs, ...(batch ? [...whole.refs, String(i)] : [])];
    return {
      bookedOn: entry.day,
      amountCents: incoming ? cents : -cents,
      currency,
      counterparty: tidy(whole.names.join(', '), 200),
      iban: whole.iban,
      reference: tidy([...new Set([...whole.texts, ...entry.texts])].join(' ')),
      bankRef: entry.refs.length === 0 ? null : refs.join('/'),
    };
  });
}

/** Amounts may have up to five digits behind the point: zeros beyond the currency's own are no fault. */
const trimmed = (amount: string) => amount.replace(/(\.\d{2})0+$/, '$1');
