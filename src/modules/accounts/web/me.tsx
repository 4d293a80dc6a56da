import type { FormEvent } from 'react';
import { PicturePanel } from './picture-panel.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { setTheme, useTheme, type Theme } from '#web/kit/theme.ts';
import { When } from '#web/kit/time.tsx';
import { words } from '#web/kit/format.ts';
import { deviceOf } from './device.ts';

export function MySettings() {
  return (
    <div className="max-w-3xl space-y-6">
      <Profile />
      <PicturePanel />
      <Appearance />
      <Sessions />
    </div>
  );
}

function Profile() {
  const me = useMe();
  const form = useForm({ full_name: me.full_name, password: '', current: '' });
  const save = useAct('users.update', { quiet: true, refresh: ['users'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { full_name: fullName, password, current } = form.values;
    save.mutate(
      { user_id: me.id, full_name: fullName.trim(), ...(password === '' ? {} : { password, current_password: current }) },
      {
        onError: form.setError,
        onSuccess: () => form.reset({ full_name: fullName, password: '', current: '' }),
      },
    );
  };
  return (
    <Panel title="Your account" aside={<Badge>{words(me.role)}</Badge>}>
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Name" error={form.fault('full_name')}>
          {(control) => <Input {...control} {...form.text('full_name')} autoComplete="name" />}
        </Field>
        <Field label="Email">{(control) => <Input {...control} value={me.email} readOnly disabled />}</Field>
        <Field label="New password" optional hint="10 characters or more. Your other sessions end." error={form.fault('password')}>
          {(control) => <Input {...control} {...form.text('password')} type="password" autoComplete="new-password" minLength={10} />}
        </Field>
        {form.values.password === '' ? null : (
          <Field label="Present password" error={form.fault('current_password')}>
            {(control) => <Input {...control} {...form.text('current')} type="password" autoComplete="current-password" required />}
          </Field>
        )}
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
      </form>
    </Panel>
  );
}

const themes: readonly [Theme, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function Appearance() {
  const theme = useTheme();
  return (
    <Panel title="Theme">
      <div role="radiogroup" aria-label="Theme" className="inline-flex rounded-lg bg-sunken p-0.5">
        {themes.map(([value, label]) => (
          <button
            key={value}
            type="button"
            role="radio"
            aria-checked={theme === value}
            onClick={() => setTheme(value)}
            className={
              theme === value
                ? 'h-7 rounded-md bg-panel px-3 text-sm font-medium shadow-raise'
                : 'h-7 rounded-md px-3 text-sm text-ink-2 hover:text-ink'
            }
          >
            {label}
          </button>
        ))}
      </div>
    </Panel>
  );
}

function Sessions() {
  const sessions = useList('sessions.list', {});
  const revoke = useAct('sessions.revoke', { refresh: ['sessions'], done: 'That session has ended.' });
  return (
    <Panel title="Where you are signed in" flush>
      {sessions.isPending ? (
        <SkeletonLines className="p-4" />
      ) : sessions.error !== null ? (
        <Failure what="The sessions could not be loaded." error={sessions.error} retry={() => void sessions.refetch()} />
      ) : (
        <ul className="divide-y">
          {sessions.rows.map((session) => (
            <li key={session.id} className="flex items-center gap-3 px-4 py-3">
              <div className="min-w-0 flex-1">
                <div className="truncate text-sm font-medium">
                  {deviceOf(session.user_agent)} {session.current ? <Badge tone="ok">this one</Badge> : null}
                </div>
                <div className="text-xs text-ink-3">
                  {session.ip ?? 'unknown address'} · last seen <When at={session.last_seen_at} className="num" />
                </div>
              </div>
              {session.current ? null : (
                <Button
                  size="sm"
                  busy={revoke.isPending && revoke.variables?.session_id === session.id}
                  onClick={() => revoke.mutate({ session_id: session.id })}
                >
                  End
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
