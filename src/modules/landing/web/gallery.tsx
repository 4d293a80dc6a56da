import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

/** What a page can begin with, each shown as it will look in the company's colours. */
export function Gallery({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const read = useRead('landing.templates', {});
  const templates = read.data?.items ?? [];
  const [chosen, setChosen] = useState('trade');
  const form = useForm({ title: '', language: 'en' });
  const create = useAct('landing.create', {
    quiet: true,
    refresh: ['landing'],
    onDone: (made) => void navigate({ to: '/pages/$pageId', params: { pageId: made.id } }),
  });
  const template = templates.find((one) => one.template === chosen);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (template === undefined) return;
    const title = form.values.title.trim() === '' ? template.page_title : form.values.title.trim();
    create.mutate({ title, template: template.template, language: form.values.language === 'de' ? 'de' : 'en' }, { onError: form.setError });
  };
  return (
    <Dialog open onOpenChange={onClose} title="New landing page" wide>
      <form onSubmit={submit} className="space-y-5">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        {read.error !== null ? <Failure what="The templates could not be loaded." error={read.error} retry={() => void read.refetch()} /> : null}
        {read.isPending ? <SkeletonLines lines={6} /> : null}
        <div role="radiogroup" aria-label="Begin with" className="grid grid-cols-2 gap-3 sm:grid-cols-3">
          {templates.map((one) => (
            <label
              key={one.template}
              className={cn('block cursor-pointer overflow-hidden rounded-xl border bg-panel shadow-raise focus-within:outline-2', one.template === chosen ? 'border-accent ring-1 ring-accent' : 'hover:border-ink-3')}
            >
              <input type="radio" name="template" value={one.template} checked={one.template === chosen} onChange={() => setChosen(one.template)} className="sr-only" />
              <span aria-hidden className="relative block h-32 overflow-hidden border-b bg-sunken sm:h-40">
                <iframe
                  title={`How ${one.title} looks`}
                  src={`/api/landing-pages/templates/${one.template}/page`}
                  sandbox=""
                  tabIndex={-1}
                  loading="lazy"
                  className="pointer-events-none absolute left-0 top-0 h-[800%] w-[500%] origin-top-left scale-[.2] border-0"
                />
              </span>
              <span className="block p-2.5">
                <span className="block text-sm font-medium">{one.title}</span>
                <span className="block text-xs text-ink-2">{one.text}</span>
              </span>
            </label>
          ))}
        </div>
        <div className="grid gap-4 sm:grid-cols-[1fr_9rem]">
          <Field label="Title" hint="In the tab and in search results; the address is made of it." error={form.fault('title')}>
            {(control) => <Input {...control} {...form.text('title')} placeholder={template?.page_title} />}
          </Field>
          <Field label="Language" hint="Of the page’s own words.">
            {(control) => (
              <Select {...control} value={form.values.language} onChange={(event) => form.set('language', event.target.value)}>
                <option value="en">English</option>
                <option value="de">German</option>
              </Select>
            )}
          </Field>
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={create.isPending} disabled={template === undefined}>
            Begin
          </Button>
        </div>
      </form>
    </Dialog>
  );
} // prettier-ignore
