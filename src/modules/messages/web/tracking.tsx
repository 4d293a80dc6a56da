import { Link } from '@tanstack/react-router';
import { MousePointerClick } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Select, Switch } from '#web/kit/field.tsx';
import { count } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { momentOf } from '#web/kit/time.tsx';

type Settings = Output<'tracking.settings'>;
type Figure = Output<'tracking.figures'>['items'][number];
type By = 'workflow' | 'template';
const COLUMNS = ['opened', 'clicked', 'answered', 'machine'] as const;
type What = (typeof COLUMNS)[number] | 'sent';
const TITLES: Record<What, string> = {
  sent: 'Sent',
  opened: 'Opened',
  clicked: 'Followed a link',
  answered: 'Answered',
  machine: 'Machines',
};
const KEEP = [7, 30, 90, 180, 365, 730] as const;

/** What is counted of mail, and what came of it. */
export function TrackingSettings() {
  const settings = useRead('tracking.settings', {});
  if (settings.data === undefined)
    return settings.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The settings could not be loaded." error={settings.error} retry={() => void settings.refetch()} />
    );
  return (
    <div className="max-w-3xl space-y-6">
      <Switches settings={settings.data} />
      <Figures />
    </div>
  );
}

function Switches({ settings }: { settings: Settings }) {
  const admin = useMay('admin');
  const save = useAct('tracking.configure', { refresh: ['tracking'], done: 'Saved.', part: true });
  const disabled = !admin || save.isPending;
  const on = settings.opens || settings.clicks;
  const set = (next: Partial<Omit<Settings, 'updated_at'>>) => save.mutate({ if_match: settings.updated_at, ...next });
  return (
    <Panel title="Openings and links">
      <div className="space-y-5 text-sm">
        <p className="text-ink-2">
          Nothing is counted until you say so. Your own Steward does it, nobody else hears of it. Mail about orders, passwords and answers
          is never counted, and unsubscribing is never counted as a click. Machines that look into mail first are told apart.
        </p>
        <Choice
          title="Count openings"
          says="By a picture of one pixel. Many mail programs load it without a reader, or not at all: answers say more."
          checked={settings.opens}
          disabled={disabled}
          onChange={(opens) => set({ opens })}
        />
        <Choice
          title="Count links that are followed"
          says="Links lead by way of your Steward to the address in the mail, and nowhere else."
          checked={settings.clicks}
          disabled={disabled}
          onChange={(clicks) => set({ clicks })}
        />
        {on ? (
          <div className="flex flex-wrap gap-x-6 gap-y-4">
            <Field label="Of whom" hint="In the EU and the UK, counting wants consent.">
              {(control) => (
                <Select
                  {...control}
                  className="w-64"
                  disabled={disabled}
                  value={settings.who}
                  onChange={(event) => set({ who: event.target.value === 'all' ? 'all' : 'consented' })}
                >
                  <option value="consented">People who agreed to our mail</option>
                  <option value="all">Everybody who gets commercial mail</option>
                </Select>
              )}
            </Field>
            <Field label="Kept for">
              {(control) => (
                <Select
                  {...control}
                  className="w-36"
                  disabled={disabled}
                  value={settings.keep_days}
                  onChange={(event) => set({ keep_days: Number(event.target.value) })}
                >
                  {[...new Set([...KEEP, settings.keep_days])]
                    .toSorted((a, b) => a - b)
                    .map((days) => (
                      <option key={days} value={days}>
                        {days} days
                      </option>
                    ))}
                </Select>
              )}
            </Field>
          </div>
        ) : null}
        {on ? <Templates settings={settings} disabled={disabled} onChange={(keys) => set({ not_templates: keys })} /> : null}
        {admin ? null : <p className="text-ink-3">Only an admin changes these.</p>}
      </div>
    </Panel>
  );
}

function Choice({
  title,
  says,
  checked,
  disabled,
  onChange,
}: {
  title: string;
  says: string;
  checked: boolean;
  disabled: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <div className="flex items-start gap-4">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="text-ink-2">{says}</p>
      </div>
      <Switch checked={checked} disabled={disabled} aria-label={title} onCheckedChange={onChange} />
    </div>
  );
}

/** Templates one by one: whose mail is left alone all the same. */
function Templates({ settings, disabled, onChange }: { settings: Settings; disabled: boolean; onChange: (keys: string[]) => void }) {
  const templates = useRead('templates.list', {});
  const own = (templates.data?.items ?? []).filter((template) => template.class === 'commercial');
  if (own.length === 0) return null;
  const left = new Set(settings.not_templates);
  return (
    <details>
      <summary className="cursor-pointer text-ink-2">By template{left.size === 0 ? '' : `: ${count(left.size)} left alone`}</summary>
      <ul className="mt-2 divide-y rounded-lg border">
        {own.map((template) => (
          <li key={template.key} className="flex items-center gap-4 px-3 py-2">
            <span className="min-w-0 flex-1 truncate">{template.title}</span>
            <Switch
              checked={!left.has(template.key)}
              disabled={disabled}
              aria-label={`Count mail of ${template.title}`}
              onCheckedChange={(counted) =>
                onChange(counted ? settings.not_templates.filter((key) => key !== template.key) : [...settings.not_templates, template.key])
              }
            />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Figures() {
  const [by, setBy] = useState<By>('workflow');
  const [shown, setShown] = useState<{ figure: Figure; what: What } | null>(null);
  const figures = useRead('tracking.figures', { by, days: 30 }, { keep: true });
  const rows = figures.data?.items ?? [];
  return (
    <Panel title="What came of it, in 30 days" flush>
      <div className="px-4">
        <Tabs
          label="Figures by"
          value={by}
          onChange={setBy}
          items={[
            { value: 'workflow' as const, label: 'Sequences' },
            { value: 'template' as const, label: 'Templates' },
          ]}
        />
      </div>
      {figures.data === undefined ? (
        figures.error === null ? (
          <div className="p-4">
            <SkeletonLines lines={4} />
          </div>
        ) : (
          <Failure what="The figures could not be loaded." error={figures.error} retry={() => void figures.refetch()} />
        )
      ) : rows.length === 0 ? (
        <Empty icon={<MousePointerClick />} title="No commercial mail left in 30 days">
          What it came to stands here: answers first, they are the surest sign.
        </Empty>
      ) : (
        <ul className="divide-y">
          {rows.map((figure) => (
            <li key={figure.key} className="px-4 py-3">
              <p className="truncate text-sm font-medium">{figure.key === '' ? 'Written one by one' : figure.key}</p>
              <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-5">
                <Figured figure={figure} what="sent" onOpen={setShown} />
                {COLUMNS.map((what) => (
                  <Figured key={what} figure={figure} what={what} onOpen={setShown} />
                ))}
              </dl>
            </li>
          ))}
        </ul>
      )}
      {shown === null ? null : <People by={by} {...shown} onClose={() => setShown(null)} />}
    </Panel>
  );
}

/** Each number opens the people behind it. */
function Figured({ figure, what, onOpen }: { figure: Figure; what: What; onOpen: (shown: { figure: Figure; what: What }) => void }) {
  const value = figure[what];
  const of = what === 'opened' || what === 'clicked' || what === 'machine' ? figure.counted : figure.sent;
  const unknown = what !== 'sent' && of === 0;
  return (
    <div>
      <dt className="text-xs text-ink-3">{TITLES[what]}</dt>
      <dd className="num mt-0.5 text-sm">
        {unknown ? (
          <span className="text-ink-3">not counted</span>
        ) : value === 0 ? (
          <span className="text-ink-3">0</span>
        ) : (
          <button type="button" onClick={() => onOpen({ figure, what })} className="rounded-sm font-medium text-accent-ink hover:underline">
            {count(value)}
            {what === 'sent' ? '' : ` (${Math.round((value / of) * 100)} %)`}
          </button>
        )}
      </dd>
    </div>
  );
}

function People({ by, figure, what, onClose }: { by: By; figure: Figure; what: What; onClose: () => void }) {
  const people = useRead('tracking.people', { by, key: figure.key, what, days: 30 });
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={`${TITLES[what]}: ${figure.key === '' ? 'written one by one' : figure.key}`}
      description={what === 'machine' ? 'Mails that a machine opened, or followed links of. They count in no other figure.' : undefined}
    >
      {people.data === undefined ? (
        people.error === null ? (
          <SkeletonLines lines={5} />
        ) : (
          <Failure what="The people could not be loaded." error={people.error} retry={() => void people.refetch()} />
        )
      ) : (
        <ul className="divide-y text-sm">
          {people.data.items.map((row) => (
            <li key={row.message_id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-2">
              <span className="min-w-0 flex-1 basis-40 truncate">
                {row.person_id === null ? (
                  row.to_email
                ) : (
                  <Link to="/people/$personId" params={{ personId: row.person_id }} className="font-medium hover:underline">
                    {row.to_name === '' ? row.to_email : row.to_name}
                  </Link>
                )}
              </span>
              <Link
                to="/outbox"
                search={{ message: row.message_id }}
                className="min-w-0 flex-1 basis-40 truncate text-ink-2 hover:underline"
              >
                {row.subject}
              </Link>
              <span className="num text-xs text-ink-3">{row.sent_at === null ? '' : momentOf(row.sent_at)}</span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
