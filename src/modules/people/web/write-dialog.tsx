import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';

type Person = Output<'people.get'>;
interface Sent {
  readonly state: string;
  readonly reasons: readonly string[];
}

/** Answers the last mail of a person in its thread, or writes a new one. Both pass the gate. */
export function WriteDialog({ person, open, onOpenChange }: { person: Person; open: boolean; onOpenChange: (open: boolean) => void }) {
  const mails = useRead('people.timeline', { person_id: person.id, kind: ['email'], limit: 50 }, { enabled: open });
  const last = mails.data?.items.find((touch) => touch.direction === 'inbound' && touch.message_id !== null)?.message_id ?? null;
  const form = useForm({ subject: '', text: '' });
  const options = {
    quiet: true,
    refresh: ['messages', 'people', 'system'],
    done: (sent: Sent) => (sent.state === 'blocked' ? `Written, but blocked: ${sent.reasons.join(' ')}` : 'It is on its way.'),
    onDone: () => {
      onOpenChange(false);
      form.reset({ subject: '', text: '' });
    },
  };
  const reply = useAct('messages.reply', options);
  const send = useAct('messages.send', options);
  const text = form.values.text.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const failed = { onError: form.setError };
    if (last !== null) reply.mutate({ message_id: last, text }, failed);
    else if (person.email !== null) send.mutate({ to: person.email, subject: form.values.subject.trim(), text }, failed);
  };
  const name = person.full_name === '' ? (person.email ?? 'this person') : person.full_name;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={last === null ? `Write to ${name}` : `Answer ${name}`}
      description={
        person.email === null
          ? 'There is no address to write to. Add one under “Addresses and numbers”.'
          : person.opted_out_at !== null && last === null
            ? 'This person opted out: the gate blocks commercial mail. An answer to a mail of theirs still goes.'
            : last === null
              ? `To ${person.email}. It passes the gate like every mail.`
              : 'In the thread of the last mail that came in.'
      }
    >
      {open && mails.isPending ? (
        <SkeletonLines lines={4} />
      ) : person.email === null && last === null ? null : (
        <form onSubmit={submit} className="space-y-3">
          {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
          {last === null ? (
            <Field label="Subject" error={form.fault('subject')}>
              {(control) => <Input {...control} {...form.text('subject')} autoFocus required maxLength={500} />}
            </Field>
          ) : null}
          <Field label={last === null ? 'Text' : 'Answer'} error={form.fault('text')}>
            {(control) => (
              <Textarea
                {...control}
                {...form.text('text')}
                autoFocus={last !== null}
                rows={8}
                required
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
                }}
              />
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={() => onOpenChange(false)}>Cancel</Button>
            <Button
              kind="primary"
              type="submit"
              busy={reply.isPending || send.isPending}
              disabled={text === '' || (last === null && form.values.subject.trim() === '')}
            >
              Send
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
