import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';

/** One real mail through the connected server, to see that it arrives. */
export function TestMail() {
  const me = useMe();
  const form = useForm({ to: me.email });
  const test = useAct('sending.test', { quiet: true });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate({ to: form.values.to.trim() }, { onError: form.setError, onSuccess: () => form.setError(null) });
  };
  return (
    <Panel title="Try it">
      <form onSubmit={submit} className="space-y-3">
        <div className="flex flex-wrap items-end gap-3">
          <Field label="Send a test mail to" error={form.fault('to') ?? form.general} className="min-w-0 flex-1 basis-56">
            {(control) => <Input {...control} {...form.text('to')} type="email" required />}
          </Field>
          <Button type="submit" busy={test.isPending}>
            Send
          </Button>
        </div>
        {test.data === undefined || form.error !== null ? null : test.data.ok ? (
          <Note tone="ok">
            The mail server took it{test.data.response === null ? '' : `: ${test.data.response}`}. Look into the mailbox.
          </Note>
        ) : (
          <Note tone="bad">{test.data.error ?? 'It did not work, and no reason was given.'}</Note>
        )}
      </form>
    </Panel>
  );
}
