import { Link } from '@tanstack/react-router';
import { Hourglass } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Switch } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { count } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { dateOf } from '#web/kit/time.tsx';
import { RunsKept } from './runs-kept.tsx';

const MONTHS = [6, 12, 24, 36, 60, 120] as const;
const NOTICES = [7, 14, 30, 60, 90] as const;
/** What most authorities hold to be right for prospects (CNIL, référentiel gestion commerciale: three years). */
const USUAL = 36;

/** How long people are kept of whom nothing is heard, and who goes next. */
export function RetentionSettings() {
  const rule = useRead('retention.get', {});
  if (rule.data === undefined)
    return rule.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The rule could not be loaded." error={rule.error} retry={() => void rule.refetch()} />
    );
  return (
    <div className="max-w-3xl space-y-6">
      <PeopleRule rule={rule.data} />
      {rule.data.people_months === null ? null : <Announced />}
      <Held />
      <RunsKept />
    </div>
  );
}

function PeopleRule({ rule }: { rule: Output<'retention.get'> }) {
  const may = useMay('admin');
  const save = useAct('retention.set', { refresh: ['retention'], done: 'Saved.' });
  const months = rule.people_months;
  const options = [...new Set([...MONTHS, ...(months === null ? [] : [months])])].toSorted((a, b) => a - b);
  const notices = [...new Set([...NOTICES, rule.notice_days])].toSorted((a, b) => a - b);
  return (
    <Panel title="People of whom nothing is heard">
      <div className="space-y-4 text-sm">
        <div className="flex items-start gap-4">
          <p className="min-w-0 flex-1 text-ink-2">
            They are announced here and to the admins first, and then erased as if they had asked for it: with a certificate, and with their
            opt-out kept.
          </p>
          <Switch
            checked={months !== null}
            disabled={!may || save.isPending}
            aria-label="Erase people of whom nothing is heard"
            onCheckedChange={(on) => save.mutate({ people_months: on ? USUAL : null })}
          />
        </div>
        {months === null ? null : (
          <div className="flex flex-wrap gap-x-6 gap-y-3">
            <Field label="After a silence of">
              {(control) => (
                <Select
                  {...control}
                  className="w-40"
                  disabled={!may || save.isPending}
                  value={months}
                  onChange={(event) => save.mutate({ people_months: Number(event.target.value) })}
                >
                  {options.map((option) => (
                    <option key={option} value={option}>
                      {monthWords(option)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Announced before">
              {(control) => (
                <Select
                  {...control}
                  className="w-40"
                  disabled={!may || save.isPending}
                  value={rule.notice_days}
                  onChange={(event) => save.mutate({ notice_days: Number(event.target.value) })}
                >
                  {notices.map((option) => (
                    <option key={option} value={option}>
                      {option} days
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
        )}
        <Preview months={months ?? USUAL} on={months !== null} />
        <details>
          <summary className="cursor-pointer text-ink-2">What keeps somebody</summary>
          <ul className="mt-2 list-disc space-y-1 pl-5 text-ink-2">
            {rule.kept_by.map((reason) => (
              <li key={reason}>{reason}.</li>
            ))}
            <li>A user keeps them by hand, below.</li>
          </ul>
        </details>
      </div>
    </Panel>
  );
}

function Preview({ months, on }: { months: number; on: boolean }) {
  const may = useMay('manager');
  const found = useRead('retention.preview', { people_months: months }, { enabled: may });
  if (!may || found.data === undefined) return null;
  const { people, more } = found.data;
  const who = `${count(people)}${more ? ' or more' : ''} ${people === 1 ? 'person has' : 'people have'}`;
  if (people === 0) return <p className="text-ink-2">Nobody has been silent for {monthWords(months)}.</p>;
  return (
    <p className="text-ink-2">
      {who} been silent for {monthWords(months)}.{on ? '' : ' They would be announced.'}
    </p>
  );
}

function Announced() {
  const list = useList('retention.announced', { limit: 50 });
  return (
    <Panel title="Announced" flush>
      {list.error !== null && list.rows.length === 0 ? (
        <Failure what="The list could not be loaded." error={list.error} retry={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonLines lines={3} />
      ) : list.rows.length === 0 ? (
        <Empty icon={<Hourglass />} title="Nobody is announced">
          Who has been silent for long enough is announced within an hour.
        </Empty>
      ) : (
        <ul className="divide-y">
          {list.rows.map((row) => (
            <AnnouncedRow key={row.person_id} row={row} />
          ))}
        </ul>
      )}
      <ShowMore list={list} />
    </Panel>
  );
}

function AnnouncedRow({ row }: { row: Item<'retention.announced'> }) {
  const may = useMay('manager');
  const [open, setOpen] = useState(false);
  const form = useForm({ reason: '' });
  const keep = useAct('retention.keep', { quiet: true, refresh: ['retention'], done: 'Kept.', onDone: () => setOpen(false) });
  const name = row.name === '' ? (row.email ?? 'Somebody without a name') : row.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keep.mutate({ person_id: row.person_id, reason: form.values.reason.trim() }, { onError: form.setError });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
      <Link
        to="/people/$personId"
        params={{ personId: row.person_id }}
        className="min-w-0 flex-1 basis-40 truncate font-medium hover:underline"
      >
        {name}
      </Link>
      <span className="text-ink-2">on {dateOf(row.erase_at)}</span>
      {may ? (
        <Button size="sm" onClick={() => setOpen(true)}>
          Keep
        </Button>
      ) : null}
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Keep ${name}?`}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Not now</Button>
            <Button kind="primary" type="submit" form={`keep-${row.person_id}`} busy={keep.isPending}>
              Keep
            </Button>
          </>
        }
      >
        <form id={`keep-${row.person_id}`} onSubmit={submit}>
          <Field label="Why" hint="An authority may ask: a contract that goes on, a claim." error={form.fault('reason') ?? form.general}>
            {(control) => <Input {...control} {...form.text('reason')} required />}
          </Field>
        </form>
      </Dialog>
    </li>
  );
}

function Held() {
  const list = useList('retention.holds', { limit: 50 });
  const may = useMay('manager');
  const release = useAct('retention.release', { refresh: ['retention'], done: 'The rule counts again.' });
  if (list.rows.length === 0) return null;
  return (
    <Panel title="Kept by hand" flush>
      <ul className="divide-y">
        {list.rows.map((row) => (
          <li key={row.person_id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
            <span className="min-w-0 flex-1 basis-48">
              <Link to="/people/$personId" params={{ personId: row.person_id }} className="font-medium hover:underline">
                {row.name}
              </Link>
              <span className="block text-xs text-ink-2">
                {row.reason}
                {row.held_by === null ? '' : ` · ${row.held_by}`}
              </span>
            </span>
            {may ? (
              <Button size="sm" disabled={release.isPending} onClick={() => release.mutate({ person_id: row.person_id })}>
                Let go
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <ShowMore list={list} />
    </Panel>
  );
}

function monthWords(months: number): string {
  if (months % 12 !== 0) return `${months} months`;
  return months === 12 ? 'one year' : `${months / 12} years`;
}
