import { useNavigate } from '@tanstack/react-router';
import { Copy, Download, Ellipsis, FileMinus, HandCoins, Mails, OctagonX, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { exactMoney as money } from '#web/kit/money.ts';
import { useAct } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { When } from '#web/kit/time.tsx';
import { CreditDialog } from './credit.tsx';
import { PayDialog } from './pay.tsx';
import { QuoteActions } from './quote.tsx';
import { useCopy } from './use-copy.ts';

type Invoice = Output<'invoices.get'>;
const REFRESH = ['invoices', 'clients'];

/** What may be done with it now: the one next step as a button, the rest in a menu. */
export function Actions({ invoice, dirty }: { invoice: Invoice; dirty: boolean }) {
  const draft = invoice.status === 'draft';
  return (
    <>
      <Button asChild>
        <a href={`/api/invoices/${invoice.id}/pdf`} target="_blank" rel="noreferrer">
          <Download /> PDF
        </a>
      </Button>
      {draft || invoice.status === 'void' ? null : <Mail invoice={invoice} />}
      {draft ? <Draft invoice={invoice} dirty={dirty} /> : invoice.kind === 'quote' ? <QuoteActions invoice={invoice} /> : null}
      {draft || invoice.kind !== 'invoice' ? null : <Issued invoice={invoice} />}
    </>
  );
}

function Draft({ invoice, dirty }: { invoice: Invoice; dirty: boolean }) {
  const navigate = useNavigate();
  const issue = useAct('invoices.issue', { refresh: REFRESH, done: (done) => `${done.number ?? 'It'} is issued.` });
  const remove = useAct('invoices.delete', {
    refresh: REFRESH,
    done: 'The draft is gone.',
    onDone: () => void navigate({ to: '/invoices' }),
  });
  return (
    <>
      <Confirm
        title="Delete this draft?"
        action="Delete"
        danger
        onConfirm={() => remove.mutate({ invoice_id: invoice.id })}
        trigger={(ask) => <Button onClick={ask}>Delete</Button>}
      >
        <p>It has no number yet, so nothing is missing afterwards.</p>
      </Confirm>
      <Button
        kind="primary"
        busy={issue.isPending}
        disabled={dirty}
        title={dirty ? 'Save or discard what you changed first' : undefined}
        onClick={() => issue.mutate({ invoice_id: invoice.id, if_match: invoice.updated_at })}
      >
        Issue
      </Button>
    </>
  );
}

type Asked = 'pay' | 'credit' | 'write_off' | 'void' | null;

function Issued({ invoice }: { invoice: Invoice }) {
  const [asked, setAsked] = useState<Asked>(null);
  const copy = useCopy(invoice);
  const may = useMay('manager');
  const open = ['issued', 'partly_paid', 'overdue'].includes(invoice.status);
  const untouched = open && invoice.paid_cents + invoice.credited_cents === 0;
  const close = () => setAsked(null);
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
          {may && invoice.status !== 'void' ? (
            <MenuItem icon={<FileMinus />} onSelect={() => setAsked('credit')}>
              Write a credit note
            </MenuItem>
          ) : null}
          {may && open ? (
            <MenuItem icon={<Undo2 />} onSelect={() => setAsked('write_off')}>
              Write off
            </MenuItem>
          ) : null}
          {may && untouched ? (
            <MenuItem icon={<OctagonX />} danger onSelect={() => setAsked('void')}>
              Void
            </MenuItem>
          ) : null}
        </Menu>
      )}
      {open ? (
        <Button kind="primary" onClick={() => setAsked('pay')}>
          <HandCoins /> Book a payment
        </Button>
      ) : null}
      {asked === 'pay' ? <PayDialog invoice={invoice} onClose={close} /> : null}
      {asked === 'credit' ? <CreditDialog invoice={invoice} onClose={close} /> : null}
      <GiveUp invoice={invoice} asked={asked} onClose={close} />
    </>
  );
}

/** The two ways in which nothing is owed any more without money. */
function GiveUp({ invoice, asked, onClose }: { invoice: Invoice; asked: Asked; onClose: () => void }) {
  const name = invoice.number ?? 'it';
  const revoke = useAct('invoices.void', { refresh: REFRESH, done: 'It is void.' });
  const writeOff = useAct('invoices.write_off', { refresh: REFRESH, done: 'It is written off.' });
  if (asked === 'void')
    return (
      <Asking title={`Void ${name}?`} action="Void" onClose={onClose} onConfirm={() => revoke.mutate({ invoice_id: invoice.id })}>
        Nothing is owed on it afterwards. Its number stays taken, and nobody is reminded.
      </Asking>
    );
  if (asked === 'write_off')
    return (
      <Asking
        title={`Write off ${money(invoice.balance_cents, invoice.currency)} of ${name}?`}
        action="Write off"
        onClose={onClose}
        onConfirm={() => writeOff.mutate({ invoice_id: invoice.id })}
      >
        You give up what is still owed: it is booked as a loss, and nobody is reminded any more. If the client pays after all, it becomes
        their credit.
      </Asking>
    );
  return null;
}

function Asking({
  title,
  action,
  children,
  onClose,
  onConfirm,
}: {
  title: string;
  action: string;
  children: string;
  onClose: () => void;
  onConfirm: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            kind="danger"
            onClick={() => {
              onClose();
              onConfirm();
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      <p className="text-sm text-ink-2">{children}</p>
    </Dialog>
  );
}

/** By mail, with the PDF. Once more only after a question. */
function Mail({ invoice }: { invoice: Invoice }) {
  const send = useAct('invoices.send', { refresh: REFRESH, done: ({ to }) => `It is on its way to ${to}.` });
  const go = (again: boolean) => send.mutate({ invoice_id: invoice.id, again });
  if (invoice.mailed_at === null)
    return (
      <Button busy={send.isPending} onClick={() => go(false)}>
        <Mails /> Send
      </Button>
    );
  return (
    <Confirm
      title={`Mail ${invoice.number ?? 'it'} again?`}
      action="Send again"
      onConfirm={() => go(true)}
      trigger={(ask) => (
        <Button busy={send.isPending} onClick={ask}>
          <Mails /> Send again
        </Button>
      )}
    >
      <p>
        {invoice.client_name} got it <When at={invoice.mailed_at} />.
      </p>
    </Confirm>
  );
}
