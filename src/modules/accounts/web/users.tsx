import { UserPlus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Avatar } from '#web/kit/avatar.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { CopyLine } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { useMay, useMe } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { words } from '#web/kit/format.ts';

type Role = Item<'users.list'>['role'];
const roles: readonly [Role, string][] = [
  ['user', 'User: works with leads and messages'],
  ['manager', 'Manager: also sequences, launch, connections'],
  ['admin', 'Admin: everything, users and settings too'],
];

export function UsersSettings() {
  const users = useList('users.list', { limit: 200 });
  const may = useMay('admin');
  const [inviting, setInviting] = useState(false);
  return (
    <div className="space-y-6">
      <Panel
        title="Who may sign in"
        flush
        aside={
          may ? (
            <Button size="sm" onClick={() => setInviting(true)}>
              <UserPlus /> Invite
            </Button>
          ) : null
        }
      >
        {users.isPending ? (
          <SkeletonRows rows={3} />
        ) : users.error !== null ? (
          <Failure what="The users could not be loaded." error={users.error} retry={() => void users.refetch()} />
        ) : (
          <ul className="divide-y">
            {users.rows.map((user) => (
              <UserRow key={user.id} user={user} may={may} />
            ))}
          </ul>
        )}
      </Panel>
      {may ? <Invites /> : null}
      <InviteDialog open={inviting} onOpenChange={setInviting} />
    </div>
  );
}

function UserRow({ user, may }: { user: Item<'users.list'>; may: boolean }) {
  const me = useMe();
  const change = useAct('users.update', { refresh: ['users'], done: 'Saved.' });
  const remove = useAct('users.delete', { refresh: ['users'], done: 'Removed. Their sessions and keys no longer work.' });
  const name = user.full_name || user.email;
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3">
      <Avatar name={name} />
      <div className="min-w-0 flex-1 basis-40">
        <div className="truncate text-sm font-medium">
          {name} {user.is_active ? null : <Badge>inactive</Badge>}
        </div>
        <div className="truncate text-xs text-ink-3">{user.email}</div>
      </div>
      {may && user.id !== me.id ? (
        <>
          <Select
            aria-label={`Role of ${name}`}
            className="w-32"
            value={user.role}
            disabled={change.isPending}
            onChange={(event) =>
              change.mutate({ user_id: user.id, role: roles.find(([role]) => role === event.target.value)?.[0] ?? user.role })
            }
          >
            {roles.map(([role]) => (
              <option key={role} value={role}>
                {words(role)}
              </option>
            ))}
          </Select>
          <Confirm
            title={`Remove ${name}?`}
            action="Remove"
            danger
            onConfirm={() => remove.mutate({ user_id: user.id })}
            trigger={(ask) => (
              <Button size="sm" onClick={ask} busy={remove.isPending}>
                Remove
              </Button>
            )}
          >
            <p>They are signed out at once. What they did stays in the audit log.</p>
          </Confirm>
        </>
      ) : (
        <Badge>{words(user.role)}</Badge>
      )}
    </li>
  );
}

function Invites() {
  const invites = useList('invites.list', {});
  const revoke = useAct('invites.revoke', { refresh: ['invites'], done: 'The invitation no longer works.' });
  if (invites.rows.length === 0) return null;
  return (
    <Panel title="Invited" flush>
      <ul className="divide-y">
        {invites.rows.map((invite) => (
          <li key={invite.id} className="flex items-center gap-3 px-4 py-3 text-sm">
            <div className="min-w-0 flex-1">
              <div className="truncate font-medium">{invite.email}</div>
              <div className="text-xs text-ink-3">
                as {invite.role}, until <When at={invite.expires_at} exact className="num" />
              </div>
            </div>
            <Button size="sm" busy={revoke.isPending} onClick={() => revoke.mutate({ invite_id: invite.id })}>
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function InviteDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const form = useForm<{ email: string; role: Role }>({ email: '', role: 'user' });
  const invite = useAct('invites.create', { quiet: true, refresh: ['invites'] });
  const close = () => {
    onOpenChange(false);
    form.reset();
    invite.reset();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title="Invite a colleague"
      footer={
        invite.isSuccess ? (
          <Button kind="primary" onClick={close}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" type="submit" form="invite" busy={invite.isPending}>
              Invite
            </Button>
          </>
        )
      }
    >
      {invite.isSuccess ? (
        <div className="space-y-3 text-sm">
          <p>The invitation is on its way to {form.values.email}. You can also hand over this link; it works once:</p>
          <CopyLine label="Invitation link" text={invite.data.invite_url} />
        </div>
      ) : (
        <form
          id="invite"
          className="space-y-4"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            invite.mutate({ email: form.values.email.trim(), role: form.values.role }, { onError: form.setError });
          }}
        >
          {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
          <Field label="Email" error={form.fault('email')}>
            {(control) => <Input {...control} {...form.text('email')} type="email" required autoComplete="off" />}
          </Field>
          <Field label="Role" error={form.fault('role')}>
            {(control) => (
              <Select
                {...control}
                value={form.values.role}
                onChange={(event) => form.set('role', roles.find(([role]) => role === event.target.value)?.[0] ?? 'user')}
              >
                {roles.map(([role, says]) => (
                  <option key={role} value={role}>
                    {says}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </form>
      )}
    </Dialog>
  );
}
