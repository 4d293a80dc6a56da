import { useState } from 'react';
import type { Input as InputOf } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { count, words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

type FieldName = NonNullable<InputOf<'imports.preview'>['mapping']>[number];
const fields: readonly FieldName[] = [
  'ignore',
  'name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'organisation',
  'source',
  'notes',
  'status',
  'opted_out',
];
const labels: Partial<Record<FieldName, string>> = {
  ignore: 'Leave out',
  organisation: 'Company',
  opted_out: 'Opted out',
  name: 'Full name',
};

/** Which column is what, and what an import would do, before it does it. */
export function ImportMapping({ importId, onBack, onStarted }: { importId: string; onBack: () => void; onStarted: () => void }) {
  const [mapping, setMapping] = useState<readonly FieldName[] | null>(null);
  const [source, setSource] = useState('');
  const [enrol, setEnrol] = useState(false);
  const preview = useRead(
    'imports.preview',
    { import_id: importId, ...(mapping === null ? {} : { mapping: [...mapping] }) },
    { keep: true },
  );
  const run = useAct('imports.run', { refresh: ['imports', 'leads'], onDone: onStarted });
  const data = preview.data;
  if (data === undefined) {
    return preview.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The file could not be read." error={preview.error} retry={() => void preview.refetch()} />
    );
  }
  const now = mapping ?? data.mapping;
  const hasEmail = now.includes('email');
  return (
    <div className="space-y-5">
      <Panel title={`What the columns are · ${data.filename}`} flush>
        <div className="overflow-x-auto">
          <table className="w-full text-sm">
            <thead>
              <tr>
                {data.columns.map((column, index) => (
                  <th key={`${column} ${index}`} scope="col" className="min-w-40 border-b px-3 py-2.5 text-left font-normal">
                    <span className="mb-1 block truncate text-xs text-ink-3">{column === '' ? `Column ${index + 1}` : column}</span>
                    <Select
                      aria-label={`Meaning of column ${column === '' ? index + 1 : column}`}
                      value={now[index] ?? 'ignore'}
                      onChange={(event) =>
                        setMapping(
                          now.map((old, at) => (at === index ? (fields.find((field) => field === event.target.value) ?? old) : old)),
                        )
                      }
                    >
                      {fields.map((field) => (
                        <option key={field} value={field}>
                          {labels[field] ?? words(field)}
                        </option>
                      ))}
                    </Select>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className={preview.isPlaceholderData ? 'opacity-60' : ''}>
              {data.sample.map((row, index) => (
                <tr key={index} className="border-b last:border-b-0">
                  {row.map((cell, at) => (
                    <td
                      key={at}
                      className={now[at] === 'ignore' ? 'max-w-56 truncate px-3 py-2 text-ink-3' : 'max-w-56 truncate px-3 py-2'}
                    >
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      {hasEmail ? null : <Note tone="warn">Say which column holds the email address: people are told apart by it.</Note>}
      <Panel title="What would happen">
        <div className={preview.isPlaceholderData ? 'opacity-60' : ''}>
          <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
            <Figure label="new leads" value={count(data.counts.created)} />
            <Figure label="merged with known people" value={count(data.counts.merged)} />
            <Figure label="opt-outs kept" value={count(data.counts.opt_outs_kept)} />
            <Figure label="refused" value={count(data.counts.refused)} />
          </div>
          {data.errors.length === 0 ? null : (
            <details className="mt-4 text-sm">
              <summary className="text-ink-2 hover:text-ink">Why rows are refused</summary>
              <ul className="mt-2 space-y-1 text-ink-2">
                {data.errors.slice(0, 20).map((error) => (
                  <li key={error.row_number} className="num">
                    Row {count(error.row_number)}: {error.reason}
                    {error.value === null || error.value === '' ? null : <span className="text-ink-3"> ({error.value})</span>}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </Panel>
      <Panel>
        <div className="space-y-4">
          <Field label="Source for rows without one" optional className="max-w-sm">
            {(control) => (
              <Input {...control} value={source} placeholder="such as fair 2026" onChange={(event) => setSource(event.target.value)} />
            )}
          </Field>
          <Checkbox
            checked={enrol}
            onCheckedChange={(checked) => setEnrol(checked === true)}
            label="Enrol new leads in nurturing"
            hint="Off, they are only stored. On, sequences that are switched on write to each new lead. Tick it only for people who expect to hear from you."
          />
        </div>
      </Panel>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onBack}>Another file</Button>
        <Button
          kind="primary"
          disabled={!hasEmail}
          busy={run.isPending}
          onClick={() =>
            run.mutate({ import_id: importId, mapping: [...now], enrol, ...(source.trim() === '' ? {} : { source: source.trim() }) })
          }
        >
          Import {count(data.counts.created + data.counts.merged)} rows
        </Button>
      </div>
    </div>
  );
}
