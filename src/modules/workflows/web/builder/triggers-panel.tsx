import { Plus, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { timeZones } from '#web/kit/zones.ts';
import { ConditionField } from './condition-field.tsx';
import { useBuilder } from './context.tsx';
import { recordOf } from './parse.ts';
import { DAYS, readSchedule, writeSchedule, type Rhythm, type Schedule } from './schedule-words.ts';
import { EventSelect } from './small-fields.tsx';
import { variablesOfEvent } from './words.ts';

type Trigger = Readonly<Record<string, unknown>>;

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const FRESH: readonly { on: string; label: string; make: () => Trigger }[] = [
  { on: 'event', label: 'Something happens', make: () => ({ on: 'event', event: '' }) },
  {
    on: 'schedule',
    label: 'By the clock',
    make: () => ({ on: 'schedule', schedule: { cron: '0 9 * * *', timeZone: zone(), missed: { policy: 'once' } } }),
  },
  { on: 'webhook', label: 'Another system calls', make: () => ({ on: 'webhook', key: 'incoming' }) },
  { on: 'manual', label: 'By hand', make: () => ({ on: 'manual' }) },
];

/** What starts runs, and what ends them early. */
export function TriggersPanel({ hooks }: { hooks: readonly { key: string; path: string }[] }) {
  const { definition, faults, change, vocabulary, may } = useBuilder();
  const put = (triggers: readonly Trigger[], merge?: string) => change({ ...definition, triggers }, merge);
  const subject = vocabulary.subjects.find((one) => one.type === definition.subject);
  // Clocks and calls are about no person.
  const kinds = FRESH.filter((one) => (one.on !== 'schedule' && one.on !== 'webhook') || definition.subject === 'company').filter(
    (one) => one.on !== 'manual' || !definition.triggers.some((trigger) => trigger['on'] === 'manual'),
  );
  return (
    <fieldset disabled={!may} className="space-y-4">
      <legend className="sr-only">What starts it</legend>
      <Field label="What it is about" hint={subject?.description}>
        {(control) => (
          <Select {...control} value={definition.subject} onChange={(event) => change({ ...definition, subject: event.target.value })}>
            {vocabulary.subjects.map((one) => (
              <option key={one.type} value={one.type}>
                {one.title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {definition.triggers.length === 0 ? <Note tone="warn">Nothing starts it yet. Add at least “By hand”.</Note> : null}
      {definition.triggers.map((trigger, i) => (
        <TriggerCard
          // triggers have no id; their place is their name
          key={i}
          trigger={trigger}
          faults={faults
            .filter((fault) => fault.path === `triggers.${i}` || fault.path.startsWith(`triggers.${i}.`))
            .map((fault) => fault.message)}
          hook={hooks.find((hook) => hook.key === trigger['key'])?.path}
          onChange={(next, merge) =>
            put(
              definition.triggers.map((one, at) => (at === i ? next : one)),
              merge === undefined ? undefined : `trigger ${i} ${merge}`,
            )
          }
          onRemove={() => put(definition.triggers.filter((_, at) => at !== i))}
        />
      ))}
      <Menu
        align="start"
        trigger={
          <Button>
            <Plus /> Add a start
          </Button>
        }
      >
        {kinds.map((kind) => (
          <MenuItem key={kind.on} onSelect={() => put([...definition.triggers, kind.make()])}>
            {kind.label}
          </MenuItem>
        ))}
      </Menu>
      <StopRules />
    </fieldset>
  );
}

function TriggerCard({
  trigger,
  faults,
  hook,
  onChange,
  onRemove,
}: {
  trigger: Trigger;
  faults: readonly string[];
  hook: string | undefined;
  onChange: (next: Trigger, merge?: string) => void;
  onRemove: () => void;
}) {
  const { definition, vocabulary } = useBuilder();
  const id = useId();
  const on = String(trigger['on']);
  const event = typeof trigger['event'] === 'string' ? trigger['event'] : '';
  const { where, ...plain } = trigger;
  return (
    <section aria-labelledby={id} className="space-y-3 rounded-lg border p-3">
      <header className="flex items-center justify-between gap-2">
        <h3 id={id} className="text-sm font-semibold">
          {FRESH.find((one) => one.on === on)?.label ?? on}
        </h3>
        <Button kind="quiet" size="icon" aria-label="Remove this start" onClick={onRemove}>
          <Trash2 />
        </Button>
      </header>
      {faults.map((fault) => (
        <Note key={fault} tone="bad">
          {fault}
        </Note>
      ))}
      {on === 'event' ? (
        <>
          <Field label="What happens">
            {(control) => (
              <EventSelect
                control={control}
                value={event}
                vocabulary={vocabulary}
                subject={definition.subject}
                onChange={(next) => onChange({ on, event: next })}
              />
            )}
          </Field>
          {event === '' ? null : where === undefined ? (
            <Button size="sm" onClick={() => onChange({ ...plain, where: { all: [] } })}>
              <Plus /> Only when…
            </Button>
          ) : (
            <fieldset className="space-y-1.5">
              <legend className="flex w-full items-center justify-between text-sm font-medium">
                Only when
                <Button kind="quiet" size="sm" onClick={() => onChange(plain)}>
                  Always
                </Button>
              </legend>
              <ConditionField
                value={where}
                variables={variablesOfEvent(vocabulary, definition, event)}
                onChange={(next) => onChange({ ...trigger, where: next }, 'where')}
              />
            </fieldset>
          )}
        </>
      ) : on === 'schedule' ? (
        <ScheduleFields spec={recordOf(trigger['schedule'])} onChange={(schedule) => onChange({ on, schedule }, 'schedule')} />
      ) : on === 'webhook' ? (
        <Field
          label="Name of the address"
          hint={
            hook === undefined ? (
              'Its secret address is made when the workflow is published.'
            ) : (
              <code className="break-all">{new URL(hook, location.origin).href}</code>
            )
          }
        >
          {(control) => (
            <Input {...control} value={String(trigger['key'] ?? '')} onChange={(next) => onChange({ on, key: next.target.value }, 'key')} />
          )}
        </Field>
      ) : (
        <p className="text-sm text-ink-2">From a list, a person’s page, the command line or the API.</p>
      )}
    </section>
  );
}

const RHYTHMS: readonly [Rhythm, string][] = [
  ['daily', 'Every day'],
  ['weekdays', 'Monday to Friday'],
  ['weekly', 'Every week'],
  ['monthly', 'Every month'],
  ['every', 'Again and again'],
  ['cron', 'As cron says'],
];

function ScheduleFields({ spec, onChange }: { spec: Record<string, unknown>; onChange: (spec: Record<string, unknown>) => void }) {
  const schedule = readSchedule(spec);
  const timeZone = typeof spec['timeZone'] === 'string' ? spec['timeZone'] : 'UTC';
  const missed = recordOf(spec['missed']);
  const put = (next: Partial<Schedule>) => onChange({ ...writeSchedule({ ...schedule, ...next }), timeZone, missed });
  const clock = schedule.rhythm !== 'every' && schedule.rhythm !== 'cron';
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Field label="How often">
          {(control) => (
            <Select
              {...control}
              value={schedule.rhythm}
              onChange={(event) => put({ rhythm: RHYTHMS.find(([one]) => one === event.target.value)?.[0] ?? 'daily' })}
            >
              {RHYTHMS.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {clock ? (
          <Field label="At">
            {(control) => (
              <Input
                {...control}
                type="time"
                value={schedule.time}
                onChange={(event) => event.target.value !== '' && put({ time: event.target.value })}
              />
            )}
          </Field>
        ) : schedule.rhythm === 'every' ? (
          <Field label="Every how many minutes">
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                value={Math.round(schedule.everyS / 60)}
                onChange={(event) => event.target.valueAsNumber >= 1 && put({ everyS: event.target.valueAsNumber * 60 })}
              />
            )}
          </Field>
        ) : (
          <Field label="Cron" hint="Minute, hour, day, month, weekday.">
            {(control) => (
              <Input {...control} className="font-mono" value={schedule.cron} onChange={(event) => put({ cron: event.target.value })} />
            )}
          </Field>
        )}
        {schedule.rhythm === 'weekly' ? (
          <Field label="On">
            {(control) => (
              <Select {...control} value={schedule.day} onChange={(event) => put({ day: Number(event.target.value) })}>
                {DAYS.map((day, i) => (
                  <option key={day} value={i}>
                    {day}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : schedule.rhythm === 'monthly' ? (
          <Field label="On day">
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                max={31}
                value={schedule.date}
                onChange={(event) => event.target.valueAsNumber >= 1 && put({ date: event.target.valueAsNumber })}
              />
            )}
          </Field>
        ) : null}
        <Field label="Time zone">
          {(control) => (
            <Select {...control} value={timeZone} onChange={(event) => onChange({ ...spec, timeZone: event.target.value })}>
              {[...new Set([timeZone, ...timeZones()])].map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="When it was missed">
          {(control) => (
            <Select
              {...control}
              value={String(missed['policy'] ?? 'once')}
              onChange={(event) =>
                onChange({
                  ...spec,
                  missed: event.target.value === 'all' ? { policy: 'all', withinS: 86_400 } : { policy: event.target.value },
                })
              }
            >
              <option value="once">Catch up once</option>
              <option value="skip">Leave it out</option>
              <option value="all">Catch up each, of the last day</option>
            </Select>
          )}
        </Field>
      </div>
      <NextFirings spec={{ ...writeSchedule(schedule), time_zone: timeZone }} />
    </>
  );
}

/** The server's own reckoning, so that clock changes are as they will be. */
function NextFirings({ spec }: { spec: { cron?: string; everyS?: number; time_zone: string } }) {
  const { everyS, ...rest } = spec;
  const next = useRead('schedules.preview', { ...rest, ...(everyS === undefined ? {} : { every_s: everyS }) }, { keep: true });
  if (next.error !== null) return <p className="text-xs text-bad">{next.error.message}</p>;
  return (
    <p className="text-xs text-ink-3">
      Next:{' '}
      {(next.data?.next ?? []).slice(0, 3).map((at, i) => (
        <span key={at}>
          {i === 0 ? '' : ', '}
          <When at={at} />
        </span>
      ))}
    </p>
  );
}

/** Events that end a run at once, wherever it stands. */
function StopRules() {
  const { definition, change, vocabulary } = useBuilder();
  const rules = definition.stop_on;
  const put = (next: readonly unknown[], merge?: string) => change({ ...definition, stop_on: next }, merge);
  const nameOf = (rule: unknown) => (typeof rule === 'string' ? rule : String(recordOf(rule)['event'] ?? ''));
  return (
    <section className="space-y-2 border-t pt-4">
      <h3 className="text-sm font-semibold">Ends at once when</h3>
      <p className="text-xs text-ink-3">Wherever a run stands: a reply ends a follow-up, an opt-out ends everything.</p>
      {rules.map((rule, i) => {
        const name = nameOf(rule);
        const where = typeof rule === 'string' ? undefined : recordOf(rule)['where'];
        return (
          // rules have no id; their place is their name
          <div key={i} className="space-y-2 rounded-md border bg-sunken py-1.5 pr-1.5 pl-3">
            <div className="flex items-center gap-2 text-sm">
              <span className="min-w-0 flex-1 truncate">{vocabulary.events.find((event) => event.name === name)?.title ?? name}</span>
              <Button
                kind="quiet"
                size="sm"
                onClick={() =>
                  put(rules.map((one, at) => (at === i ? (where === undefined ? { event: name, where: { all: [] } } : name) : one)))
                }
              >
                {where === undefined ? 'Only when…' : 'Always'}
              </Button>
              <Button
                kind="quiet"
                size="icon"
                className="size-7"
                aria-label={`Do not end on ${name}`}
                onClick={() => put(rules.filter((_, at) => at !== i))}
              >
                <Trash2 />
              </Button>
            </div>
            {where === undefined ? null : (
              <ConditionField
                value={where}
                variables={variablesOfEvent(vocabulary, definition, name)}
                onChange={(next) =>
                  put(
                    rules.map((one, at) => (at === i ? { event: name, where: next } : one)),
                    `stop ${i}`,
                  )
                }
              />
            )}
          </div>
        );
      })}
      <EventSelect
        control={{ 'aria-label': 'Add an event that ends it' }}
        value=""
        vocabulary={vocabulary}
        without={rules.filter((rule) => typeof rule === 'string').map(nameOf)}
        placeholder="Add what ends it…"
        onChange={(name) => {
          if (name !== '') put([...rules, name]);
        }}
      />
    </section>
  );
}
