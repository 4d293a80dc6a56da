import { Link } from '@tanstack/react-router';
import { Download, ExternalLink, Inbox } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Input, Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { Listed } from '#web/kit/list/listed.tsx';
import { useList } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { Empty } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import type { Form } from './draft.ts';

/** What came in, with the person it made; and what was begun and not sent. */
export function SubmissionsTab({ form }: { form: Form }) {
  const [q, setQ] = useState('');
  const [show, setShow] = useState<'all' | 'agreed' | 'without' | 'begun'>('all');
  const words = useDeferredValue(q.trim());
  return (
    <div className="max-w-4xl space-y-4">
      <div className="flex flex-wrap items-center gap-2">
        <Input
          type="search"
          aria-label="Words in the answers"
          placeholder="Words in the answers"
          className="w-full sm:w-64"
          value={q}
          disabled={show === 'begun'}
          onChange={(event) => setQ(event.target.value)}
        />
        <Select
          aria-label="Which submissions"
          className="w-52"
          value={show}
          onChange={(event) => setShow((['agreed', 'without', 'begun'] as const).find((each) => each === event.target.value) ?? 'all')}
        >
          <option value="all">All that were sent</option>
          <option value="agreed">With consent</option>
          <option value="without">Without consent</option>
          <option value="begun">Started, not sent ({form.partials})</option>
        </Select>
        <Button asChild className="ml-auto">
          <a href={`/api/forms/${form.id}/submissions.csv`} download>
            <Download /> Export CSV
          </a>
        </Button>
      </div>
      {show === 'begun' ? (
        <Begun form={form} />
      ) : (
        <Sent
          form={form}
          q={words}
          {...(show === 'all' ? {} : { agreed: show === 'agreed' })}
          onAll={() => {
            setQ('');
            setShow('all');
          }}
        />
      )}
    </div>
  );
}

function Sent({ form, q, agreed, onAll }: { form: Form; q: string; agreed?: boolean; onAll: () => void }) {
  const list = useList('forms.submissions', {
    form_id: form.id,
    limit: 50,
    ...(q === '' ? {} : { q }),
    ...(agreed === undefined ? {} : { agreed }),
  });
  const filtered = q !== '' || agreed !== undefined;
  return (
    <div className="rounded-xl border bg-panel shadow-raise">
      <Listed
        list={list}
        failed="The submissions could not be loaded."
        skeleton={5}
        none={
          <Empty
            icon={<Inbox />}
            title={filtered ? 'Nothing fits' : 'Nothing was sent yet'}
            action={
              filtered ? (
                <Button onClick={onAll}>Show all</Button>
              ) : (
                <Button asChild kind="primary">
                  <a href={`/f/${form.id}`} target="_blank" rel="noreferrer">
                    <ExternalLink /> Open the form
                  </a>
                </Button>
              )
            }
          >
            {filtered
              ? 'Try other words, or show all.'
              : 'Open the form and send it once: you see here what your visitors will make of it.'}
          </Empty>
        }
      >
        <ul className="divide-y" aria-label="Submissions">
          {list.rows.map((row) => (
            <Submission key={row.id} form={form} row={row} />
          ))}
        </ul>
      </Listed>
      <ShowMore list={list} />
    </div>
  );
}

function ConsentBadge({ row }: { row: Item<'forms.submissions'> }) {
  if (row.consent_version === null) return null;
  if (row.confirmation === 'asked') return <Badge tone="warn">not confirmed</Badge>;
  return <Badge tone="ok">consent v{row.consent_version}</Badge>;
}

function Submission({ form, row }: { form: Form; row: Item<'forms.submissions'> }) {
  const came = Object.entries(row.attribution);
  return (
    <li>
      <details className="group">
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-hover">
          <span className="min-w-0 flex-1 basis-40 truncate text-sm font-medium">{row.person?.name ?? 'A person who was deleted'}</span>
          <span className="min-w-0 flex-[2] basis-48 truncate text-sm text-ink-2">{summary(form, row.answers)}</span>
          {row.said.length === 0 ? null : <Badge tone="warn">differs</Badge>}
          <ConsentBadge row={row} />
          <When at={row.created_at} className="num text-xs whitespace-nowrap text-ink-3" />
        </summary>
        <div className="space-y-3 border-t bg-sunken/50 px-4 py-3 text-sm">
          <Answers form={form} answers={row.answers} />
          {row.said.map((one) => (
            <p key={one.label} className="text-warn">
              {one.label} said: {one.said}. Known: {one.known}. Nothing was changed.
            </p>
          ))}
          {row.shown_wording === null ? null : (
            <p className="text-ink-2">
              {row.consent_version === null ? 'Not agreed' : 'Agreed'} to version {row.shown_version}: “{row.shown_wording}”
              {row.confirmation === 'asked'
                ? ' A mail asks the reader of the address to confirm it; until then there is no consent.'
                : null}
              {row.confirmed_at === null ? null : (
                <>
                  {' '}
                  Confirmed by mail <When at={row.confirmed_at} />.
                </>
              )}
            </p>
          )}
          {came.length === 0 ? null : (
            <p className="text-xs break-words text-ink-3">{came.map(([name, value]) => `${name}: ${value}`).join(' · ')}</p>
          )}
          {row.person === null ? null : (
            <Button asChild size="sm">
              <Link to="/people/$personId" params={{ personId: row.person.id }}>
                Open {row.person.name}
              </Link>
            </Button>
          )}
        </div>
      </details>
    </li>
  );
}

function Begun({ form }: { form: Form }) {
  const list = useList('forms.partials', { form_id: form.id, limit: 50 });
  return (
    <div className="rounded-xl border bg-panel shadow-raise">
      <Listed
        list={list}
        failed="Started forms could not be loaded."
        skeleton={3}
        none={
          <Empty
            icon={<Inbox />}
            title="Nothing was started and left"
            action={
              form.partial_days === 0 ? (
                <Button asChild>
                  <Link to="/forms/$formId" params={{ formId: form.id }} search={{ tab: 'build' }}>
                    Go to Build
                  </Link>
                </Button>
              ) : undefined
            }
          >
            {form.partial_days === 0
              ? 'This form does not keep what was started. Switch it on under Build → Safety.'
              : `Kept for ${countOf(form.partial_days, 'day')}. Nobody is made a person and nobody is written to because of it.`}
          </Empty>
        }
      >
        <ul className="divide-y">
          {list.rows.map((row) => (
            <li key={row.id} className="space-y-2 px-4 py-3 text-sm">
              <div className="flex flex-wrap items-center gap-3">
                <Badge>Started, not sent</Badge>
                <span className="text-ink-2">left at step {row.step + 1}</span>
                <When at={row.updated_at} className="num ml-auto text-xs text-ink-3" />
              </div>
              <Answers form={form} answers={row.answers} />
            </li>
          ))}
        </ul>
      </Listed>
    </div>
  );
}

type Given = Item<'forms.submissions'>['answers'];
const textOf = (answer: Given[string] | undefined): string =>
  answer === undefined ? '' : typeof answer === 'string' ? answer : answer.join(', ');

function Answers({ form, answers }: { form: Form; answers: Given }) {
  const known = new Map(form.fields.map((field) => [field.name, field.label]));
  return (
    <dl className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[minmax(8rem,auto)_1fr]">
      {Object.entries(answers).map(([name, answer]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{known.get(name) ?? name}</dt>
          <dd className="min-w-0 break-words whitespace-pre-wrap">{textOf(answer)}</dd>
        </div>
      ))}
    </dl>
  );
}

function summary(form: Form, answers: Given): string {
  return form.fields
    .filter((field) => !['name', 'first_name', 'last_name'].includes(field.name))
    .map((field) => textOf(answers[field.name]))
    .filter((text) => text !== '')
    .join(' · ');
}
