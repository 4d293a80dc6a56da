import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';
import { changesOf, type Content } from './content.ts';
import type { Reader } from './person-picker.tsx';

/** One real mail to oneself, as it is on the page now. */
export function TestDialog({
  content,
  language,
  reader,
  onClose,
}: {
  content: Content;
  language: string;
  reader: Reader | null;
  onClose: () => void;
}) {
  const me = useMe();
  const form = useForm({ send_to: me.email });
  const test = useAct('templates.test', { quiet: true });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate(
      {
        ...changesOf(content),
        send_to: form.values.send_to.trim(),
        in_language: language,
        ...(reader === null ? {} : { person_id: reader.id }),
      },
      { onError: form.setError, onSuccess: () => form.setError(null) },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Send a test"
      description={`As it is now, for ${reader === null ? 'an invented person' : reader.name}. It passes the gate and stands in the outbox.`}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" type="submit" form="test-template" busy={test.isPending}>
            Send the test
          </Button>
        </>
      }
    >
      <form id="test-template" onSubmit={submit} className="space-y-3">
        <Field label="To" error={form.fault('send_to') ?? form.general}>
          {(control) => <Input {...control} {...form.text('send_to')} type="email" required />}
        </Field>
        {test.data === undefined || form.error !== null ? null : test.data.reasons.length === 0 ? (
          <Note tone="ok">On its way to {test.data.to}. Look into the mailbox.</Note>
        ) : (
          <Note tone="warn">{test.data.reasons.join(' ')}</Note>
        )}
        <p className="text-xs text-ink-3">A test is no advertising: it carries no unsubscribe link, and counts for no cap.</p>
      </form>
    </Dialog>
  );
}
