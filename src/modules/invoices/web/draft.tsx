import { useEffect, useState } from 'react';
import type { ApiError, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { centsOf, plainMoney } from '#web/kit/money.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { LineEditor } from './line-editor.tsx';
import { linesOf, rowsOf, unfinished } from './rows.ts';

type Invoice = Output<'invoices.get'>;

/** `30 %` or an amount; null: neither. */
function depositOf(text: string, currency: string): { deposit_percent: number | null; deposit_cents: number | null } | null {
  const typed = text.trim();
  if (typed === '') return { deposit_percent: null, deposit_cents: null };
  const share = /^(\d+(?:[.,]\d+)?)\s*%$/.exec(typed)?.[1];
  if (share !== undefined) return { deposit_percent: Number(share.replace(',', '.')), deposit_cents: null };
  const cents = centsOf(typed, currency);
  return cents === null ? null : { deposit_percent: null, deposit_cents: cents };
}

const typedOf = (invoice: Invoice) => ({
  title: invoice.title,
  reference: invoice.reference ?? '',
  notes: invoice.notes,
  days: String(invoice.payment_days),
  valid_until: invoice.valid_until ?? '',
  deposit:
    invoice.deposit_percent === null
      ? invoice.deposit_given_cents === null
        ? ''
        : plainMoney(invoice.deposit_given_cents, invoice.currency)
      : `${invoice.deposit_percent} %`,
  deposit_days: invoice.deposit_days === null ? '' : String(invoice.deposit_days),
  discount: invoice.discount_percent === null ? '' : String(invoice.discount_percent),
});

/**
 * A draft as it is written. Nothing is saved by itself: an invoice is looked at before it is issued. Where somebody else changed it meanwhile,
 * what was typed here stays, and a person says which of the two counts.
 */
export function DraftEditor({ invoice, onDirty }: { invoice: Invoice; onDirty: (dirty: boolean) => void }) {
  const { currency } = invoice;
  // What the fields began with: an older version for as long as somebody's change is not looked at.
  const [base, setBase] = useState(invoice);
  const form = useForm(typedOf(base));
  const [rows, setRows] = useState(() => rowsOf(base.lines, currency));
  const [clash, setClash] = useState<ApiError | null>(null);
  const show = (next: Invoice) => {
    setBase(next);
    form.reset(typedOf(next));
    setRows(rowsOf(next.lines, currency));
    setClash(null);
  };
  const save = useAct('invoices.update', { quiet: true, refresh: ['invoices', 'clients'], done: 'Saved.', onDone: show });
  const { values, fault, text } = form;
  const began = JSON.stringify([typedOf(base), rowsOf(base.lines, currency).map((row) => ({ ...row, key: 0 }))]);
  const dirty = began !== JSON.stringify([values, rows.map((row) => ({ ...row, key: 0 }))]);
  const theirs = invoice.updated_at !== base.updated_at && !save.isPending;
  useEffect(() => onDirty(dirty), [dirty, onDirty]);
  useEffect(() => {
    // Changed elsewhere, and nothing was typed here: that is what shows.
    if (theirs && !dirty) show(invoice);
    // oxlint-disable-next-line react/exhaustive-deps -- `show` is new each time, and follows from these
  }, [theirs, dirty, invoice]);
  const lines = linesOf(rows, currency);
  const percent = Number(values.discount.trim().replace(',', '.'));
  const wrong =
    lines.length === 0 ||
    depositOf(values.deposit, currency) === null ||
    rows.some((row) => unfinished(row, currency)) ||
    Number.isNaN(percent);
  const submit = (version: string) =>
    save.mutate(
      {
        invoice_id: invoice.id,
        if_match: version,
        title: values.title.trim(),
        notes: values.notes,
        reference: values.reference.trim() === '' ? null : values.reference.trim(),
        payment_days: Number(values.days),
        ...(values.deposit === typedOf(base).deposit ? {} : depositOf(values.deposit, currency)),
        deposit_days: values.deposit_days.trim() === '' ? null : Number(values.deposit_days),
        ...(invoice.kind === 'quote' ? { valid_until: values.valid_until === '' ? null : values.valid_until } : {}),
        lines,
        ...(values.discount === typedOf(base).discount ? {} : { discount_percent: percent === 0 ? null : percent, discount_cents: null }),
      },
      {
        onError: (error) => {
          if (error.status === 412) setClash(error);
          else form.setError(error);
        },
      },
    );
  const off = base.discount_given_cents === null || values.discount !== '' ? { discount_percent: Number.isNaN(percent) || percent === 0 ? null : percent } : { discount_cents: base.discount_given_cents }; // prettier-ignore
  return (
    <form
      className="min-w-0 space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (dirty && !wrong) submit(base.updated_at);
      }}
    >
      {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
      {clash === null && !(theirs && dirty) ? null : (
        <Note
          tone="warn"
          action={
            <span className="flex flex-wrap gap-2">
              <Button size="sm" onClick={() => show(invoice)}>
                Show theirs
              </Button>
              <Button size="sm" kind="primary" busy={save.isPending} disabled={wrong} onClick={() => submit(invoice.updated_at)}>
                Save mine
              </Button>
            </span>
          }
        >
          This draft was changed elsewhere meanwhile. What you typed is still here, and not saved.
        </Note>
      )}
      <Panel title="Lines" flush>
        <LineEditor
          rows={rows}
          onChange={setRows}
          clientId={invoice.client_id ?? ''}
          currency={currency}
          discount={off}
          taxFree={!['domestic', 'eu_consumer', 'us_sales_tax'].includes(invoice.treatment)}
        />
      </Panel>
      <Panel title="What else stands on it">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Title" optional error={fault('title')}>
            {(control) => <Input {...control} {...text('title')} maxLength={200} />}
          </Field>
          <Field label="Reference" optional hint="The client’s own order number" error={fault('reference')}>
            {(control) => <Input {...control} {...text('reference')} maxLength={100} />}
          </Field>
          <Field label="Days to pay" error={fault('payment_days')}>
            {(control) => <Input {...control} {...text('days')} type="number" min={0} max={365} required className="num" />}
          </Field>
          {invoice.kind === 'quote' ? (
            <Field label="Holds until" optional hint="Empty: as long as the settings say" error={fault('valid_until')}>
              {(control) => <Input {...control} {...text('valid_until')} type="date" />}
            </Field>
          ) : null}
          <Field label="Discount in percent" optional hint="Off the whole invoice" error={fault('discount_percent')}>
            {(control) => <Input {...control} {...text('discount')} inputMode="decimal" className="num" />}
          </Field>
          <Field
            label="Deposit"
            optional
            hint="Asked for first: 30 %, or an amount"
            error={fault('deposit_cents') ?? fault('deposit_percent')}
          >
            {(control) => <Input {...control} {...text('deposit')} inputMode="text" placeholder="none" className="num" />}
          </Field>
          <Field label="Days to pay the deposit" optional hint="7 when left empty, never later than the rest" error={fault('deposit_days')}>
            {(control) => <Input {...control} {...text('deposit_days')} type="number" min={0} max={365} className="num" />}
          </Field>
          <Field label="Notes" optional hint="Under the sums" error={fault('notes')} className="sm:col-span-2">
            {(control) => <Textarea {...control} {...text('notes')} rows={3} maxLength={5000} />}
          </Field>
        </div>
      </Panel>
      <div className="flex flex-wrap items-center justify-end gap-3">
        {dirty ? <span className="text-xs text-ink-3">Not saved yet</span> : null}
        {dirty ? <Button onClick={() => show(invoice)}>Discard</Button> : null}
        <Button kind="primary" type="submit" busy={save.isPending} disabled={!dirty || wrong}>
          Save the draft
        </Button>
      </div>
    </form>
  );
}
