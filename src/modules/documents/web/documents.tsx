import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Files, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { ApiError, type Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { useKeys } from '#web/kit/keyboard.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { SearchBox } from '#web/kit/list/search-box.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { Empty, Note } from '#web/kit/states.tsx';
import { DataTable, type Column } from '#web/kit/table.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { When } from '#web/kit/time.tsx';

type Row = Item<'documents.list'>;

const TABS = [
  { value: 'all', label: 'All' },
  { value: 'report', label: 'Reports' },
  { value: 'proposal', label: 'Proposals' },
  { value: 'presentation', label: 'Presentations' },
] as const;

const columns: Column<Row>[] = [
  {
    key: 'title',
    header: 'Title',
    cell: (one) => (
      <Link to="/documents/$documentId" params={{ documentId: one.id }} className="font-medium hover:underline">
        {one.title}
      </Link>
    ),
  },
  { key: 'kind', header: 'Kind', className: 'hidden sm:table-cell w-32 text-ink-2', cell: (one) => words(one.kind) },
  { key: 'client', header: 'Client', className: 'hidden md:table-cell w-48', cell: (one) => one.client_name ?? '–' },
  {
    key: 'version',
    header: 'State',
    className: 'w-28 sm:w-36',
    cell: (one) => (
      <Badge tone={one.version === 0 ? 'neutral' : one.changed ? 'warn' : 'ok'}>
        {one.version === 0 ? 'Draft' : one.changed ? 'Changed' : `Version ${one.version}`}
      </Badge>
    ),
  },
  { key: 'at', header: 'Changed', className: 'hidden lg:table-cell w-36 text-ink-2', cell: (one) => <When at={one.updated_at} /> },
];

/** Reports, proposals and presentations, newest first. */
export function DocumentsPage() {
  const { q, kind, add } = useSearch({ from: '/shell/documents' });
  const navigate = useNavigate({ from: '/documents' });
  const tab = TABS.find((one) => one.value === kind)?.value ?? 'all';
  const list = useList('documents.list', { limit: 100, ...(q === undefined ? {} : { q }), ...(tab === 'all' ? {} : { kind: tab }) });
  const open = (yes: boolean) => void navigate({ search: (old) => ({ ...old, add: yes ? '1' : undefined }), replace: true });
  useKeys({ c: () => open(true) });
  const button = (
    <Button kind="primary" onClick={() => open(true)}>
      <Plus /> New document
    </Button>
  );
  return (
    <Page title="Documents" lead="One set of blocks, seen as a page, a PDF or slides." actions={button}>
      <div className="mb-3 flex">
        <SearchBox
          label="Search documents"
          placeholder="Words of the title"
          value={q ?? ''}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, q: next }), replace: true })}
        />
      </div>
      <div className="mb-4">
        <Tabs
          label="Which documents"
          items={TABS}
          value={tab}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, kind: next === 'all' ? undefined : next }), replace: true })}
        />
      </div>
      <Listed
        list={list}
        failed="The documents could not be loaded."
        none={
          <div className="rounded-xl border bg-panel">
            <Empty
              icon={<Files />}
              title={tab === 'all' && q === undefined ? 'No document yet' : 'No document like that'}
              action={tab === 'all' && q === undefined ? button : undefined}
            >
              {tab === 'all' && q === undefined
                ? 'A CSV becomes a report with charts; a proposal can be accepted by a link.'
                : 'Another tab or other words may find it.'}
            </Empty>
          </div>
        }
      >
        <DataTable
          label="Documents"
          list={list}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/documents/$documentId', params: { documentId: one.id } })}
        />
      </Listed>
      {add === undefined ? null : <NewDocument onClose={() => open(false)} />}
    </Page>
  );
}

const KINDS = [
  ['csv', 'Report from a CSV'],
  ['report', 'Report'],
  ['proposal', 'Proposal'],
  ['presentation', 'Presentation'],
] as const;

function NewDocument({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const form = useForm({ title: '' });
  const [kind, setKind] = useState<(typeof KINDS)[number][0]>('csv');
  const [client, setClient] = useState('');
  const [language, setLanguage] = useState<'en' | 'de'>('en');
  const [file, setFile] = useState<File | null>(null);
  const clients = useList('clients.list', { limit: 200 });
  const options = {
    quiet: true,
    refresh: ['documents'],
    onDone: (made: { id: string }) => void navigate({ to: '/documents/$documentId', params: { documentId: made.id } }),
  };
  const create = useAct('documents.create', options);
  const report = useAct('documents.create_report', options);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const shared = { language, ...(client === '' ? {} : { client_id: client }) };
    const { title } = form.values;
    if (kind !== 'csv') return create.mutate({ kind, title, ...shared }, { onError: form.setError });
    if (file === null)
      return form.setError(new ApiError(422, 'invalid_input', 'Choose a CSV file.', [{ path: 'csv', message: 'Choose a file' }]));
    report.mutate({ csv: await file.text(), title: title || 'Report', publish: false, ...shared }, { onError: form.setError });
  };
  return (
    <Dialog open onOpenChange={onClose} title="New document">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Kind">
          {(control) => (
            <Select {...control} value={kind} onChange={(event) => setKind(KINDS.find(([key]) => key === event.target.value)?.[0] ?? kind)}>
              {KINDS.map(([key, label]) => (
                <option key={key} value={key}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {kind === 'csv' ? (
          <Field label="File" hint="The first row names the columns." error={form.fault('csv')}>
            {(control) => (
              <Input {...control} type="file" accept=".csv,text/csv" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
            )}
          </Field>
        ) : null}
        <Field label="Title" error={form.fault('title')}>
          {(control) => <Input {...control} {...form.text('title')} required={kind !== 'csv'} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="For" optional>
            {(control) => (
              <Select {...control} value={client} onChange={(event) => setClient(event.target.value)}>
                <option value="">Nobody in particular</option>
                {clients.rows.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.organisation?.name ?? (one.name || (one.email ?? 'Unnamed'))}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Language">
            {(control) => (
              <Select {...control} value={language} onChange={(event) => setLanguage(event.target.value === 'de' ? 'de' : 'en')}>
                <option value="en">English</option>
                <option value="de">German</option>
              </Select>
            )}
          </Field>
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={create.isPending || report.isPending}>
            Begin
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
