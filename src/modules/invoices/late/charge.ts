import type { Statement, Transaction } from '#core/database/database.ts';
import type { InEach } from '#core/language.ts';
import { AppError } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { dayOf } from '../days.ts';
import { saveDraft } from '../draft.ts';
import { balanceOf, isOpen, lockInvoice, type StoredInvoice } from '../invoice.ts';
import { issueDraft } from '../issue.ts';
import { paperLanguage } from '../paper-language.ts';
import { addressee, startMail } from '../mail/start.ts';
import { loadSettings, type InvoiceSettings } from '../settings/load.ts';
import { chargesFees, feeOf, periodsBegun } from './rule.ts';

const MOST = 500;
/** Months that are made up for at once, after a long downtime. */
const MOST_PERIODS = 24;

/** Companies whose settings charge a fee at all. */
const COMPANIES: Statement = {
  name: 'late_fees.companies',
  text: `select company_id as "companyId" from invoice_settings
          where (coalesce((options ->> 'lateFeeCents')::numeric, 0) > 0 or coalesce((options ->> 'lateRate')::numeric, 0) > 0) and ($1::uuid is null or company_id = $1)`,
};
/**
 * Open invoices with a period that was not looked at yet. A fee is never charged on a fee. $3 grace in days, $4 once: one period only. A day of time zone more or less
 * is settled under the lock. invoices_open serves it.
 */
const DUE: Statement = {
  name: 'late_fees.due',
  text: `select i.id from invoices i left join lateral (select count(*)::int as n from invoice_late_fees f where f.invoice_id = i.id) done on true
          where i.company_id = $1 and i.state in ('issued', 'partly_paid') and i.kind = 'invoice' and i.overdue_from <= $2 and i.client_id is not null and i.id > $5
            and (done.n = 0 or not $4) and (i.due_on + $3::int + 1 + make_interval(months => done.n))::date <= ($2::timestamptz at time zone $6)::date
            and not exists (select from invoice_late_fees f where f.fee_invoice_id = i.id)
          order by i.id limit ${MOST}`,
};
const KNOWN: Statement = {
  name: 'late_fees.known',
  text: 'select count(*)::int as count, coalesce(sum(cents), 0)::float8 as cents from invoice_late_fees where company_id = $1 and invoice_id = $2',
};
const NOTE: Statement = {
  name: 'late_fees.note',
  text: `insert into invoice_late_fees (company_id, invoice_id, period, cents, fee_invoice_id, made_at)
         select $1, $2, f.period, f.cents, $4, $5 from jsonb_to_recordset($3::jsonb) as f(period integer, cents bigint)`,
};

const WORDS: InEach<{ readonly title: (number: string) => string; readonly line: (number: string, due: string, n: number) => string }> = {
  en: { title: (number) => `Late fee for ${number}`, line: (number, due, n) => `Late fee ${n} for invoice ${number}, due on ${due}` },
  de: { title: (number) => `Verzugsgebühr zu ${number}`, line: (number, due, n) => `Verzugsgebühr ${n} zu Rechnung ${number}, fällig am ${due}` },
  fr: { title: (number) => `Pénalité de retard pour ${number}`, line: (number, due, n) => `Pénalité de retard ${n} pour la facture ${number}, due le ${due}` },
  es: { title: (number) => `Recargo por demora de ${number}`, line: (number, due, n) => `Recargo por demora ${n} de la factura ${number}, vencida el ${due}` },
}; // prettier-ignore

/** Charges an open, locked invoice for the periods of being late that have begun, each once. Answers the id of the fee's own invoice; null: nothing was due. */
export async function chargeInvoice(
  tx: Transaction,
  runtime: Runtime,
  row: StoredInvoice,
  settings: InvoiceSettings,
  at: Date,
): Promise<string | null> {
  const { options, timeZone } = settings;
  if (!isOpen(row) || row.dueOn === null || row.number === null || row.clientId === null || !chargesFees(options)) return null;
  const [known] = await tx.query<{ count: number; cents: number }>(KNOWN, [row.companyId, row.id]);
  const before = known?.count ?? 0;
  const begun = Math.min(periodsBegun(options, row.dueOn, dayOf(at, timeZone)), before + MOST_PERIODS);
  const fees: { period: number; cents: number }[] = [];
  let chargedCents = known?.cents ?? 0;
  for (let period = before + 1; period <= begun; period++) {
    const cents = feeOf(options, { totalCents: row.totalCents, balanceCents: balanceOf(row), chargedCents });
    chargedCents += cents;
    fees.push({ period, cents });
  }
  if (fees.length === 0) return null;
  const owed = fees.filter(({ cents }) => cents > 0);
  const { companyId, clientId, number, dueOn } = row;
  const words = WORDS[await paperLanguage(tx, companyId, clientId, options)];
  let feeId: string | null = null;
  if (owed.length > 0) {
    feeId = await saveDraft(tx, settings, {
      companyId,
      clientId,
      kind: 'invoice',
      originId: row.id,
      title: words.title(number),
      notes: '',
      reference: number,
      currency: row.currency,
      // Damages for being late are no supply: no tax (CJEU C-222/81).
      treatment: 'outside',
      lines: owed.map(({ period, cents }) => ({ description: words.line(number, dueOn, period), quantity: 1, unit: '', unitPriceCents: cents, discountPercent: 0 })),
      by: null,
      at,
    }); // prettier-ignore
  }
  await tx.query(NOTE, [companyId, row.id, JSON.stringify(fees), feeId, at]);
  if (feeId === null || options.lateMode === 'draft') return feeId;
  const { event } = await issueDraft(tx, await lockInvoice(tx, companyId, feeId), settings, at);
  await runtime.engine.emit(tx, [{ ...event, companyId }]);
  const whom = options.lateMode === 'send' ? await addressee(tx, companyId, clientId) : null;
  if (whom !== null) await startMail(tx, runtime, companyId, feeId, whom.id);
  return feeId;
}

/** One look at every company that charges fees, or at one. Answers the ids of the documents it made. */
export async function chargeLateFees(
  runtime: Runtime,
  companyId: string | null = null,
  going: () => boolean = () => true,
): Promise<string[]> {
  const at = runtime.clock.now();
  const made: string[] = [];
  for (const one of await runtime.system.read((tx) => tx.query<{ companyId: string }>(COMPANIES, [companyId]))) {
    if (!going()) break;
    made.push(...(await chargeCompany(runtime, one.companyId, at, going)));
  }
  if (made.length > 0) runtime.engine.nudge();
  return made;
}

async function chargeCompany(runtime: Runtime, companyId: string, at: Date, going: () => boolean): Promise<string[]> {
  const made: string[] = [];
  const settings = await runtime.database.read(companyId, (tx) => loadSettings(tx, companyId));
  const { options, timeZone } = settings;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const values = [companyId, at, options.lateGraceDays, options.lateEvery === 'once', after, timeZone];
    const due = await runtime.database.read(companyId, (tx) => tx.query<{ id: string }>(DUE, values));
    for (const { id } of due) {
      if (!going()) return made;
      after = id;
      try {
        // Asked once more under the lock: a payment of a moment ago, another process.
        const feeId = await runtime.database.write(companyId, async (tx) =>
          chargeInvoice(tx, runtime, await lockInvoice(tx, companyId, id), settings, at),
        );
        if (feeId !== null) made.push(feeId);
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        runtime.log.warn({ err: error, companyId, invoiceId: id }, 'could not charge a late fee');
      }
    }
    if (due.length < MOST) return made;
  }
}
