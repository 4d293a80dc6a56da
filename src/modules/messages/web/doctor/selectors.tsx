import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';
import type { Checkup } from './doctor-page.tsx';

/** The DNS cannot list keys: whoever knows the name of theirs says it. */
export function Selectors({ checkup }: { checkup: Checkup }) {
  const may = useMay('manager');
  const [open, setOpen] = useState(false);
  const known = [...new Set([...checkup.signed_with, ...checkup.selectors])];
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 px-1 text-sm text-ink-2">
      <span>{known.length === 0 ? 'The name of the DKIM key is not known.' : `DKIM selectors looked at: ${known.join(', ')}.`}</span>
      {may ? (
        <Button size="sm" kind="quiet" onClick={() => setOpen(true)}>
          Name a selector
        </Button>
      ) : null}
      {open ? <SelectorDialog checkup={checkup} onClose={() => setOpen(false)} /> : null}
    </p>
  );
}

function SelectorDialog({ checkup, onClose }: { checkup: Checkup; onClose: () => void }) {
  const form = useForm({ selectors: checkup.selectors.join(', ') });
  const look = useAct('senders.doctor', { refresh: ['senders'], quiet: true });
  const save = useAct('senders.update_checkup', {
    refresh: ['senders'],
    quiet: true,
    done: 'Saved.',
    onDone: () => {
      look.mutate({ sender: checkup.address });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="DKIM selectors"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={save.isPending}
            onClick={() =>
              save.mutate(
                { sender: checkup.address, selectors: form.values.selectors.split(/[\s,]+/).filter((one) => one !== '') },
                { onError: form.setError },
              )
            }
          >
            Save and look
          </Button>
        </>
      }
    >
      {form.general === undefined ? null : (
        <Note tone="bad" className="mb-4">
          {form.general}
        </Note>
      )}
      <Field
        label="Selectors"
        optional
        error={form.fault('selectors')}
        hint={`What stands before ._domainkey.${checkup.address.split('@')[1] ?? ''} at your mail service. Several are separated by commas.`}
      >
        {(control) => <Input {...control} {...form.text('selectors')} placeholder="s1, s2" autoComplete="off" />}
      </Field>
    </Dialog>
  );
}
