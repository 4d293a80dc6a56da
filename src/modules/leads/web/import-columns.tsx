import { useQueryClient } from '@tanstack/react-query';
import { call, ApiError, type Item } from '#web/kit/api.ts';
import { Select } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { refresh, useList } from '#web/kit/query.ts';
import { useState } from 'react';
import { Note } from '#web/kit/states.tsx';
import type { Upload } from './import.tsx';

const fields = [
  'ignore', 'name', 'first_name', 'last_name', 'email', 'other_email', 'phone', 'other_phone', 'organisation', 'tags', 'owner', 'source', 'status', 'notes',
  'language', 'time_zone', 'opted_out', 'consent', 'consent_at', 'consent_evidence',
]; // prettier-ignore
const labels: Record<string, string> = {
  ignore: 'Leave out', name: 'Full name', organisation: 'Company', other_email: 'Further email', other_phone: 'Further phone', owner: 'Owner (email of a user)',
  status: 'Lead status', opted_out: 'Opted out (yes or no)', consent: 'Consent (yes or no)', consent_at: 'Day of consent', consent_evidence: 'Proof of consent',
}; // prettier-ignore
const several = new Set(['ignore', 'other_email', 'other_phone', 'tags', 'notes']);

/** Of a file of deals, and of products. */
const tables = {
  deals: [
    'ignore', 'deal.name', 'deal.external_id', 'deal.stage', 'deal.amount', 'deal.currency', 'deal.product', 'deal.organisation', 'deal.owner', 'deal.owner_email', 'deal.person_email',
    'deal.opened_at', 'deal.closed_at', 'deal.source', 'deal.next_step',
  ],
  products: ['ignore', 'product.name', 'product.series', 'product.price', 'product.currency'],
}; // prettier-ignore
const tableLabels: Record<string, string> = {
  'deal.name': 'Name of the deal', 'deal.external_id': 'Id in the file', 'deal.opened_at': 'Day it was opened', 'deal.closed_at': 'Close date', 'deal.owner_email': 'Email of the owner',
  'deal.person_email': 'Email of the person', 'product.name': 'Name of the product', 'product.price': 'List price',
}; // prettier-ignore
export type Kind = 'people' | keyof typeof tables;

/** What the rows are, as the mapping says. */
export function kindOf(mapping: readonly string[]): Kind {
  if (mapping.some((field) => field.startsWith('deal.'))) return 'deals';
  return mapping.some((field) => field.startsWith('product.')) ? 'products' : 'people';
}
const labelOf = (field: string) => labels[field] ?? tableLabels[field] ?? words(field.replace(/^(deal|product)\./, ''));

const formatLabels: Record<Format, string> = {
  dmy: 'day first: 31.12.2026', mdy: 'month first: 12/31/2026', ymd: 'year first: 2026-12-31', comma: 'decimal comma: 1.234,5', point: 'decimal point: 1,234.5',
}; // prettier-ignore
export type Format = Upload['findings'][number]['format'];
const formatsOf = { date: ['dmy', 'mdy', 'ymd'], number: ['point', 'comma'] } as const;

interface Props {
  upload: Upload;
  mapping: readonly string[];
  kind: Kind;
  formats: Readonly<Record<string, Format>>;
  onMapping: (mapping: string[]) => void;
  onFormat: (column: number, format: Format) => void;
}

/** Each column with what it holds, what it means, and how its days and numbers are written. */
export function ImportColumns({ upload, mapping, kind, formats, onMapping, onFormat }: Props) {
  const client = useQueryClient();
  const own = useList('custom_fields.list', {});
  const [error, setError] = useState<string | null>(null);
  /** A field that stands once belongs to one column; choosing it here frees it there. */
  const choose = (at: number, field: string) =>
    onMapping(mapping.map((now, index) => (index === at ? field : now === field && !several.has(field) ? 'ignore' : now)));
  const invent = async (at: number) => {
    const found = upload.findings.find((finding) => finding.column === at);
    try {
      const made = await call('custom_fields.create', { label: upload.columns[at] ?? 'Field', type: found?.kind ?? 'text' });
      await refresh(client, ['custom_fields']);
      setError(null);
      choose(at, `custom.${made.key}`);
    } catch (problem) {
      setError(problem instanceof ApiError ? problem.message : 'The field could not be made. Try again.');
    }
  };
  return (
    <div>
      {error === null ? null : (
        <div className="p-4 pb-0">
          <Note tone="bad">{error}</Note>
        </div>
      )}
      <ul className="divide-y">
        {upload.columns.map((column, index) => {
          const finding = upload.findings.find((one) => one.column === index);
          const asks = finding !== undefined && (/^(custom|deal|product)\./.test(mapping[index] ?? '') || mapping[index] === 'consent_at');
          return (
            <li key={`${column} ${index}`} className="grid gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[1fr_16rem]">
              <div className="min-w-0">
                <div className={mapping[index] === 'ignore' ? 'truncate text-sm text-ink-3' : 'truncate text-sm font-medium'}>{column}</div>
                <div className="truncate text-xs text-ink-3">{samplesOf(upload, index)}</div>
              </div>
              <div className="space-y-2">
                <Select
                  aria-label={`Meaning of column ${column}`}
                  value={mapping[index] ?? 'ignore'}
                  onChange={(event) => (event.target.value === 'new' ? void invent(index) : choose(index, event.target.value))}
                >
                  {(kind === 'people' ? fields : tables[kind]).map((field) => (
                    <option key={field} value={field}>
                      {labelOf(field)}
                    </option>
                  ))}
                  {kind === 'people' ? <OwnFields own={own.rows} /> : null}
                </Select>
                {asks ? (
                  <Select
                    aria-label={`How column ${column} is written`}
                    value={formats[index] ?? finding.format}
                    onChange={(event) => {
                      const chosen = formatsOf[finding.kind].find((format) => format === event.target.value);
                      if (chosen !== undefined) onFormat(index, chosen);
                    }}
                  >
                    {formatsOf[finding.kind].map((format) => (
                      <option key={format} value={format}>
                        {formatLabels[format]}
                      </option>
                    ))}
                  </Select>
                ) : null}
                {asks && !finding.proven ? <p className="text-xs text-warn">The cells fit more than one reading. Is this right?</p> : null}
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function OwnFields({ own }: { own: readonly Item<'custom_fields.list'>[] }) {
  return (
    <optgroup label="Fields of yours">
      {own.map((field) => (
        <option key={field.key} value={`custom.${field.key}`}>
          {field.label}
        </option>
      ))}
      <option value="new">New field from this column</option>
    </optgroup>
  );
}

function samplesOf(upload: Upload, column: number): string {
  const cells = upload.sample.map((row) => row[column]?.trim() ?? '').filter((cell) => cell !== '');
  return cells.length === 0 ? 'empty in the first rows' : [...new Set(cells)].slice(0, 3).join(' · ');
}
