import { useDeferredValue, useState, type FormEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { call, type ApiError, type Item, type Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { MailFrame } from '#web/kit/mail-frame.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

type Template = Item<'templates.list'>;

/** Texts that messages are made of: each change is a new version, what was sent keeps its own. */
export function TemplatesSettings() {
  const templates = useList('templates.list', {});
  const [key, setKey] = useState<string | null>(null);
  if (templates.isPending) return <SkeletonLines lines={8} />;
  const chosen = templates.rows.find((template) => template.key === key) ?? templates.rows[0];
  if (chosen === undefined) {
    return (
      <Failure
        what="The templates could not be loaded."
        error={templates.error ?? new Error('There are none.')}
        retry={() => void templates.refetch()}
      />
    );
  }
  return (
    <div className="space-y-5">
      <Field label="Template" className="max-w-sm">
        {(control) => (
          <Select {...control} value={chosen.key} onChange={(event) => setKey(event.target.value)}>
            {templates.rows.map((template) => (
              <option key={template.key} value={template.key}>
                {template.title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Editor key={`${chosen.key} ${chosen.version}`} template={chosen} />
    </div>
  );
}

function Editor({ template }: { template: Template }) {
  const may = useMay('manager');
  const form = useForm({ subject: template.subject, body: template.body });
  const save = useAct('templates.update', { quiet: true, refresh: ['templates'], done: ({ version }) => `Saved as version ${version}.` });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ key: template.key, ...form.values }, { onError: form.setError });
  };
  return (
    <div className="grid items-start gap-5 xl:grid-cols-2 [&>*]:min-w-0">
      <Panel title={template.title} aside={<Badge>{template.version === 0 ? 'built in' : `version ${template.version}`}</Badge>}>
        <form onSubmit={submit}>
          <fieldset disabled={!may} className="space-y-4">
            {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
            <Field label="Subject" error={form.fault('subject')}>
              {(control) => <Input {...control} {...form.text('subject')} required />}
            </Field>
            <Field label="Text" hint="Liquid, strict: a gap that nobody fills blocks the message." error={form.fault('body')}>
              {(control) => <Textarea {...control} {...form.text('body')} rows={16} required className="font-mono sm:text-xs" />}
            </Field>
            <Button
              kind="primary"
              type="submit"
              busy={save.isPending}
              disabled={form.values.subject === template.subject && form.values.body === template.body}
            >
              Save as a new version
            </Button>
          </fieldset>
        </form>
      </Panel>
      <Preview template={template.key} subject={form.values.subject} body={form.values.body} />
    </div>
  );
}

/** As it would look for an invented person; gaps are named before anyone gets it. */
function Preview(draft: { template: string; subject: string; body: string }) {
  const wanted = useDeferredValue(draft);
  const preview = useQuery<Output<'templates.preview'>, ApiError>({
    queryKey: ['templates.preview', wanted.template, wanted.subject, wanted.body],
    queryFn: ({ signal }) =>
      call('templates.preview', { template: wanted.template, subject: wanted.subject, body: wanted.body }, { signal }),
    placeholderData: (before) => before,
    retry: false,
  });
  return (
    <Panel title="Preview">
      {preview.error !== null ? (
        <Note tone="bad">{preview.error.message}</Note>
      ) : preview.data === undefined ? (
        <SkeletonLines lines={6} />
      ) : (
        <div className="space-y-3">
          {preview.data.unresolved.length === 0 ? null : (
            <Note tone="warn">Nobody fills: {preview.data.unresolved.join(', ')}. A message with such a gap is blocked.</Note>
          )}
          <p className="text-sm font-medium">{preview.data.subject}</p>
          <MailFrame html={preview.data.html} className="h-[28rem]" />
        </div>
      )}
    </Panel>
  );
}
