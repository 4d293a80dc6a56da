import { Download } from 'lucide-react';
import { useState } from 'react';
import type { Input } from './api.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Checkbox, Field, Select } from './field.tsx';
import { countOf } from './format.ts';
import { useAct, useRead } from './query.ts';
import { SkeletonRows } from './skeleton.tsx';
import { Failure, Note } from './states.tsx';

type Request = Input<'exports.create'>;
export type ExportWhat = Request['what'];
export type ExportFilter = NonNullable<Request['filter']>;

const FORMATS = [
  ['csv', 'CSV, for any spreadsheet or import'],
  ['xlsx', 'Excel workbook'],
  ['jsonl', 'JSON Lines, for programs'],
  ['parquet', 'Parquet, for analysis'],
] as const;

/** Format and columns; then the browser takes the file. */
export function ExportDialog({
  what,
  filter,
  rows,
  open,
  onClose,
}: {
  what: ExportWhat;
  filter?: ExportFilter;
  /** How many it will be, where the page knows. */
  rows?: number;
  open: boolean;
  onClose: () => void;
}) {
  const kinds = useRead('exports.kinds', {}, { enabled: open });
  const [format, setFormat] = useState<(typeof FORMATS)[number][0]>('csv');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const kind = kinds.data?.items.find((one) => one.what === what);
  const make = useAct('exports.create', {
    refresh: ['exports'],
    quiet: true,
    onDone: ({ file }) => {
      save(file);
      onClose();
    },
  });
  const chosen = (kind?.columns ?? []).filter((column) => !left.has(column.key));
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={`Export ${kind?.title.toLowerCase() ?? what}`}
      description={`${rows === undefined ? 'Everything that the filter shows' : countOf(rows, 'row')} as a file. Each export stands in the audit log.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={make.isPending}
            disabled={chosen.length === 0}
            onClick={() =>
              make.mutate({ what, format, columns: chosen.map((column) => column.key), ...(filter === undefined ? {} : { filter }) })
            }
          >
            <Download /> Download
          </Button>
        </>
      }
    >
      {kinds.error !== null ? (
        <Failure what="The columns could not be loaded." error={kinds.error} retry={() => void kinds.refetch()} />
      ) : kind === undefined ? (
        <SkeletonRows rows={4} />
      ) : (
        <div className="space-y-4">
          <Field label="Format">
            {(control) => (
              <Select
                {...control}
                value={format}
                onChange={(event) => setFormat(FORMATS.find(([name]) => name === event.target.value)?.[0] ?? 'csv')}
              >
                {FORMATS.map(([name, label]) => (
                  <option key={name} value={name}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <fieldset>
            <legend className="mb-2 flex w-full items-center justify-between text-sm font-medium">
              Columns
              <Button
                size="sm"
                kind="quiet"
                onClick={() => setLeft(left.size === 0 ? new Set(kind.columns.map((column) => column.key)) : new Set())}
              >
                {left.size === 0 ? 'None' : 'All'}
              </Button>
            </legend>
            <div className="grid gap-2 sm:grid-cols-2 md:grid-cols-3">
              {kind.columns.map((column) => (
                <Checkbox
                  key={column.key}
                  label={column.label}
                  checked={!left.has(column.key)}
                  onCheckedChange={(on) => {
                    const next = new Set(left);
                    if (on === true) next.delete(column.key);
                    else next.add(column.key);
                    setLeft(next);
                  }}
                />
              ))}
            </div>
          </fieldset>
          {make.error === null ? null : <Note tone="bad">{make.error.message}</Note>}
        </div>
      )}
    </Dialog>
  );
}

/** A link that the browser follows as a download: nothing is held in memory. */
export function save(file: string): void {
  const link = document.createElement('a');
  link.href = file;
  link.download = '';
  link.click();
}
