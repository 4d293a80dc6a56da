import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Input, Select, Switch } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { AlertRecipients } from './recipients.tsx';

type Rule = Item<'alerts.rules'>;

const UNITS = { failures: 'failures in an hour', percent: '%', seconds: 'seconds' } as const;
const FROM = { failures: 'From', percent: 'Below', seconds: 'After' } as const;
const QUIET = [0, 15, 60, 240, 1440] as const;

/** What is told when it goes wrong, and to whom. */
export function AlertSettings() {
  const rules = useRead('alerts.rules', {});
  if (rules.data === undefined)
    return rules.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="The rules could not be loaded." error={rules.error} retry={() => void rules.refetch()} />
    );
  return (
    <div className="space-y-6">
      <Panel
        title="Tell when"
        flush
        aside={
          <Link to="/reliability" className="text-xs text-accent-ink underline underline-offset-2">
            What is wrong now
          </Link>
        }
      >
        <ul className="divide-y">
          {rules.data.items.map((rule) => (
            <Line key={`${rule.kind} ${rule.threshold ?? ''} ${rule.quiet_minutes}`} rule={rule} />
          ))}
        </ul>
        <p className="border-t px-4 py-3 text-xs text-ink-3">
          Once when it begins and once when it is well again, however often it happens meanwhile. Each colleague chooses bell and mail under{' '}
          <Link to="/settings/notifications" className="underline underline-offset-2">
            Notifications
          </Link>
          ; a{' '}
          <Link to="/settings/webhooks" className="underline underline-offset-2">
            webhook
          </Link>{' '}
          for “Something goes wrong” hears of all. A scheduled run that does not happen and a webhook that is switched off are told there,
          too.
        </p>
      </Panel>
      <AlertRecipients kinds={rules.data.items} />
    </div>
  );
}

function Line({ rule }: { rule: Rule }) {
  const may = useMay('admin');
  const save = useAct('alerts.set_rule', { refresh: ['alerts'], done: 'Saved.' });
  const [threshold, setThreshold] = useState(String(rule.threshold ?? ''));
  const changed = threshold !== String(rule.threshold ?? '');
  const { kind, title, unit } = rule;
  const quiets = [...new Set([...QUIET, rule.quiet_minutes])].toSorted((a, b) => a - b);
  return (
    <li className="space-y-2 px-4 py-3">
      <div className="flex items-start gap-4">
        <span className="min-w-0 flex-1">
          <span className="block text-sm font-medium">{title}</span>
          <span className="block text-xs text-ink-2">{rule.description}</span>
        </span>
        <Switch
          checked={rule.enabled}
          disabled={!may || save.isPending}
          aria-label={title}
          onCheckedChange={(enabled) => save.mutate({ kind, enabled })}
        />
      </div>
      {rule.enabled ? (
        <form
          className="flex flex-wrap items-center gap-x-2 gap-y-2 text-sm text-ink-2"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({ kind, threshold: threshold === '' ? null : Number(threshold) });
          }}
        >
          {unit === null ? null : (
            <>
              {FROM[unit]}
              <Input
                aria-label={`${title}: threshold in ${UNITS[unit]}`}
                type="number"
                min={unit === 'failures' ? 1 : 0}
                max={unit === 'percent' ? 100 : undefined}
                step="any"
                className="w-24"
                disabled={!may}
                placeholder={String(rule.usual_threshold ?? '')}
                value={threshold}
                onChange={(event) => setThreshold(event.target.value)}
              />
              {UNITS[unit]}
              {changed ? (
                <Button size="sm" type="submit" busy={save.isPending}>
                  Save
                </Button>
              ) : null}
              <span aria-hidden className="mx-1 hidden text-ink-3 sm:inline">
                ·
              </span>
            </>
          )}
          <Select
            aria-label={`${title}: quiet time`}
            className="w-56"
            disabled={!may || save.isPending}
            value={rule.quiet_minutes}
            onChange={(event) => save.mutate({ kind, quiet_minutes: Number(event.target.value) })}
          >
            {quiets.map((minutes) => (
              <option key={minutes} value={minutes}>
                {quietWords(minutes)}
              </option>
            ))}
          </Select>
        </form>
      ) : null}
    </li>
  );
}

function quietWords(minutes: number): string {
  if (minutes === 0) return 'Each time it comes back';
  if (minutes % 1440 === 0) return minutes === 1440 ? 'Once a day at most' : `Once in ${minutes / 1440} days at most`;
  if (minutes % 60 === 0) return minutes === 60 ? 'Once an hour at most' : `Once in ${minutes / 60} hours at most`;
  return `Once in ${minutes} minutes at most`;
}
