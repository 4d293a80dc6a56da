import { Link, useNavigate } from '@tanstack/react-router';
import { FileUp, Plus } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { newBlockId, THEME } from './templates/content.ts';
import { languageName } from './templates/languages.tsx';
import { Snippets } from './templates/snippets.tsx';

const MODES = { text: 'Text', blocks: 'Blocks', html: 'HTML', mjml: 'MJML' } as const;

/** Texts that messages are made of, and the pieces that they share. */
export function TemplatesSettings() {
  const [tab, setTab] = useState<'templates' | 'snippets'>('templates');
  return (
    <div className="space-y-5">
      <Tabs
        label="Templates and snippets"
        value={tab}
        onChange={setTab}
        items={[
          { value: 'templates', label: 'Templates' },
          { value: 'snippets', label: 'Snippets' },
        ]}
      />
      {tab === 'templates' ? <TemplateList /> : <Snippets />}
    </div>
  );
}

function TemplateList() {
  const may = useMay('manager');
  const templates = useRead('templates.list', {});
  const [making, setMaking] = useState(false);
  if (templates.data === undefined)
    return templates.error === null ? (
      <SkeletonRows rows={6} />
    ) : (
      <Failure what="The templates could not be loaded." error={templates.error} retry={() => void templates.refetch()} />
    );
  const { drafts } = templates.data;
  // What is sent stands first.
  const items = templates.data.items.toSorted((a, b) => Number(b.used_by.length > 0) - Number(a.used_by.length > 0));
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-xl text-sm text-ink-2">Each publishing is a new version; what was sent keeps its own.</p>
        {may ? (
          <div className="flex flex-wrap gap-2">
            <Import />
            <Button kind="primary" onClick={() => setMaking(true)}>
              <Plus /> New template
            </Button>
          </div>
        ) : null}
      </div>
      <ul className="divide-y rounded-xl border bg-panel shadow-raise" aria-label="Templates">
        {drafts.map((one) => (
          <Line key={one.key} name={one.key} title={one.title} detail="Never published">
            <Badge tone="warn">draft</Badge>
          </Line>
        ))}
        {items.map((one) => (
          <Line
            key={one.key}
            name={one.key}
            title={one.title}
            detail={one.kind === 'sms' ? one.body.replace(/\s+/g, ' ').slice(0, 120) : one.subject}
          >
            {one.draft ? <Badge tone="warn">draft</Badge> : null}
            {one.used_by.length > 0 ? <Badge>in use</Badge> : null}
            {one.kind === 'sms' ? <Badge>SMS</Badge> : <Badge>{MODES[one.mode]}</Badge>}
            {one.languages.length > 1 ? <Badge>{one.languages.map(languageName).join(', ')}</Badge> : null}
            <span className="w-20 text-right text-xs text-ink-3">
              {one.origin === 'built_in' ? 'built in' : one.origin === 'file' ? 'from a file' : `version ${one.version}`}
            </span>
          </Line>
        ))}
      </ul>
      {making ? <NewTemplate onClose={() => setMaking(false)} taken={new Set([...items, ...drafts].map((one) => one.key))} /> : null}
    </div>
  );
}

function Line({ name, title, detail, children }: { name: string; title: string; detail: string; children: React.ReactNode }) {
  return (
    <li className="relative flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-hover">
      <div className="min-w-0 flex-1 basis-48">
        <Link to="/templates/$key" params={{ key: name }} className="block truncate text-sm font-medium after:absolute after:inset-0">
          {title}
        </Link>
        <div className="truncate text-xs text-ink-3">{detail}</div>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">{children}</div>
    </li>
  );
}

function Import() {
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const bring = useAct('templates.import', {
    refresh: ['templates'],
    done: ({ title }) => `“${title}” is published.`,
    onDone: ({ key }) => void navigate({ to: '/templates/$key', params: { key } }),
  });
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".json,.html,.htm,.mjml,.txt,.md"
        className="hidden"
        aria-label="File of a template"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file !== undefined) void file.text().then((content) => bring.mutate({ filename: file.name, content }));
        }}
      />
      <Button busy={bring.isPending} onClick={() => input.current?.click()}>
        <FileUp /> From a file
      </Button>
    </>
  );
}

/** `Spring offer!` becomes `spring-offer`, and `spring-offer-2` where that is taken. */
function keyOf(title: string, taken: ReadonlySet<string>): string {
  const plain = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
  const base = plain === '' ? 'template' : plain;
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
  return name;
}

function NewTemplate({ onClose, taken }: { onClose: () => void; taken: ReadonlySet<string> }) {
  const navigate = useNavigate();
  const form = useForm({ title: '', kind: 'mail', class: 'commercial' });
  const save = useAct('templates.save_draft', {
    quiet: true,
    refresh: ['templates'],
    onDone: ({ key }) => void navigate({ to: '/templates/$key', params: { key } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { title, kind, class: stream } = form.values;
    const text = 'Hi {{ person.first_name | default: "there" }},\n\n';
    const sms = kind === 'sms';
    save.mutate(
      {
        key: keyOf(title, taken),
        content: {
          title: title.trim(),
          kind: sms ? 'sms' : 'mail',
          class: stream === 'transactional' ? 'transactional' : 'commercial',
          source: sms
            ? { mode: 'text', text }
            : { mode: 'blocks', theme: THEME, blocks: [{ id: newBlockId(), type: 'text', text, align: 'left' }] },
        },
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New template"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="new-template" busy={save.isPending}>
            Begin
          </Button>
        </>
      }
    >
      <form id="new-template" onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Title" error={form.fault('title')}>
          {(control) => <Input {...control} {...form.text('title')} required maxLength={200} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Kind">
            {(control) => (
              <Select {...control} {...form.text('kind')}>
                <option value="mail">Mail</option>
                <option value="sms">SMS</option>
              </Select>
            )}
          </Field>
          <Field label="Class">
            {(control) => (
              <Select {...control} {...form.text('class')}>
                <option value="commercial">Commercial: it sells</option>
                <option value="transactional">Transactional: it answers or delivers</option>
              </Select>
            )}
          </Field>
        </div>
      </form>
    </Dialog>
  );
}
