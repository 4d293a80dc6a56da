import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { BANK_REFRESH } from './bank-refresh.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { dayOf } from '#web/kit/time.tsx';

type Line = Item<'bank.lines'>;

/** Which invoices the money is for, or that it is for none; with the reason. */
export function BankDecision({ line, onClose }: { line: Line; onClose: () => void }) {
  const form = useForm({ q: '', reason: '' });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const open = useList('invoices.list', { status: 'open', limit: 20, ...(form.values.q.trim() === '' ? {} : { q: form.values.q.trim() }) });
  const decide = useAct('bank.decide', { quiet: true, refresh: BANK_REFRESH, done: 'Noted.', onDone: onClose });
  const go = (decision: 'book' | 'ignore') =>
    decide.mutate(
      {
        bank_line_id: line.id,
        decision,
        if_match: line.updated_at,
        reason: form.values.reason.trim(),
        ...(decision === 'book' ? { invoice_ids: [...chosen] } : {}),
      },
      { onError: form.setError },
    );
  const fits = open.rows.filter((one) => one.currency === line.currency);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`${money(line.amount_cents, line.currency)} of ${dayOf(line.booked_on)}`}
      description={[line.counterparty, line.reference].filter((text) => text !== '').join(' · ')}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen.length > 0) go('book');
        }}
      >
        {form.error === null ? null : <Note tone="bad">{form.error.message}</Note>}
        <Field label="Which invoice" hint="In the order you choose them, each up to what is owed; the rest is credit.">
          {(control) => <Input {...control} {...form.text('q')} placeholder="Number, name or title" />}
        </Field>
        {open.isPending ? (
          <SkeletonLines lines={3} />
        ) : fits.length === 0 ? (
          <p className="text-sm text-ink-2">No open invoice like that.</p>
        ) : (
          <ul className="max-h-60 space-y-2 overflow-y-auto" aria-label="Open invoices" tabIndex={0}>
            {fits.map((one) => (
              <li key={one.id}>
                <Checkbox
                  label={`${one.number ?? 'Draft'} · ${one.client_name}`}
                  hint={`${money(one.balance_cents, one.currency)} owed`}
                  checked={chosen.includes(one.id)}
                  onCheckedChange={(on) => setChosen((old) => (on === true ? [...old, one.id] : old.filter((id) => id !== one.id)))}
                />
              </li>
            ))}
          </ul>
        )}
        <Field label="Why" hint="For those who look later" error={form.fault('reason')}>
          {(control) => <Input {...control} {...form.text('reason')} maxLength={500} required />}
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <Button busy={decide.isPending} disabled={form.values.reason.trim() === ''} onClick={() => go('ignore')}>
            For no invoice
          </Button>
          <Button kind="primary" type="submit" busy={decide.isPending} disabled={chosen.length === 0 || form.values.reason.trim() === ''}>
            Book
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
