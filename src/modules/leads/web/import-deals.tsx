import { useRead } from '#web/kit/query.ts';
import { useQuery } from '@tanstack/react-query';
import { call, type ApiError, type Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';

type Found = Output<'imports.values'>['items'][number];
/** What a value of the file is called here, by field and value; what nobody touched follows the suggestion. */
export type Called = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const valuesOf = (called: Called): Record<string, Record<string, string>> =>
  Object.fromEntries(Object.entries(called).map(([field, values]) => [field, { ...values }]));

interface Props {
  importId: string;
  mapping: readonly string[];
  called: Called;
  onCalled: (called: Called) => void;
  pipeline: string;
  onPipeline: (name: string) => void;
  openStage: string;
  onOpenStage: (name: string) => void;
}

const titles = { stage: 'Stages', product: 'Products', owner: 'Owners' } as const;

/** Stages, products and owners as the file has them, and what each is here. What looks alike is suggested, and taken only as it stands in the field. */
export function DealValues(props: Props) {
  const { importId, mapping, called, onCalled, pipeline } = props;
  const pipelines = useRead('pipelines.list', {});
  const found = useQuery<Output<'imports.values'>, ApiError>({
    queryKey: ['imports.values', importId, mapping, pipeline],
    queryFn: async () => {
      const answer = await call('imports.values', { import_id: importId, mapping: [...mapping], ...(pipeline === '' ? {} : { pipeline }) });
      // What looks alike is filled in; a person may take it back.
      const next: Record<string, Record<string, string>> = valuesOf(called);
      for (const one of answer.items)
        if (one.known !== null && !one.exact && next[one.field]?.[one.value] === undefined) (next[one.field] ??= {})[one.value] = one.known;
      onCalled(next);
      return answer;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (found.error !== null)
    return <Failure what="The values of the file could not be read." error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined)
    return (
      <Panel title="What the file calls things">
        <SkeletonLines lines={4} />
      </Panel>
    );
  const open = found.data.items.filter(
    (one) => one.field === 'stage' && !['won', 'lost'].includes(one.kind ?? '') && !/won|lost/i.test(one.known ?? one.value),
  );
  return (
    <Panel title="What the file calls things">
      <div className="mb-4 grid gap-4 sm:grid-cols-2">
        <Field label="Into the pipeline" hint="A new name makes a new one.">
          {(control) => (
            <>
              <Input
                {...control}
                list="pipelines"
                value={pipeline}
                placeholder={pipelines.data?.items[0]?.name ?? 'Sales'}
                onChange={(event) => props.onPipeline(event.target.value)}
              />
              <datalist id="pipelines">
                {pipelines.data?.items.map((one) => (
                  <option key={one.id} value={one.name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Closed deals stood before in" hint="From the day they were opened, at the list price of their product.">
          {(control) => (
            <Select {...control} value={props.openStage} onChange={(event) => props.onOpenStage(event.target.value)}>
              <option value="">the last open stage</option>
              {open.map((one) => (
                <option key={one.value} value={one.known ?? one.value}>
                  {one.known ?? one.value}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {(['stage', 'product', 'owner'] as const).map((field) => (
        <Values
          key={field}
          title={titles[field]}
          found={found.data.items.filter((one) => one.field === field)}
          called={called[field] ?? {}}
          onCalled={(value, name) => onCalled({ ...called, [field]: { ...called[field], [value]: name } })}
        />
      ))}
    </Panel>
  );
}

function Values({
  title,
  found,
  called,
  onCalled,
}: {
  title: string;
  found: readonly Found[];
  called: Readonly<Record<string, string>>;
  onCalled: (value: string, name: string) => void;
}) {
  if (found.length === 0) return null;
  const unsure = found.filter((one) => !one.exact);
  return (
    <details className="border-t py-2 text-sm" open={unsure.some((one) => one.known !== null)}>
      <summary className="py-1">
        <span className="font-medium">{title}</span>{' '}
        <span className="num text-ink-3">
          {found.length === unsure.length
            ? `${found.length}, all new`
            : unsure.length === 0
              ? `${found.length}, all known`
              : `${found.length}, ${unsure.length} to look at`}
        </span>
      </summary>
      <ul className="mt-1 space-y-1.5">
        {found.slice(0, 100).map((one) => (
          <li key={one.value} className="grid grid-cols-[1fr_1fr_auto] items-center gap-3">
            <span className="min-w-0 truncate">
              {one.value} <span className="num text-xs text-ink-3">{countOf(one.rows, 'row')}</span>
            </span>
            <Input
              aria-label={`What ${one.value} is called here`}
              value={called[one.value] ?? one.value}
              onChange={(event) => onCalled(one.value, event.target.value)}
            />
            {one.exact ? (
              <Badge tone="ok">known</Badge>
            ) : one.known !== null ? (
              <Badge tone="warn">looks like it</Badge>
            ) : (
              <Badge>{one.kind === null ? 'new' : `new, ${one.kind}`}</Badge>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
