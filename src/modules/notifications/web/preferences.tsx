import type { Output } from '#web/kit/api.ts';
import { Select, Switch } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';

type Preference = Output<'notifications.preferences'>['items'][number];

/** What this user is told, and how. Each change is saved at once. */
export function NotificationSettings() {
  const preferences = useRead('notifications.preferences', {});
  if (preferences.data === undefined) {
    return preferences.error === null ? (
      <SkeletonLines lines={8} />
    ) : (
      <Failure what="Your choices could not be loaded." error={preferences.error} retry={() => void preferences.refetch()} />
    );
  }
  return (
    <Panel title="Tell me when" flush>
      <ul className="divide-y">
        {preferences.data.items.map((preference) => (
          <Line key={preference.kind} preference={preference} />
        ))}
      </ul>
      <p className="border-t px-4 py-3 text-xs text-ink-3">
        The daily mail comes in the morning of your company, and only with what you have not read under the bell.
      </p>
    </Panel>
  );
}

function Line({ preference }: { preference: Preference }) {
  const save = useAct('notifications.configure', { refresh: ['notifications.preferences'], done: 'Saved.' });
  const { kind, title, in_app: inApp, email } = preference;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-52 text-sm font-medium">{title}</span>
      <label className="flex items-center gap-2 text-sm text-ink-2">
        <Switch
          checked={inApp}
          disabled={save.isPending}
          aria-label={`${title}: under the bell`}
          onCheckedChange={(next) => save.mutate({ kind, in_app: next, email })}
        />
        Bell
      </label>
      <Select
        aria-label={`${title}: by mail`}
        className="w-40"
        value={email}
        disabled={save.isPending}
        onChange={(event) => {
          const chosen = (['off', 'instant', 'digest'] as const).find((one) => one === event.target.value);
          if (chosen !== undefined) save.mutate({ kind, in_app: inApp, email: chosen });
        }}
      >
        <option value="off">No mail</option>
        <option value="instant">Mail at once</option>
        <option value="digest">Daily mail</option>
      </Select>
    </li>
  );
}
