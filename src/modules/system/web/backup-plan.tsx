import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { momentOf } from '#web/kit/time.tsx';
import { sizeOf } from './size.ts';

type Plan = Output<'backups.plan.get'>;

/** How often, how many, where. */
export function BackupPlan({ plan }: { plan: Plan }) {
  const form = useForm({
    active: plan.active,
    every_hours: String(plan.every_hours),
    keep: String(plan.keep),
    directory: plan.directory ?? '',
    drill_days: plan.drill_days === null ? '' : String(plan.drill_days),
  });
  const { values, set, text, fault } = form;
  const save = useAct('backups.plan.update', { quiet: true, refresh: ['backups'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      {
        if_match: plan.updated_at,
        active: values.active,
        every_hours: Number(values.every_hours),
        keep: Number(values.keep),
        directory: values.directory.trim() === '' ? null : values.directory.trim(),
        drill_days: values.drill_days.trim() === '' ? null : Number(values.drill_days),
      },
      { onError: form.setError },
    );
  };
  return (
    <Panel title="By plan">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Checkbox
          label="Take backups by plan"
          hint={plan.next_at === null ? 'None is taken by itself.' : `The next one: ${momentOf(plan.next_at)}.`}
          checked={values.active}
          onCheckedChange={(checked) => set('active', checked === true)}
        />
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label="Every so many hours" error={fault('every_hours')}>
            {(control) => <Input {...control} {...text('every_hours')} type="number" min={1} max={720} />}
          </Field>
          <Field label="Keep" hint="Of those by plan." error={fault('keep')}>
            {(control) => <Input {...control} {...text('keep')} type="number" min={1} max={365} />}
          </Field>
          <Field label="Try a restore every so many days" optional hint="Empty: only when asked." error={fault('drill_days')}>
            {(control) => <Input {...control} {...text('drill_days')} type="number" min={1} max={365} />}
          </Field>
        </div>
        <Field
          label="Directory"
          optional
          hint={`On the machine that runs Steward. Empty: backups in its data directory.${plan.free_bytes === null ? '' : ` ${sizeOf(plan.free_bytes)} free there.`}`}
          error={fault('directory')}
        >
          {(control) => <Input {...control} {...text('directory')} placeholder="/var/backups/steward" />}
        </Field>
        <Button type="submit" kind="primary" busy={save.isPending}>
          Save
        </Button>
      </form>
    </Panel>
  );
}
