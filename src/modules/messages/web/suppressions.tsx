import { Ban } from 'lucide-react';
import { useDeferredValue, useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { Empty } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

/** Addresses that get no more mail, and why. */
export function SuppressionsSettings() {
  const [wanted, setWanted] = useState('');
  const search = useDeferredValue(wanted.trim());
  const list = useList('suppressions.list', { limit: 100, ...(search === '' ? {} : { search }) });
  const admin = useMay('admin');
  return (
    <div className="max-w-3xl space-y-6">
      <AddSuppression />
      <Panel
        title="Never written to"
        flush
        aside={
          <Input
            type="search"
            aria-label="Search the list"
            placeholder="Address or domain"
            className="w-full sm:w-64"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        }
      >
        <Listed
          list={list}
          failed="The list could not be loaded."
          skeleton={4}
          none={
            <Empty icon={<Ban />} title={search === '' ? 'Nobody is on the list' : 'No such address on the list'}>
              {search !== '' ? undefined : 'Unsubscribes, hard bounces and complaints put an address here by themselves.'}
            </Empty>
          }
        >
          <ul className="divide-y">
            {list.rows.map((row) => (
              <li key={row.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
                <span className="min-w-0 flex-1 basis-48 truncate font-medium">{row.address ?? 'Erased address'}</span>
                <span className="text-ink-2">{words(row.reason)}</span>
                <When at={row.created_at} />
                {admin && row.reason !== 'opt_out' && row.reason !== 'complaint' ? (
                  <TakeOff id={row.id} address={row.address ?? 'this address'} />
                ) : null}
              </li>
            ))}
          </ul>
        </Listed>
        <ShowMore list={list} />
      </Panel>
    </div>
  );
}

function AddSuppression() {
  const form = useForm({ email: '', note: '' });
  const add = useAct('suppressions.add', {
    quiet: true,
    refresh: ['suppressions', 'people'],
    done: 'Put on the list.',
    onDone: () => form.reset(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const note = form.values.note.trim();
    add.mutate({ email: form.values.email.trim(), ...(note === '' ? {} : { note }) }, { onError: form.setError });
  };
  return (
    <Panel title="Put an address on the list">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <Field label="Address" error={form.fault('email') ?? form.general} className="min-w-0 flex-1 basis-52">
          {(control) => <Input {...control} {...form.text('email')} type="email" required />}
        </Field>
        <Field label="Why" optional className="min-w-0 flex-1 basis-52">
          {(control) => <Input {...control} {...form.text('note')} />}
        </Field>
        <Button type="submit" busy={add.isPending}>
          Add
        </Button>
      </form>
    </Panel>
  );
}

function TakeOff({ id, address }: { id: string; address: string }) {
  const [open, setOpen] = useState(false);
  const form = useForm({ reason: '' });
  const remove = useAct('suppressions.remove', {
    quiet: true,
    refresh: ['suppressions', 'people'],
    done: 'The address may get mail again.',
    onDone: () => setOpen(false),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    remove.mutate({ suppression_id: id, reason: form.values.reason.trim() }, { onError: form.setError });
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        Take off
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Let ${address} get mail again?`}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep it on the list</Button>
            <Button kind="primary" type="submit" form={`take-off-${id}`} busy={remove.isPending}>
              Take it off
            </Button>
          </>
        }
      >
        <form id={`take-off-${id}`} onSubmit={submit}>
          <Field
            label="Why"
            hint="Kept in the audit log: the mailbox works again, put here by mistake."
            error={form.fault('reason') ?? form.general}
          >
            {(control) => <Input {...control} {...form.text('reason')} required />}
          </Field>
        </form>
      </Dialog>
    </>
  );
}
