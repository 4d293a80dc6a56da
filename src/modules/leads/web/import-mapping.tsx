import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type ApiError, type Input, type Item, type Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input as TextInput, Select } from '#web/kit/field.tsx';
import { count, countOf } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Note } from '#web/kit/states.tsx';
import { ImportColumns, kindOf, type Format, type Kind } from './import-columns.tsx';
import { DealValues, valuesOf, type Called } from './import-deals.tsx';
import type { Upload } from './import.tsx';

/** Rows that are counted at once after each change; for more, on request. */
const atOnce = 20_000;

interface DryRun {
  counts: Output<'imports.get'>;
  errors: Item<'imports.errors'>[];
}

/** Counts what an import would do; nothing is written. */
async function dryRun(input: Input<'imports.run'>): Promise<DryRun> {
  await call('imports.run', { ...input, dry_run: true });
  for (;;) {
    const counts = await call('imports.get', { import_id: input.import_id });
    if (counts.state !== 'running') {
      const errors = counts.refused === 0 ? [] : (await call('imports.errors', { import_id: input.import_id, limit: 20 })).items;
      return { counts, errors };
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Which column is what, and what an import would do, before it does it. */
export function ImportMapping({ upload, onBack, onStarted }: { upload: Upload; onBack: () => void; onStarted: () => void }) {
  const [mapping, setMapping] = useState<readonly string[]>(upload.mapping);
  const [formats, setFormats] = useState<Readonly<Record<string, Format>>>(upload.formats);
  const [source, setSource] = useState('');
  const [tags, setTags] = useState('');
  const [enrol, setEnrol] = useState(false);
  const [withoutEmail, setWithoutEmail] = useState(false);
  const [proof, setProof] = useState('');
  const topics = useRead('topics.list', {});
  const [topic, setTopic] = useState('marketing');
  const agrees = mapping.includes('consent') || mapping.includes('consent_at') || proof.trim() !== '';
  const rows = upload.total_rows ?? 0;
  const [asked, setAsked] = useState(rows <= atOnce);
  const [kind, setKind] = useState<Kind>(kindOf(upload.mapping));
  // Null until the file's own words are known: nothing is imported before.
  const [called, setCalled] = useState<Called | null>(null);
  const [pipeline, setPipeline] = useState('');
  const [openStage, setOpenStage] = useState('');
  const turn = async (next: Kind) => {
    setKind(next);
    setMapping((await call('imports.suggest', { import_id: upload.id, kind: next })).mapping);
  };
  const people = kind === 'people';
  const needed = kind === 'deals' ? 'deal.stage' : 'product.name';
  const tells = !people
    ? mapping.includes(needed)
    : ['email', 'phone', 'name', 'first_name', 'last_name'].some((field) => mapping.includes(field));
  const known = kind !== 'deals' || called !== null;
  const named = tags.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''); // prettier-ignore
  const input = {
    import_id: upload.id,
    mapping: [...mapping],
    formats,
    enrol,
    without_email: withoutEmail,
    tags: named,
    ...(people && agrees ? { consent_topic: topic } : {}),
    ...(kind === 'deals' ? { values: valuesOf(called ?? {}) } : {}),
    ...(kind === 'deals' && pipeline.trim() !== '' ? { pipeline: pipeline.trim() } : {}),
    ...(kind === 'deals' && openStage !== '' ? { open_stage: openStage } : {}),
    ...(source.trim() === '' ? {} : { source: source.trim() }),
    ...(proof.trim() === '' ? {} : { consent: { basis: 'consent' as const, evidence: proof.trim() } }),
  };
  const plan = useQuery<DryRun, ApiError>({
    queryKey: ['imports.run', upload.id, mapping, formats, withoutEmail, called],
    queryFn: () => dryRun(input),
    enabled: tells && asked && known,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    // The count before is still under way: ask again when it is done.
    retry: (times, error) => error.status === 409 && times < 40,
    retryDelay: 500,
  });
  const run = useAct('imports.run', {
    refresh: ['imports', 'leads', 'deals', 'deal_owners', 'pipeline', 'pipelines', 'products'],
    onDone: onStarted,
  });
  const counts = plan.data?.counts;
  return (
    <div className="max-w-3xl space-y-5">
      <Field label="Each row is" className="w-48">
        {(control) => (
          <Select
            {...control}
            value={kind}
            onChange={(event) => {
              const next = (['people', 'deals', 'products'] as const).find((one) => one === event.target.value);
              if (next !== undefined) void turn(next);
            }}
          >
            <option value="people">a person</option>
            <option value="deals">a deal</option>
            <option value="products">a product</option>
          </Select>
        )}
      </Field>
      <Panel title={<span className="num">{`${upload.filename} · ${countOf(rows, 'row')} · ${fileKind(upload)}`}</span>} flush>
        <ImportColumns
          upload={upload}
          mapping={mapping}
          kind={kind}
          formats={formats}
          onMapping={setMapping}
          onFormat={(column, format) => setFormats((old) => ({ ...old, [column]: format }))}
        />
      </Panel>
      {kind === 'deals' && tells ? (
        <DealValues
          importId={upload.id}
          mapping={mapping}
          called={called ?? {}}
          onCalled={setCalled}
          pipeline={pipeline}
          onPipeline={setPipeline}
          openStage={openStage}
          onOpenStage={setOpenStage}
        />
      ) : null}
      {people || tells ? null : (
        <Note tone="warn">Say which column holds the {kind === 'deals' ? 'stage of the deal' : 'name of the product'}.</Note>
      )}
      {tells || !people ? null : (
        <Note tone="warn">Say which column holds the email address, a phone number or a name: people are told apart by it.</Note>
      )}
      {people && tells && !mapping.includes('email') ? (
        <Note tone="warn">
          No column is an email address. People are told apart by {mapping.includes('phone') ? 'number' : 'name and company'}.
        </Note>
      ) : null}
      {tells && !asked ? <Button onClick={() => setAsked(true)}>Count what would happen first</Button> : null}
      {tells && asked ? (
        <Panel title="What would happen">
          {plan.error !== null ? (
            <Note tone="bad" action={<Button onClick={() => void plan.refetch()}>Try again</Button>}>
              {plan.error.message}
            </Note>
          ) : counts === undefined ? (
            <SkeletonLines lines={2} />
          ) : (
            <WouldBe plan={plan.data} busy={plan.isFetching} kind={kind} />
          )}
        </Panel>
      ) : null}
      {people ? (
        <Panel title="For everybody in the file">
          <div className="space-y-4">
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label="Source for rows without one" optional>
                {(control) => (
                  <TextInput
                    {...control}
                    value={source}
                    placeholder="such as fair 2026"
                    onChange={(event) => setSource(event.target.value)}
                  />
                )}
              </Field>
              <Field label="Tags" optional hint="Several by comma.">
                {(control) => (
                  <TextInput {...control} value={tags} placeholder="fair, vip" onChange={(event) => setTags(event.target.value)} />
                )}
              </Field>
            </div>
            <Field
              label="Proof of consent of all new people"
              optional
              hint="Where and when they agreed, to which words. Leave it empty unless all of them did."
            >
              {(control) => <TextInput {...control} value={proof} onChange={(event) => setProof(event.target.value)} />}
            </Field>
            {agrees ? (
              <Field label="What they agreed to" hint="Mail about other topics does not rest on it.">
                {(control) => (
                  <Select {...control} value={topic} onChange={(event) => setTopic(event.target.value)}>
                    <option value="marketing">All commercial mail</option>
                    {topics.data?.items.map((one) => (
                      <option key={one.key} value={one.key}>
                        {one.title}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            ) : null}
            {mapping.includes('email') ? (
              <Checkbox
                checked={withoutEmail}
                onCheckedChange={(checked) => setWithoutEmail(checked === true)}
                label="Take rows without an email address, too"
                hint="People without one are told apart by their number, else by name and company."
              />
            ) : null}
            <Checkbox
              checked={enrol}
              onCheckedChange={(checked) => setEnrol(checked === true)}
              label="Enrol new leads in nurturing"
              hint="Off, they are only stored. On, sequences that are switched on write to each new lead, and it is written down that they asked to hear from you: at a fair, on the phone. Never tick it for a list that you bought."
            />
          </div>
        </Panel>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button onClick={onBack}>Another file</Button>
        <Button
          kind="primary"
          disabled={!tells || !known || (asked && (plan.isFetching || counts === undefined))}
          busy={run.isPending}
          onClick={() => run.mutate(input)}
        >
          Import {count(counts === undefined ? rows : counts.created + counts.merged)} rows
        </Button>
      </div>
    </div>
  );
}

function fileKind({ format, encoding, delimiter }: Upload): string {
  if (format === 'xlsx') return 'Excel workbook';
  if (format === 'vcard') return 'vCard';
  const by = `CSV by ${{ ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }[delimiter] ?? delimiter}`;
  return `${by}, ${encoding === 'windows-1252' ? 'Windows-1252' : encoding.toUpperCase()}`;
}

function WouldBe({ plan, busy, kind }: { plan: DryRun | undefined; busy: boolean; kind: Kind }) {
  if (plan === undefined) return null;
  const { counts, errors } = plan;
  return (
    <div className={busy ? 'opacity-60' : ''}>
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Figure label={kind === 'people' ? 'new leads' : `new ${kind}`} value={count(counts.created)} />
        {kind === 'people' ? (
          <Figure label="merged with known people" value={count(counts.merged)} hint={`${count(counts.unchanged)} of them unchanged`} />
        ) : (
          <Figure label={`known ${kind}, brought up to date`} value={count(counts.merged)} />
        )}
        {kind === 'people' ? <Figure label="opt-outs kept" value={count(counts.opt_outs_kept)} /> : null}
        <Figure label="refused" value={count(counts.refused)} />
      </div>
      {errors.length === 0 ? null : (
        <details className="mt-4 text-sm">
          <summary className="text-ink-2 hover:text-ink">Why rows are refused</summary>
          <ul className="mt-2 space-y-1 text-ink-2">
            {errors.map((error) => (
              <li key={error.row_number} className="num break-words">
                Line {count(error.line)}: {error.reason}
                {error.value === null || error.value === '' ? null : <span className="text-ink-3"> ({error.value})</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
