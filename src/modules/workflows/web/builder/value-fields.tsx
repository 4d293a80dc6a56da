import { Plus, X } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Input, Textarea } from '#web/kit/field.tsx';
import { JsonText } from './condition-field.tsx';
import { EventList, type Control } from './small-fields.tsx';
import type { Vocabulary } from './words.ts';

/** A list of events, of texts one a line, or as JSON. */
export function ListField({
  items,
  value,
  control,
  vocabulary,
  label,
  onChange,
}: {
  /** Schema of one entry. */
  items: { readonly type?: string | readonly string[]; readonly 'x-widget'?: string } | undefined;
  value: unknown;
  control: Control;
  vocabulary: Vocabulary;
  label: string;
  onChange: (value: unknown) => void;
}) {
  const entries: unknown[] = Array.isArray(value) ? value : [];
  if (items?.['x-widget'] === 'event')
    return <EventList control={control} value={entries.map(String)} vocabulary={vocabulary} onChange={onChange} />;
  if (items?.type !== 'string') return <JsonText label={label} value={value ?? []} onChange={onChange} />;
  return (
    <Textarea
      {...control}
      rows={Math.min(4, Math.max(2, entries.length))}
      placeholder="One a line"
      value={entries.map(String).join('\n')}
      onChange={(event) => onChange(event.target.value === '' ? [] : event.target.value.split('\n'))}
    />
  );
}

/** Names and values, one pair a line. */
export function PairsField({
  value,
  label,
  onChange,
}: {
  value: Readonly<Record<string, unknown>>;
  label: string;
  onChange: (value: unknown) => void;
}) {
  const pairs = Object.entries(value);
  const put = (next: [string, unknown][]) => onChange(Object.fromEntries(next));
  return (
    <div className="space-y-2">
      {pairs.map(([key, one], i) => (
        <div key={i} className="flex gap-2">
          <Input
            aria-label={`${label}: name ${i + 1}`}
            value={key}
            onChange={(event) => put(pairs.map((pair, at) => (at === i ? [event.target.value, pair[1]] : pair)))}
          />
          <Input
            aria-label={`${label}: value ${i + 1}`}
            value={typeof one === 'string' ? one : JSON.stringify(one)}
            onChange={(event) => put(pairs.map((pair, at) => (at === i ? [pair[0], event.target.value] : pair)))}
          />
          <Button
            kind="quiet"
            size="icon"
            aria-label={`Remove ${key === '' ? 'this pair' : key}`}
            onClick={() => put(pairs.filter((_, at) => at !== i))}
          >
            <X />
          </Button>
        </div>
      ))}
      <Button size="sm" onClick={() => put([...pairs, ['', '']])}>
        <Plus /> Pair
      </Button>
    </div>
  );
}

/** Text, or a number or JSON where it reads as one. */
export function MixedField({ control, value, onChange }: { control: Control; value: unknown; onChange: (value: unknown) => void }) {
  return (
    <Input
      {...control}
      autoComplete="off"
      value={value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)}
      onChange={(event) => onChange(event.target.value === '' ? undefined : scalar(event.target.value))}
    />
  );
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
