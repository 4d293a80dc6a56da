import { Plus, X } from 'lucide-react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { COMPARES, GRAINS, RANGES, type Definition } from './report-search.ts';

type Metrics = Output<'metrics.list'>;
type Dimension = NonNullable<Definition['by']>;
const SOURCES = {
  deals: 'Deals',
  leads: 'Leads',
  messages: 'Messages',
  runs: 'Workflows',
  invoices: 'Invoices',
  payments: 'Payments',
} as const;
const MOST_METRICS = 5;

const keyOf = <Key extends string>(of: Readonly<Record<Key, string>>, text: string): Key | undefined =>
  // Every option comes from this record.
  text in of ? (text as Key) : undefined;

/** What to count, by what, of which, and when: a sentence of choices. */
export function ReportControls({ metrics, value, onChange }: { metrics: Metrics; value: Definition; onChange: (next: Definition) => void }) {
  const chosen = value.metrics.flatMap((id) => metrics.items.find((one) => one.id === id) ?? []);
  const shared = metrics.dimensions.filter(({ id }) => chosen.length > 0 && chosen.every((metric) => metric.dimensions.includes(id)));
  const set = (part: Partial<Definition>) => onChange({ ...value, ...part });
  /** Dimensions that one of the metrics does not know go. */
  const setMetrics = (ids: string[]) => {
    const known = ids.flatMap((id) => metrics.items.find((one) => one.id === id) ?? []);
    const fits = (dimension: Dimension) => known.every((metric) => metric.dimensions.includes(dimension));
    set({
      metrics: ids,
      by: value.by != null && fits(value.by) ? value.by : null,
      where: (value.where ?? []).filter((one) => fits(one.dimension)),
    });
  };
  return (
    <div className="space-y-4 rounded-xl border bg-panel p-4 shadow-raise">
      <div className="flex flex-wrap items-end gap-x-3 gap-y-3">
        {value.metrics.map((id, i) => (
          <Field key={id} label={i === 0 ? 'Metric' : `Metric ${i + 1}`} className="w-full sm:w-56">
            {(control) => (
              <span className="flex gap-1">
                <Select
                  {...control}
                  className="min-w-0 flex-1"
                  value={id}
                  onChange={(event) => setMetrics(value.metrics.map((one, place) => (place === i ? event.target.value : one)))}
                >
                  {Object.entries(SOURCES).map(([source, title]) => (
                    <optgroup key={source} label={title}>
                      {metrics.items
                        .filter((one) => one.source === source && (one.id === id || !value.metrics.includes(one.id)))
                        .map((one) => (
                          <option key={one.id} value={one.id}>
                            {one.title}
                          </option>
                        ))}
                    </optgroup>
                  ))}
                </Select>
                {value.metrics.length === 1 ? null : (
                  <Button
                    kind="quiet"
                    size="icon"
                    aria-label={`Leave out metric ${i + 1}`}
                    onClick={() => setMetrics(value.metrics.filter((one) => one !== id))}
                  >
                    <X />
                  </Button>
                )}
              </span>
            )}
          </Field>
        ))}
        {value.metrics.length >= MOST_METRICS ? null : (
          <Menu
            align="start"
            trigger={
              <Button kind="quiet">
                <Plus /> Metric
              </Button>
            }
          >
            {metrics.items
              .filter((one) => !value.metrics.includes(one.id))
              .map((one) => (
                <MenuItem key={one.id} onSelect={() => setMetrics([...value.metrics, one.id])}>
                  {one.title}
                </MenuItem>
              ))}
          </Menu>
        )}
      </div>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
        <Field label="Told apart by">
          {(control) => (
            <Select {...control} value={value.by ?? ''} onChange={(event) => set({ by: shared.find(({ id }) => id === event.target.value)?.id ?? null })}>
              <option value="">Nothing</option>
              {shared.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Choices label="Over time" of={GRAINS} value={value.grain ?? 'none'} onChange={(grain) => set({ grain })} />
        <Choices
          label="When"
          of={RANGES}
          value={value.range ?? 'last_90_days'}
          onChange={(range) => {
            const today = new Date().toISOString().slice(0, 10);
            set(range === 'custom' ? { range, from: value.from ?? `${today.slice(0, 4)}-01-01`, to: value.to ?? today } : { range, from: null, to: null });
          }}
        />
        {value.range === 'custom' ? (
          <>
            <Field label="First day">
              {(control) => <Input {...control} type="date" required value={value.from ?? ''} onChange={(event) => (event.target.value === '' ? undefined : set({ from: event.target.value }))} />}
            </Field>
            <Field label="Last day">
              {(control) => <Input {...control} type="date" required value={value.to ?? ''} onChange={(event) => (event.target.value === '' ? undefined : set({ to: event.target.value }))} />}
            </Field>
          </>
        ) : null}
        <Choices label="Held against" of={COMPARES} value={value.compare ?? 'before'} onChange={(compare) => set({ compare })} />
      </div>
      <Limits metrics={metrics} shared={shared} value={value} onChange={set} />
    </div>
  );
} // prettier-ignore

function Choices<Key extends string>({
  label,
  of,
  value,
  onChange,
}: {
  label: string;
  of: Readonly<Record<Key, string>>;
  value: Key;
  onChange: (next: Key) => void;
}) {
  return (
    <Field label={label}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onChange={(event) => {
            const next = keyOf(of, event.target.value);
            if (next !== undefined) onChange(next);
          }}
        >
          {Object.entries<string>(of).map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Only of these: one chip a value. */
function Limits({
  metrics,
  shared,
  value,
  onChange,
}: {
  metrics: Metrics;
  shared: Metrics['dimensions'];
  value: Definition;
  onChange: (part: Partial<Definition>) => void;
}) {
  const where = value.where ?? [];
  const nameOf = (dimension: Dimension, one: string) =>
    one === '' ? 'none' : (metrics.values[dimension]?.find((known) => known.value === one)?.name ?? one);
  const put = (dimension: Dimension, one: string) => {
    const old = where.find((limit) => limit.dimension === dimension);
    onChange({
      where:
        old === undefined
          ? [...where, { dimension, values: [one] }]
          : where.map((limit) => (limit === old ? { dimension, values: [...new Set([...old.values, one])] } : limit)),
    });
  };
  const drop = (dimension: Dimension, one: string) =>
    onChange({
      where: where
        .map((limit) => (limit.dimension === dimension ? { dimension, values: limit.values.filter((kept) => kept !== one) } : limit))
        .filter((limit) => limit.values.length > 0),
    });
  const choosable = shared.filter(({ id }) => (metrics.values[id]?.length ?? 0) > 0);
  if (choosable.length === 0 && where.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      <span className="text-ink-2">Only</span>
      {where.flatMap(({ dimension, values }) =>
        values.map((one) => (
          <span key={`${dimension} ${one}`} className="inline-flex h-7 items-center gap-1 rounded-full bg-sunken pr-1 pl-2.5 text-xs">
            {metrics.dimensions.find(({ id }) => id === dimension)?.title}: {nameOf(dimension, one)}
            <button
              type="button"
              className="rounded-full p-1 text-ink-3 hover:bg-hover hover:text-ink [&_svg]:size-3"
              aria-label={`No longer only ${nameOf(dimension, one)}`}
              onClick={() => drop(dimension, one)}
            >
              <X />
            </button>
          </span>
        )),
      )}
      {choosable.length === 0 ? null : (
        <Select
          aria-label="Add a limit"
          className="w-44"
          value=""
          onChange={(event) => {
            const at = event.target.value.indexOf(' ');
            const dimension = choosable.find(({ id }) => id === event.target.value.slice(0, at))?.id;
            if (dimension !== undefined) put(dimension, event.target.value.slice(at + 1));
          }}
        >
          <option value="">{where.length === 0 ? 'everything' : 'and …'}</option>
          {choosable.map(({ id, title }) => (
            <optgroup key={id} label={title}>
              {(metrics.values[id] ?? []).slice(0, 500).map((one) => (
                <option key={one.value} value={`${id} ${one.value}`}>
                  {one.name}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
      )}
    </div>
  );
}
