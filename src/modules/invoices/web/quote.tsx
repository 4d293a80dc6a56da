import { useNavigate } from '@tanstack/react-router';
import { CalendarClock, Check, Copy, Ellipsis, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { CopyButton } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { useCopy } from './use-copy.ts';

type Invoice = Output<'invoices.get'>;
const REFRESH = ['invoices', 'clients'];

/** What the client said to it. An accepted one goes on as an invoice. */
export function QuoteActions({ invoice }: { invoice: Invoice }) {
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'decline' | 'extend' | null>(null);
  const copy = useCopy(invoice);
  const answer = useAct('invoices.answer', {
    refresh: REFRESH,
    done: (made) => (made.status === 'draft' ? 'Accepted. Here is the draft of its invoice.' : `Accepted. ${made.number ?? 'Its invoice'} is issued.`),
    onDone: (made) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: made.id } }),
  });
  const open = invoice.status === 'issued' || invoice.status === 'lapsed';
  return (
    <>
      {invoice.client_id === null ? null : (
        <Menu
          trigger={
            <Button aria-label="More that can be done">
              <Ellipsis />
            </Button>
          }
        >
          <MenuItem icon={<Copy />} onSelect={copy}>
            Copy as a draft
          </MenuItem>
          {open ? (
            <MenuItem icon={<CalendarClock />} onSelect={() => setAsked('extend')}>
              Give it another last day
            </MenuItem>
          ) : null}
        </Menu>
      )}
      {open ? (
        <Button onClick={() => setAsked('decline')}>
          <X /> Declined
        </Button>
      ) : null}
      {invoice.status === 'lapsed' ? (
        <Button kind="primary" onClick={() => setAsked('extend')}>
          <CalendarClock /> Extend
        </Button>
      ) : null}
      {invoice.status === 'issued' ? (
        <Button kind="primary" busy={answer.isPending} onClick={() => answer.mutate({ invoice_id: invoice.id, answer: 'accepted' })}>
          <Check /> Accepted
        </Button>
      ) : null}
      {asked === 'decline' ? <Decline invoice={invoice} onClose={() => setAsked(null)} /> : null}
      {asked === 'extend' ? <Extend invoice={invoice} onClose={() => setAsked(null)} /> : null}
    </>
  );
} // prettier-ignore

function Decline({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const form = useForm({ reason: '' });
  const answer = useAct('invoices.answer', { quiet: true, refresh: REFRESH, done: 'Noted as declined.', onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    answer.mutate({ invoice_id: invoice.id, answer: 'declined', reason: form.values.reason }, { onError: form.setError });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`${invoice.number ?? 'The quote'} was declined?`}
      description="It keeps its number and takes no other answer."
    >
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Why" optional error={form.fault('reason')}>
          {(control) => <Textarea {...control} {...form.text('reason')} rows={3} maxLength={1000} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={answer.isPending}>
            Declined
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Extend({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const form = useForm({ valid_until: invoice.valid_until ?? '' });
  const extend = useAct('invoices.extend', { quiet: true, refresh: REFRESH, done: 'It holds longer.', onDone: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    extend.mutate({ invoice_id: invoice.id, valid_until: form.values.valid_until }, { onError: form.setError });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Give it another last day"
      description="Its page and its PDF name the new day; what was mailed stays as it is."
    >
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Holds until" error={form.fault('valid_until')}>
          {(control) => <Input {...control} {...form.text('valid_until')} type="date" required />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={extend.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Where the client answers, and what was said: by which name, when, whence. */
export function QuoteAnswer({ invoice }: { invoice: Invoice }) {
  const read = useRead('invoices.quote_answer', { invoice_id: invoice.id });
  if (read.data === undefined) return null;
  const { answer, link } = read.data;
  if (answer === null && link === null) return null;
  return (
    <Panel title="Answer">
      {answer === null ? (
        <div className="space-y-3 text-sm">
          <p className="text-ink-2">
            {invoice.status === 'lapsed' ? 'It lapsed without one.' : 'The client accepts or declines on their own page, without an account.'}
          </p>
          {link === null ? null : <CopyButton text={link} label="Copy the link" />}
        </div>
      ) : (
        <div className="space-y-1 text-sm">
          <p>
            {answer.answer === 'accepted' ? 'Accepted' : 'Declined'} {answer.name === null ? 'as one of us noted' : `by ${answer.name}`},{' '}
            <When at={answer.answered_at} />.
          </p>
          {answer.reason === '' ? null : <p className="text-ink-2 [overflow-wrap:anywhere]">“{answer.reason}”</p>}
          {answer.ip === null ? null : <p className="num text-xs text-ink-3">From {answer.ip}</p>}
          {answer.name === null ? null : (
            <p className="num text-xs text-ink-3 [overflow-wrap:anywhere]" title="SHA-256 of what stood on the quote">
              {answer.sha256}
            </p>
          )}
        </div>
      )}
    </Panel>
  );
} // prettier-ignore
