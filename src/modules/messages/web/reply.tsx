import { Reply } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Field, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

/** Answers a mail that came in, in its thread. It passes the gate like every other. */
export function ReplyBox({ message }: { message: Output<'messages.get'> }) {
  const [open, setOpen] = useState(false);
  const form = useForm({ text: '' });
  const reply = useAct('messages.reply', {
    quiet: true,
    refresh: ['messages', 'people', 'system'],
    done: (sent) => (sent.state === 'blocked' ? `Written, but blocked: ${sent.reasons.join(' ')}` : 'Your answer is on its way.'),
    onDone: () => {
      setOpen(false);
      form.reset();
    },
  });
  if (!open) {
    return (
      <Button className="mb-4" onClick={() => setOpen(true)}>
        <Reply /> Reply
      </Button>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reply.mutate({ message_id: message.id, text: form.values.text.trim() }, { onError: form.setError });
  };
  return (
    <form onSubmit={submit} className="mb-5 space-y-3 rounded-lg border p-3">
      {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
      <Field label={`Answer to ${message.from_name || message.from_phone || message.from_email}`} error={form.fault('text')}>
        {(control) => <Textarea {...control} {...form.text('text')} rows={6} required autoFocus />}
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={() => setOpen(false)}>Cancel</Button>
        <Button kind="primary" type="submit" busy={reply.isPending} disabled={form.values.text.trim() === ''}>
          Send
        </Button>
      </div>
    </form>
  );
}
