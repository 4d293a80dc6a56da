import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { bases, type Basis, type Topic } from './words.ts';

export const topicRefresh = ['topics', 'sending', 'people', 'segments'];

/** A new topic, or another wording of one that is there. */
export function TopicDialog({ topic, onClose }: { topic: Topic | null; onClose: () => void }) {
  const form = useForm({
    title: topic?.title ?? '',
    wording: topic?.wording ?? '',
    description: topic?.description ?? '',
    bases: topic?.bases ?? (['soft_opt_in', 'legitimate_interest'] satisfies Basis[] as Basis[]), // the list grows and shrinks
    email: topic?.channels.includes('email') ?? true,
    sms: topic?.channels.includes('sms') ?? false,
  });
  const { values, set } = form;
  const create = useAct('topics.create', { quiet: true, refresh: topicRefresh, done: 'The topic is there.', onDone: onClose });
  const update = useAct('topics.update', { quiet: true, refresh: topicRefresh, done: 'Saved.', onDone: onClose });
  const reworded = topic !== null && values.wording.trim() !== topic.wording;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = {
      title: values.title.trim(),
      wording: values.wording.trim(),
      description: values.description.trim(),
      bases: values.bases,
      channels: [...(values.email ? (['email'] as const) : []), ...(values.sms ? (['sms'] as const) : [])],
    };
    const failed = { onError: form.setError };
    if (topic === null) create.mutate(given, failed);
    else update.mutate({ key: topic.key, ...given, if_match: topic.updated_at }, failed);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={topic === null ? 'New topic' : `Change ${topic.title}`}
    >
      <form onSubmit={submit} className="space-y-5">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Title" hint="What people read on their preference page." error={form.fault('title') ?? form.fault('key')}>
          {(control) => <Input {...control} {...form.text('title')} required maxLength={100} placeholder="Product news" />}
        </Field>
        <Field
          label="What people are told"
          hint={
            reworded
              ? `Becomes wording ${topic.wording_version + 1}. Who agreed before has agreed to the words of then.`
              : 'On the preference page, and proposed as consent text of forms. Kept with each consent.'
          }
          error={form.fault('wording')}
        >
          {(control) => (
            <Textarea
              {...control}
              {...form.text('wording')}
              required
              maxLength={2000}
              rows={3}
              placeholder="You may send me news about your products by email. I can withdraw this at any time."
            />
          )}
        </Field>
        <fieldset>
          <legend className="text-sm font-medium">What suffices besides consent</legend>
          <p className="mb-2.5 text-xs text-ink-3">
            None ticked: only who agreed. The country of the person decides whether it counts there.
          </p>
          <div className="space-y-2.5">
            {bases.map(([basis, name, hint]) => (
              <Checkbox
                key={basis}
                label={name}
                hint={hint}
                checked={values.bases.includes(basis)}
                onCheckedChange={(checked) =>
                  set('bases', checked === true ? [...values.bases, basis] : values.bases.filter((one) => one !== basis))
                }
              />
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">Goes out by</legend>
          <div className="flex gap-5">
            <Checkbox label="Email" checked={values.email} onCheckedChange={(checked) => set('email', checked === true)} />
            <Checkbox label="SMS" checked={values.sms} onCheckedChange={(checked) => set('sms', checked === true)} />
          </div>
          {form.fault('channels') === undefined ? null : <p className="mt-1 text-xs text-bad">{form.fault('channels')}</p>}
        </fieldset>
        <Field label="Note for colleagues" optional error={form.fault('description')}>
          {(control) => <Input {...control} {...form.text('description')} maxLength={500} />}
        </Field>
        {topic === null || topic.wording_version < 2 ? null : <Wordings topic={topic} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            busy={create.isPending || update.isPending}
            disabled={values.title.trim() === '' || values.wording.trim() === '' || !(values.email || values.sms)}
          >
            {topic === null ? 'Make the topic' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Every wording that it ever had. */
function Wordings({ topic }: { topic: Topic }) {
  const found = useRead('topics.get', { key: topic.key });
  return (
    <details className="text-sm">
      <summary className="min-h-6 cursor-pointer text-ink-2 hover:text-ink">Earlier wordings</summary>
      <ol className="mt-2 space-y-2.5 border-l-2 pl-3">
        {(found.data?.wordings ?? []).slice(1).map((each) => (
          <li key={each.version}>
            <span className="font-medium">Wording {each.version}</span> · <When at={each.created_at} />
            {each.created_by === null ? null : <span className="text-ink-3"> · {each.created_by}</span>}
            <p className="text-ink-2">{each.wording}</p>
          </li>
        ))}
      </ol>
    </details>
  );
}
