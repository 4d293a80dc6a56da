import type { ApiError } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Textarea } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { When } from '#web/kit/time.tsx';
import { faultsAt, type Draft, type Form } from './draft.ts';

interface Props {
  form: Form;
  draft: Draft;
  error: ApiError | null;
  onChange: (next: Partial<Draft>) => void;
}

/** The box, what it agrees to, and every wording that was ever shown. */
export function ConsentPanel({ form, draft, error, onChange }: Props) {
  const known = useRead('topics.list', {});
  const old = useRead('forms.consents', { form_id: form.id });
  const own = known.data?.items ?? [];
  const topics = [{ key: 'marketing', title: 'Everything commercial' }, ...own];
  /** What the chosen topics tell people, proposed as the text. */
  const proposed = own.flatMap(({ key, wording }) => (draft.topics.includes(key) ? [wording] : [])).join(' ');
  const outdated = own.filter(({ key, wording }) => draft.topics.includes(key) && !draft.consent_wording.includes(wording));
  const listed = [
    ...topics,
    ...draft.topics.filter((key) => !topics.some((topic) => topic.key === key)).map((key) => ({ key, title: key })),
  ];
  const news = draft.consent_wording !== form.consent_wording || draft.topics.join() !== form.topics.join();
  const versions = (old.data?.items ?? []).filter((each) => each.wording !== '');
  return (
    <Panel
      title="Consent"
      aside={
        form.consent_wording === '' ? null : (
          <Badge tone={news ? 'warn' : 'neutral'}>
            {news ? `becomes version ${form.consent_version + 1}` : `version ${form.consent_version}`}
          </Badge>
        )
      }
    >
      <div className="space-y-4">
        <Field
          label="Text beside the tick box"
          optional
          hint="Stored with each answer, with its version, as proof. Empty: no box is shown."
          error={faultsAt(error, 'consent_wording')}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              value={draft.consent_wording}
              onChange={(event) => onChange({ consent_wording: event.target.value })}
            />
          )}
        </Field>
        {draft.consent_wording.trim() === '' ? null : (
          <>
            <fieldset className="space-y-2">
              <legend className="mb-1.5 text-sm font-medium">What it agrees to</legend>
              {listed.map((topic) => (
                <Checkbox
                  key={topic.key}
                  label={topic.title}
                  checked={draft.topics.includes(topic.key)}
                  disabled={draft.topics.length === 1 && draft.topics.includes(topic.key)}
                  onCheckedChange={(checked) =>
                    onChange({ topics: checked === true ? [...draft.topics, topic.key] : draft.topics.filter((key) => key !== topic.key) })
                  }
                />
              ))}
            </fieldset>
            {proposed === '' || outdated.length === 0 ? null : (
              <div className="flex flex-wrap items-center justify-between gap-2 rounded-md bg-sunken px-3 py-2 text-xs text-ink-2">
                <span className="min-w-0 flex-1 basis-60">
                  {outdated.length === 1
                    ? `The text is not the wording of “${outdated[0]?.title ?? ''}”.`
                    : 'The text is not the wording of these topics.'}{' '}
                  A text of your own is kept as proof, too.
                </span>
                <Button size="sm" onClick={() => onChange({ consent_wording: proposed })}>
                  Take the topic’s wording
                </Button>
              </div>
            )}
            <Checkbox
              label="Must be ticked to send the form"
              checked={draft.consent_required}
              onCheckedChange={(checked) => onChange({ consent_required: checked === true })}
            />
            <Checkbox
              label="Counts once confirmed by mail"
              hint="A mail asks whoever reads the address (double opt-in). Courts in Germany and Austria want it as proof."
              checked={draft.confirm}
              onCheckedChange={(checked) => onChange({ confirm: checked === true })}
            />
          </>
        )}
        {versions.length < 2 ? null : (
          <details className="text-sm">
            <summary className="cursor-pointer text-ink-2">Earlier wordings</summary>
            <ol className="mt-2 space-y-2 border-l-2 pl-3">
              {versions.map((each) => (
                <li key={each.version}>
                  <span className="font-medium">Version {each.version}</span> · <When at={each.created_at} />
                  {Object.entries(each.topic_versions).map(([key, version]) => (
                    <span key={key} className="text-ink-3">
                      {' '}
                      · {key} wording {version}
                    </span>
                  ))}
                  <p className="text-ink-2">{each.wording}</p>
                </li>
              ))}
            </ol>
          </details>
        )}
      </div>
    </Panel>
  );
}
