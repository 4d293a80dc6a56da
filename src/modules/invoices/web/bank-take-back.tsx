import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { exactMoney as money } from '#web/kit/money.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { BANK_REFRESH } from './bank-refresh.ts';

/** Money on the wrong invoice: with a reason it is to be decided again. */
export function TakeBack({ line, onClose }: { line: Item<'bank.lines'>; onClose: () => void }) {
  const form = useForm({ reason: '' });
  const take = useAct('bank.unbook', {
    quiet: true,
    refresh: BANK_REFRESH,
    done: 'Taken back. It is to be decided again.',
    onDone: onClose,
  });
  const numbers = line.invoices.map((one) => one.number ?? 'a draft').join(', ');
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Take back ${money(line.amount_cents, line.currency)}?`}
      description={`${numbers} will be owed again, and reminders go on where they stopped. The history keeps both bookings.`}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          take.mutate({ bank_line_id: line.id, reason: form.values.reason.trim(), if_match: line.updated_at }, { onError: form.setError });
        }}
      >
        {form.error === null ? null : <Note tone="bad">{form.error.message}</Note>}
        <Field label="What was wrong" hint="For those who look later" error={form.fault('reason')}>
          {(control) => <Input {...control} {...form.text('reason')} maxLength={500} required />}
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={take.isPending} disabled={form.values.reason.trim() === ''}>
            Take back
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
