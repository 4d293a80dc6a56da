import { useState } from 'react';
import { call, type Input, type Output } from '#web/kit/api.ts';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { saveFields } from '#web/kit/saving.ts';
import { dayOf, momentOf } from '#web/kit/time.tsx';
import { timeZones } from '#web/kit/zones.ts';
import { countryNames } from '#web/kit/country-names.ts';
import { InPlace } from './in-place.tsx';

/** A year is no amount: thousands are set apart from five digits on. */
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 6, useGrouping: 'min2' });

type Person = Output<'people.get'>;
type CustomField = Output<'custom_fields.list'>['items'][number];

type Changes = Omit<Input<'people.update'>, 'person_id'>;

/** Saves one field of a person. What others changed of them meanwhile stays; only the same field changed by two is a conflict. */
export function useSave(person: Person) {
  const update = useAct('people.update', { quiet: true, part: true, refresh: ['people', 'leads', 'runs', 'organisations', 'search'] });
  return (changes: Changes, shown = person.updated_at) =>
    saveFields(
      shown,
      (version) => update.mutateAsync({ person_id: person.id, if_match: version, ...changes }),
      () => call('people.get', { person_id: person.id }),
      (now) => JSON.stringify(seen(now, changes)) === JSON.stringify(seen(person, changes)),
    );
}

/** What stands in the fields that these changes are of. */
function seen(person: Person, changes: Changes): unknown[] {
  const of: Readonly<Record<string, unknown>> = { ...person, organisation_id: person.organisation };
  return Object.entries(changes).map(([key, value]) =>
    key === 'custom' ? Object.keys(value ?? {}).map((one) => person.custom[one]) : of[key],
  );
}

const none = (text: string) => (text === '' ? null : text);

/** Everything that is known, each where it can be changed. */
export function Details({ person }: { person: Person }) {
  const save = useSave(person);
  const [typed, setTyped] = useState(false);
  const organisations = useRead('organisations.list', { limit: 200 }, { enabled: typed });
  const fields = useRead('custom_fields.list', {});
  const language = person.language === null ? '' : (languageName(person.language) ?? person.language);
  return (
    <Panel title="Details">
      <Facts
        rows={[
          ['Name', <InPlace key="name" label="Name" value={person.full_name} onSave={(text) => save({ full_name: text })} />],
          [
            'Organisation',
            <span key="organisation" onFocus={() => setTyped(true)}>
              <InPlace
                label="Organisation"
                value={person.organisation?.name ?? ''}
                suggestions={(organisations.data?.items ?? []).map((one) => one.name)}
                onSave={(text) => save(text === '' ? { organisation_id: null } : { organisation: text })}
              />
            </span>,
          ],
          [
            'Time zone',
            <InPlace
              key="zone"
              label="Time zone"
              kind="choice"
              value={person.time_zone ?? ''}
              placeholder="As the company"
              options={[['', 'As the company'], ...timeZones().map((zone) => [zone, zone] as const)]}
              onSave={(text) => save({ time_zone: none(text) })}
            />,
          ],
          [
            'Language',
            <InPlace
              key="language"
              label="Language"
              value={person.language ?? ''}
              shown={language}
              placeholder="Such as en or de-AT"
              onSave={(text) => save({ language: none(text) })}
            />,
          ],
          [
            'Country',
            <InPlace
              key="country"
              label="Country"
              kind="choice"
              value={person.country ?? ''}
              shown={person.country === null ? '' : (countryNames.get(person.country) ?? person.country)}
              placeholder="Not known"
              options={[['', 'Not known'], ...countryNames]}
              onSave={(text) => save({ country: none(text) })}
            />,
          ],
          ...(fields.data?.items ?? []).map(
            (field) =>
              [
                field.label,
                <Custom
                  key={field.id}
                  field={field}
                  value={person.custom[field.key]}
                  onSave={(value) => save({ custom: { [field.key]: value } })}
                />,
              ] as const,
          ),
          ['Known since', momentOf(person.created_at)],
        ]}
      />
    </Panel>
  );
}

type CustomValue = string | number | boolean | undefined;

function Custom({ field, value, onSave }: { field: CustomField; value: CustomValue; onSave: (value: string | null) => Promise<unknown> }) {
  const text = value === undefined ? '' : String(value);
  const save = (next: string) => onSave(none(next));
  switch (field.type) {
    case 'choice':
      return (
        <InPlace
          label={field.label}
          kind="choice"
          value={text}
          options={[['', '–'], ...field.options.map((option) => [option, option] as const)]}
          onSave={save}
        />
      );
    case 'boolean':
      return (
        <InPlace
          label={field.label}
          kind="choice"
          value={text}
          shown={value === true ? 'Yes' : 'No'}
          options={[
            ['', '–'],
            ['true', 'Yes'],
            ['false', 'No'],
          ]}
          onSave={save}
        />
      );
    case 'url':
      return (
        <InPlace
          label={field.label}
          kind="url"
          value={text}
          shown={text.replace(/^https?:\/\/(www\.)?|\/$/g, '')}
          onSave={save}
          aside={
            text === '' ? undefined : (
              <a href={text} target="_blank" rel="noreferrer noopener" className="shrink-0 py-0.5 text-xs text-accent-ink hover:underline">
                Open
              </a>
            )
          }
        />
      );
    case 'date':
      return <InPlace label={field.label} kind="date" value={text} shown={text === '' ? undefined : dayOf(text)} onSave={save} />;
    case 'number':
      return (
        <InPlace
          label={field.label}
          kind="number"
          value={text}
          shown={typeof value === 'number' ? plain.format(value) : undefined}
          onSave={save}
        />
      );
    default:
      return <InPlace label={field.label} kind={text.length > 60 || text.includes('\n') ? 'area' : 'text'} value={text} onSave={save} />;
  }
}

function languageName(tag: string): string | undefined {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(tag);
  } catch {
    return undefined;
  }
}
