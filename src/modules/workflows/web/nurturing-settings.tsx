import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

type Settings = Output<'nurturing.settings'>;
const tones: readonly Settings['tone'][] = ['friendly', 'professional', 'direct', 'warm', 'playful'];

/** What the letters are written from. A claim that does not stand here is blocked. */
export function NurturingSettings() {
  const settings = useRead('nurturing.settings', {});
  if (settings.data === undefined) {
    return settings.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The settings could not be loaded." error={settings.error} retry={() => void settings.refetch()} />
    );
  }
  return <Editor key={settings.data.updated_at} settings={settings.data} />;
}

const LETTERS = [
  ['lead-nurturing-first', 'First letter'],
  ['lead-nurturing-follow-up-1', 'After 3 days'],
  ['lead-nurturing-follow-up-2', 'After a week'],
  ['lead-nurturing-follow-up-3', 'Last letter'],
] as const;

/** The letters of the sequence, each in the editor of templates. */
function Letters({ children }: { children: React.ReactNode }) {
  return (
    <Panel title="Letters">
      <ul className="mb-4 divide-y">
        {LETTERS.map(([key, title]) => (
          <li key={key} className="flex items-center justify-between gap-3 py-2 text-sm first:pt-0">
            {title}
            <Link to="/templates/$key" params={{ key }} className="text-accent-ink hover:underline" aria-label={`Edit: ${title}`}>
              Edit
            </Link>
          </li>
        ))}
      </ul>
      {children}
    </Panel>
  );
}

const linesOf = (text: string) => text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));

function Editor({ settings }: { settings: Settings }) {
  const may = useMay('manager');
  const form = useForm({
    ...settings,
    language: settings.language ?? '',
    facts: settings.further_facts.join('\n'),
    link_lines: settings.links.join('\n'),
    budget: settings.monthly_budget_micros === null ? '' : String(settings.monthly_budget_micros / 1_000_000),
  });
  const { values, set, text, fault } = form;
  const save = useAct('nurturing.configure', {
    quiet: true,
    refresh: ['nurturing'],
    done: 'Saved. It holds for every text written from now on.',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      {
        ...(settings.updated_at === null ? {} : { if_match: settings.updated_at }),
        tone: values.tone,
        written_by: values.written_by,
        language: values.language.trim() === '' ? null : values.language.trim(),
        what_we_do: values.what_we_do,
        offer: values.offer,
        further_facts: linesOf(values.facts),
        links: linesOf(values.link_lines),
        sender_name: values.sender_name,
        sender_role: values.sender_role,
        call_to_action: values.call_to_action,
        revisit_days: Number(values.revisit_days),
        alert_owner: values.alert_owner,
        monthly_budget_micros: values.budget.trim() === '' ? null : Math.round(Number(values.budget) * 1_000_000),
      },
      { onError: form.setError },
    );
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may} className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="space-y-5">
          {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
          <Panel title="Facts">
            <div className="space-y-4">
              <Field label="What we do, and for whom" hint="A sentence or two. Texts are written from it." error={fault('what_we_do')}>
                {(control) => <Textarea {...control} {...text('what_we_do')} rows={3} />}
              </Field>
              <Field label="What we offer a new lead" optional hint="Only what stands here may be offered." error={fault('offer')}>
                {(control) => <Textarea {...control} {...text('offer')} rows={2} />}
              </Field>
              <Field
                label="Further facts"
                optional
                hint="One a line: prices, references, certificates. Any other claim blocks the message."
                error={fault('further_facts')}
              >
                {(control) => <Textarea {...control} {...text('facts')} rows={4} />}
              </Field>
              <Field label="Links and numbers that may appear" optional hint="One a line." error={fault('links')}>
                {(control) => <Textarea {...control} {...text('link_lines')} rows={2} />}
              </Field>
              <Field label="Call to action" hint="Such as: Book a call at https://…" error={fault('call_to_action')}>
                {(control) => <Input {...control} {...text('call_to_action')} />}
              </Field>
            </div>
          </Panel>
          <Button kind="primary" type="submit" busy={save.isPending}>
            Save
          </Button>
        </div>
        <div className="space-y-5">
          <Letters>
            <Field label="Who writes" error={fault('written_by')}>
              {(control) => (
                <Select
                  {...control}
                  value={values.written_by}
                  onChange={(event) => set('written_by', event.target.value === 'template' ? 'template' : 'model')}
                >
                  <option value="model">The language model, else these</option>
                  <option value="template">Always these, word for word</option>
                </Select>
              )}
            </Field>
          </Letters>
          <Panel title="Voice">
            <div className="space-y-4">
              <Field label="Tone" error={fault('tone')}>
                {(control) => (
                  <Select
                    {...control}
                    value={values.tone}
                    onChange={(event) => set('tone', tones.find((tone) => tone === event.target.value) ?? values.tone)}
                  >
                    {tones.map((tone) => (
                      <option key={tone} value={tone}>
                        {words(tone)}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              <Field label="Who signs" error={fault('sender_name')}>
                {(control) => <Input {...control} {...text('sender_name')} />}
              </Field>
              <Field label="Their role" optional error={fault('sender_role')}>
                {(control) => <Input {...control} {...text('sender_role')} />}
              </Field>
              <Field label="Language" optional hint="Empty: as the company. Such as en or de." error={fault('language')}>
                {(control) => <Input {...control} {...text('language')} />}
              </Field>
            </div>
          </Panel>
          <Panel title="Replies and limits">
            <div className="space-y-4">
              <Checkbox
                label="Mail the owner of the lead for each reply"
                checked={values.alert_owner}
                onCheckedChange={(checked) => set('alert_owner', checked === true)}
              />
              <Field label="Days until “not now” comes up again" error={fault('revisit_days')}>
                {(control) => <Input {...control} {...text('revisit_days')} type="number" min={1} max={730} />}
              </Field>
              <Field
                label="Most that models may cost a month, in US dollars"
                optional
                hint="Then templates take over. Empty: no limit."
                error={fault('monthly_budget_micros')}
              >
                {(control) => <Input {...control} {...text('budget')} type="number" min={0} step="0.01" />}
              </Field>
            </div>
          </Panel>
          <Panel title="When and from where">
            <p className="text-sm text-ink-2">Sending hours and the postal address hold for the whole company.</p>
            <Button asChild className="mt-3">
              <Link to="/settings/company">Company settings</Link>
            </Button>
          </Panel>
        </div>
      </fieldset>
    </form>
  );
}
