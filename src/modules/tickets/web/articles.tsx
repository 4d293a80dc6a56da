import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { Note } from '#web/kit/states.tsx';

type Article = Item<'articles.list'>;

const LANGUAGES = [
  ['simple', 'No stemming'],
  ['english', 'English'],
  ['german', 'German'],
  ['french', 'French'],
  ['spanish', 'Spanish'],
  ['italian', 'Italian'],
  ['dutch', 'Dutch'],
  ['portuguese', 'Portuguese'],
  ['swedish', 'Swedish'],
  ['danish', 'Danish'],
  ['norwegian', 'Norwegian'],
  ['finnish', 'Finnish'],
] as const satisfies readonly (readonly [Article['language'], string])[];

/** What people ask again and again, written down once; what is published is suggested where its words fit. */
export function ArticlesPanel() {
  const list = useList('articles.list', { limit: 20 });
  const [editing, setEditing] = useState<Article | 'new' | null>(null);
  const remove = useAct('articles.delete', { refresh: ['articles', 'tickets'], done: 'Deleted.' });
  return (
    <Panel
      title="Articles"
      aside={
        <Button size="sm" onClick={() => setEditing('new')}>
          <Plus /> New article
        </Button>
      }
    >
      <Listed
        list={list}
        failed="The articles could not be loaded."
        skeleton={2}
        none={
          <p className="text-sm text-ink-3">
            What people ask again and again is written down once here, and suggested where its words fit.
          </p>
        }
      >
        <ul className="divide-y">
          {list.rows.map((one) => (
            <li key={one.id} className="flex items-center gap-3 py-2.5 text-sm">
              <span className="min-w-0 flex-1 truncate font-medium">{one.title}</span>
              {one.helpful + one.not_helpful === 0 ? null : (
                <span className="num shrink-0 text-xs text-ink-3" title="Voices on the help page">
                  {one.helpful} of {one.helpful + one.not_helpful} helped
                </span>
              )}
              <Badge tone={one.state === 'published' ? 'ok' : 'neutral'}>{one.state === 'published' ? 'Published' : 'Draft'}</Badge>
              <Button size="sm" kind="quiet" aria-label={`Change ${one.title}`} onClick={() => setEditing(one)}>
                <Pencil />
              </Button>
              <Confirm
                title={`Delete “${one.title}”?`}
                action="Delete"
                danger
                onConfirm={() => remove.mutate({ article_id: one.id })}
                trigger={(ask) => (
                  <Button size="sm" kind="quiet" aria-label={`Delete ${one.title}`} onClick={ask}>
                    <Trash2 />
                  </Button>
                )}
              >
                It is suggested no more. Answers that quoted it stay.
              </Confirm>
            </li>
          ))}
        </ul>
      </Listed>
      <ShowMore list={list} className="pt-3" />
      <HelpPage />
      {editing === null ? null : <Editor article={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Panel>
  );
}

/** Whether everybody may read what is published, and where. */
function HelpPage() {
  const page = useRead('articles.help_page', {});
  const update = useAct('articles.update_help_page', { refresh: ['articles', 'tickets'] });
  const now = page.data;
  if (now === undefined) return page.error === null ? null : <p className="pt-3 text-sm text-bad">{page.error.message}</p>;
  return (
    <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 border-t pt-4 text-sm">
      <p className="min-w-0 flex-1 basis-60">
        <span className="font-medium">Help page</span>{' '}
        {now.open ? (
          <a href={now.url} target="_blank" rel="noreferrer" className="break-all text-accent-ink underline underline-offset-2">
            {now.url.replace(/^https?:\/\//, '')}
          </a>
        ) : (
          <span className="text-ink-3">Closed. Opened, everybody reads and searches what is published.</span>
        )}
      </p>
      <Button
        size="sm"
        busy={update.isPending}
        onClick={() => update.mutate({ open: !now.open, ...(now.updated_at === null ? {} : { if_match: now.updated_at }) })}
      >
        {now.open ? 'Close it' : 'Open it'}
      </Button>
    </div>
  );
}

function Editor({ article, onClose }: { article: Article | null; onClose: () => void }) {
  const first: Pick<Article, 'title' | 'body' | 'language' | 'state'> = article ?? {
    title: '',
    body: '',
    language: 'english',
    state: 'draft',
  };
  const form = useForm({ title: first.title, body: first.body, language: first.language, state: first.state });
  const { values, set, fault } = form;
  const create = useAct('articles.create', { quiet: true, refresh: ['articles', 'tickets'], done: 'Saved.' });
  const update = useAct('articles.update', { quiet: true, refresh: ['articles', 'tickets'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const then = { onError: form.setError, onSuccess: onClose };
    if (article === null) create.mutate(values, then);
    else update.mutate({ article_id: article.id, if_match: article.updated_at, ...values }, then);
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={article === null ? 'New article' : 'Change the article'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="article" busy={create.isPending || update.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id="article" onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Title" error={fault('title')}>
          {(control) => (
            <Input {...control} required maxLength={200} value={values.title} onChange={(event) => set('title', event.target.value)} />
          )}
        </Field>
        <Field label="Text" hint="Plain text, as it may stand in an answer" error={fault('body')}>
          {(control) => <Textarea {...control} rows={12} value={values.body} onChange={(event) => set('body', event.target.value)} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="State" hint="Only published ones are suggested" error={fault('state')}>
            {(control) => (
              <Select
                {...control}
                value={values.state}
                onChange={(event) => set('state', event.target.value as Article['state'] /* the options below */)}
              >
                <option value="draft">Draft</option>
                <option value="published">Published</option>
              </Select>
            )}
          </Field>
          <Field label="Language" hint="So that printer finds printers" error={fault('language')}>
            {(control) => (
              <Select
                {...control}
                value={values.language}
                onChange={(event) => set('language', event.target.value as Article['language'] /* the options below */)}
              >
                {LANGUAGES.map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
      </form>
    </Dialog>
  );
}
