import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { timeZones } from '#web/kit/zones.ts';

type Company = Output<'companies.get'>;

export function CompanySettings() {
  const company = useRead('companies.get', {});
  if (company.data === undefined) {
    return company.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The company could not be loaded." error={company.error} retry={() => void company.refetch()} />
    );
  }
  return <CompanyForm key={company.data.updated_at} company={company.data} />;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function CompanyForm({ company }: { company: Company }) {
  const may = useMay('admin');
  const { settings } = company;
  const hours = textOf(settings['sending_hours']);
  const form = useForm({
    name: company.name,
    website: company.website ?? '',
    postal_address: textOf(settings['postal_address']),
    time_zone: textOf(settings['time_zone']),
    always: hours === 'always',
    from: hours.includes('-') ? hours.slice(0, 5) : '09:00',
    to: hours.includes('-') ? hours.slice(6) : '17:00',
    business_description: textOf(settings['business_description']),
    tone: textOf(settings['tone']),
    call_to_action: textOf(settings['call_to_action']),
    signature: textOf(settings['signature']),
    language: textOf(settings['language']),
  });
  const save = useAct('companies.update', { quiet: true, refresh: ['companies', 'users', 'system', 'sending'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, website, always, from, to, time_zone: timeZone, ...texts } = form.values;
    const kept = Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, value.trim() === '' ? null : value.trim()]));
    save.mutate(
      {
        if_match: company.updated_at,
        name: name.trim(),
        website: website.trim() === '' ? null : website.trim(),
        settings: {
          ...kept,
          ...(timeZone === '' ? {} : { time_zone: timeZone }),
          sending_hours: always ? 'always' : `${from}-${to}`,
        },
      },
      { onError: form.setError },
    );
  };
  return (
    <form onSubmit={submit} className="max-w-3xl space-y-6">
      <fieldset disabled={!may} className="space-y-6">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        {may ? null : <Note>Only an admin changes these.</Note>}
        <Panel title="Who you are">
          <div className="space-y-4">
            <Field label="Name" error={form.fault('name')}>
              {(control) => <Input {...control} {...form.text('name')} required />}
            </Field>
            <Field label="Website" optional error={form.fault('website')}>
              {(control) => <Input {...control} {...form.text('website')} type="url" placeholder="https://" />}
            </Field>
            <Field
              label="Postal address"
              hint="Stands under every commercial mail. Without it none is sent: the law asks for it."
              error={form.fault('postal_address')}
            >
              {(control) => <Textarea {...control} {...form.text('postal_address')} rows={3} />}
            </Field>
            <Field label="Time zone" error={form.fault('time_zone')}>
              {(control) => (
                <Select {...control} value={form.values.time_zone} onChange={(event) => form.set('time_zone', event.target.value)}>
                  {[...new Set([form.values.time_zone, ...timeZones()])].map((zone) => (
                    <option key={zone}>{zone}</option>
                  ))}
                </Select>
              )}
            </Field>
            <Field
              label="Currency"
              hint="In which deals, invoices and reports are counted. It is changed beside the rates, before the first deal."
            >
              {(control) => <Input {...control} className="num w-24" value={textOf(settings['currency'])} readOnly disabled />}
            </Field>
          </div>
        </Panel>
        <Panel title="Sending hours">
          <div className="space-y-3">
            <p className="text-sm text-ink-2">
              Commercial mail arrives in these hours of the person’s own day. A mail that would come too early or too late waits.
            </p>
            <div className="flex flex-wrap items-end gap-3">
              <Field label="From" className="w-32">
                {(control) => <Input {...control} {...form.text('from')} type="time" disabled={form.values.always} />}
              </Field>
              <Field label="To" className="w-32">
                {(control) => <Input {...control} {...form.text('to')} type="time" disabled={form.values.always} />}
              </Field>
              <label className="flex h-8 items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-[var(--accent)]"
                  checked={form.values.always}
                  onChange={(event) => form.set('always', event.target.checked)}
                />{' '}
                Any hour
              </label>
            </div>
            {form.fault('sending_hours') === undefined ? null : <p className="text-xs text-bad">{form.fault('sending_hours')}</p>}
          </div>
        </Panel>
        <Panel title="How texts are written">
          <div className="space-y-4">
            <Field
              label="What the business does, and for whom"
              hint="The only facts about you that a text may claim."
              error={form.fault('business_description')}
            >
              {(control) => <Textarea {...control} {...form.text('business_description')} rows={4} />}
            </Field>
            <Field label="Tone" optional hint="Such as: friendly, plain, no exclamation marks." error={form.fault('tone')}>
              {(control) => <Input {...control} {...form.text('tone')} />}
            </Field>
            <Field label="Call to action" optional hint="What a reader should do next, with the link." error={form.fault('call_to_action')}>
              {(control) => <Input {...control} {...form.text('call_to_action')} />}
            </Field>
            <Field label="Signature" optional error={form.fault('signature')}>
              {(control) => <Textarea {...control} {...form.text('signature')} rows={3} />}
            </Field>
            <Field
              label="Language"
              optional
              hint="For whoever’s own is unknown. Such as en or de."
              error={form.fault('language')}
              className="max-w-40"
            >
              {(control) => <Input {...control} {...form.text('language')} />}
            </Field>
          </div>
        </Panel>
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </fieldset>
    </form>
  );
}
