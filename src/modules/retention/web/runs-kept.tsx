import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

/** How long ended runs stay; the installation says so where the company does not. */
export function RunsKept() {
  const company = useRead('companies.get', {});
  if (company.data === undefined)
    return company.error === null ? (
      <SkeletonLines lines={3} />
    ) : (
      <Failure what="How long runs are kept could not be loaded." error={company.error} retry={() => void company.refetch()} />
    );
  return <Days key={company.data.updated_at} company={company.data} />;
}

function Days({ company }: { company: Output<'companies.get'> }) {
  const may = useMay('admin');
  const days = company.settings['keep_runs_days'];
  const before = typeof days === 'number' ? String(days) : '';
  const form = useForm({ keep_runs_days: before });
  const save = useAct('companies.update', { quiet: true, refresh: ['companies'], done: 'Saved.' });
  const now = form.values.keep_runs_days;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { if_match: company.updated_at, settings: { keep_runs_days: now === '' ? null : Number(now) } },
      { onError: form.setError },
    );
  };
  return (
    <Panel title="Runs that have ended">
      <form onSubmit={submit} className="space-y-4 text-sm">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <p className="text-ink-2">They go with their journal. Messages, decisions and the proof of what was sent stay in any case.</p>
        <div className="flex flex-wrap items-start gap-3">
          <Field label="Days" optional hint="Empty: as this installation says." error={form.fault('keep_runs_days')} className="w-64">
            {(control) => <Input {...control} {...form.text('keep_runs_days')} type="number" min={7} max={36_500} disabled={!may} />}
          </Field>
        </div>
        {may && now !== before ? (
          <Button type="submit" busy={save.isPending}>
            Save
          </Button>
        ) : null}
      </form>
    </Panel>
  );
}
