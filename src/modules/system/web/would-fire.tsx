import { Link } from '@tanstack/react-router';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Select } from '#web/kit/field.tsx';
import { count, countOf, words } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { momentOf } from '#web/kit/time.tsx';

export type Then = 'catch_up' | 'skip' | 'off';
type Would = Output<'system.hold.preview'>;

const thens: readonly (readonly [Then, string])[] = [
  ['skip', 'Skip what was missed'],
  ['catch_up', 'Catch up by its policy'],
  ['off', 'Leave off'],
];
const policies = { skip: 'skips what it missed', once: 'runs once for all it missed', all: 'runs each it missed' } as const;
const kinds: Record<string, string> = { email: 'Emails', webhook: 'Webhooks', sms: 'SMS' };

export interface WouldFireProps {
  would: Would;
  others: Then;
  chosen: ReadonlyMap<string, Then>;
  onOthers: (then: Then) => void;
  onChoose: (scheduleId: string, then: Then) => void;
}

function Choice({ label, value, onChange }: { label: string; value: Then; onChange: (then: Then) => void }) {
  return (
    <Select
      aria-label={label}
      className="w-full sm:w-52"
      value={value}
      // One of the options below.
      onChange={(event) => onChange(event.target.value as Then)}
    >
      {thens.map(([then, text]) => (
        <option key={then} value={then}>
          {text}
        </option>
      ))}
    </Select>
  );
}

/** What a release sets going, with a choice for each schedule. */
export function WouldFire({ would, others, chosen, onOthers, onChoose }: WouldFireProps) {
  return (
    <>
      <Panel
        title="Schedules"
        flush
        aside={would.schedules.length < 2 ? undefined : <Choice label="All schedules" value={others} onChange={onOthers} />}
      >
        {would.schedules.length === 0 ? (
          <p className="p-4 text-sm text-ink-2">No workflow runs by a schedule.</p>
        ) : (
          <ul className="divide-y">
            {would.schedules.map((one) => (
              <li key={one.schedule_id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
                <div className="min-w-0 flex-1 basis-56">
                  <Link
                    to="/triggers/schedules/$scheduleId"
                    params={{ scheduleId: one.schedule_id }}
                    className="text-sm font-medium hover:underline"
                  >
                    {one.title}
                  </Link>
                  <p className="text-xs text-ink-3">{sayOf(one)}</p>
                </div>
                {one.hold === null ? (
                  <Choice
                    label={`What becomes of ${one.title}`}
                    value={chosen.get(one.schedule_id) ?? others}
                    onChange={(then) => onChoose(one.schedule_id, then)}
                  />
                ) : (
                  <Badge>{one.hold === 'paused' ? 'Paused, stays so' : 'On hold, stays so'}</Badge>
                )}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <div className="grid gap-6 xl:grid-cols-2">
        <Panel title="Runs" flush>
          {would.runs.length === 0 ? (
            <p className="p-4 text-sm text-ink-2">No run waits or is in hand.</p>
          ) : (
            <ul className="divide-y">
              {would.runs.map((one) => (
                <li key={one.workflow_id} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5 text-sm">
                  <Link to="/runs" search={{ workflow_id: one.workflow_id, live: '1' }} className="min-w-0 font-medium hover:underline">
                    {one.title}
                  </Link>
                  <span className="text-xs text-ink-3">
                    {[
                      one.due + one.in_hand > 0 ? `${count(one.due + one.in_hand)} go on at once` : null,
                      one.waiting > 0 ? `${count(one.waiting)} later` : null,
                      one.next_at === null ? null : `next ${momentOf(one.next_at)}`,
                    ]
                      .filter((text) => text !== null)
                      .join(' · ')}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <Panel title="What would leave" flush>
          {would.effects.length === 0 && would.events === 0 ? (
            <p className="p-4 text-sm text-ink-2">Nothing is reserved.</p>
          ) : (
            <ul className="divide-y">
              {would.effects.map((one) => (
                <li key={one.kind} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5 text-sm">
                  <span className="font-medium">{kinds[one.kind] ?? words(one.kind)}</span>
                  <span className="text-xs text-ink-3">
                    {[
                      one.due > 0 ? `${count(one.due)} at once` : null,
                      one.reserved > one.due ? `${count(one.reserved - one.due)} later` : null,
                      one.handed > 0 ? `${count(one.handed)} were under way` : null,
                      one.in_doubt > 0 ? `${count(one.in_doubt)} in doubt` : null,
                    ]
                      .filter((text) => text !== null)
                      .join(' · ')}
                  </span>
                </li>
              ))}
              {would.events === 0 ? null : (
                <li className="px-4 py-2.5 text-sm text-ink-2">
                  {countOf(would.events, 'fact')} that no workflow has heard of yet; each may start runs.
                </li>
              )}
            </ul>
          )}
        </Panel>
      </div>
    </>
  );
}

function sayOf(one: Would['schedules'][number]): string {
  const next = one.next_at === null ? '' : `Next ${momentOf(one.next_at)}.`;
  if (one.first_missed_at === null) return `Nothing missed. ${next}`;
  const missed = `${countOf(one.missed, 'firing')} missed since ${momentOf(one.first_missed_at)}.`;
  return `${missed} Its policy ${policies[one.policy]}: ${count(one.would_fire)} would fire. ${next}`;
}
