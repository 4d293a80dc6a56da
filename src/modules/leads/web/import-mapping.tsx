import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type ApiError, type Item, type Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { count, words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Note } from '#web/kit/states.tsx';
import type { Upload } from './import.tsx';

type FieldName = Upload['mapping'][number];
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

interface DryRun {
  counts: Output<'imports.get'>;
  errors: Item<'imports.errors'>[];
}

/** Counts what an import would do; nothing is written. */
async function dryRun(importId: string, mapping: FieldName[]): Promise<DryRun> {
  const counts = await call('imports.run', { import_id: importId, mapping, dry_run: true, wait: true });
  const errors = counts.refused === 0 ? [] : (await call('imports.errors', { import_id: importId, limit: 20 })).items;
  return { counts, errors };
}

/** Which column is what, and what an import would do, before it does it. */
export function ImportMapping({ upload, onBack, onStarted }: { upload: Upload; onBack: () => void; onStarted: () => void }) {
  const [mapping, setMapping] = useState<readonly FieldName[]>(upload.mapping);
  const [source, setSource] = useState('');
  const [enrol, setEnrol] = useState(false);
  const hasEmail = mapping.includes('email');
  const plan = useQuery<DryRun, ApiError>({
    queryKey: ['imports.run', upload.id, mapping],
    queryFn: () => dryRun(upload.id, [...mapping]),
    enabled: hasEmail,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    // The count before is still under way: ask again when it is done.
    retry: (times, error) => error.status === 409 && times < 40,
    retryDelay: 500,
  });
  const run = useAct('imports.run', { refresh: ['imports', 'leads'], onDone: onStarted });
  /** A field belongs to one column; choosing it here frees it there. */
  const choose = (at: number, field: FieldName) =>
    setMapping((old) => old.map((now, index) => (index === at ? field : now === field && field !== 'ignore' ? 'ignore' : now)));
  const counts = plan.data?.counts;
  return (
    <div className="space-y-5">
      <Panel title={`What the columns are · ${upload.filename}`} flush>
        <div className="overflow-x-auto">
          <table className="w-full text-sm">
            <thead>
              <tr>
                {upload.columns.map((column, index) => (
                  <th key={`${column} ${index}`} scope="col" className="min-w-40 border-b px-3 py-2.5 text-left font-normal">
                    <span className="mb-1 block truncate text-xs text-ink-3">{column === '' ? `Column ${index + 1}` : column}</span>
                    <Select
                      aria-label={`Meaning of column ${column === '' ? index + 1 : column}`}
                      value={mapping[index] ?? 'ignore'}
                      onChange={(event) => choose(index, fields.find((field) => field === event.target.value) ?? 'ignore')}
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
            <tbody>
              {upload.sample.map((row, index) => (
                <tr key={index} className="border-b last:border-b-0">
                  {row.map((cell, at) => (
                    <td
                      key={at}
                      className={mapping[at] === 'ignore' ? 'max-w-56 truncate px-3 py-2 text-ink-3' : 'max-w-56 truncate px-3 py-2'}
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
      {hasEmail ? (
        <Panel title="What would happen">
          {plan.error !== null ? (
            <Note tone="bad" action={<Button onClick={() => void plan.refetch()}>Try again</Button>}>
              {plan.error.message}
            </Note>
          ) : counts === undefined ? (
            <SkeletonLines lines={2} />
          ) : (
            <div className={plan.isFetching ? 'opacity-60' : ''}>
              <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
                <Figure label="new leads" value={count(counts.created)} />
                <Figure label="merged with known people" value={count(counts.merged)} />
                <Figure label="opt-outs kept" value={count(counts.opt_outs_kept)} />
                <Figure label="refused" value={count(counts.refused)} />
              </div>
              {(plan.data?.errors.length ?? 0) === 0 ? null : (
                <details className="mt-4 text-sm">
                  <summary className="text-ink-2 hover:text-ink">Why rows are refused</summary>
                  <ul className="mt-2 space-y-1 text-ink-2">
                    {plan.data?.errors.map((error) => (
                      <li key={error.row_number} className="num">
                        Row {count(error.row_number)}: {error.reason}
                        {error.value === null || error.value === '' ? null : <span className="text-ink-3"> ({error.value})</span>}
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
          )}
        </Panel>
      ) : null}
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
          disabled={!hasEmail || plan.isFetching || counts === undefined}
          busy={run.isPending}
          onClick={() =>
            run.mutate({ import_id: upload.id, mapping: [...mapping], enrol, ...(source.trim() === '' ? {} : { source: source.trim() }) })
          }
        >
          Import {counts === undefined ? '' : count(counts.created + counts.merged)} rows
        </Button>
      </div>
    </div>
  );
}
