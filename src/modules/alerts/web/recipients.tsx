import { X } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Input, Select } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';

type Recipient = Item<'alerts.recipients'>;
type Kind = Item<'alerts.rules'>['kind'];
/** As it is sent: the kinds are those that the rules name. */
interface Named {
  readonly user_id?: string;
  readonly email?: string;
  readonly kinds: Kind[];
}

/** Who hears of what goes wrong: the admins, until somebody is named. */
export function AlertRecipients({ kinds }: { kinds: readonly { kind: Kind; title: string }[] }) {
  const recipients = useRead('alerts.recipients', {});
  const users = useRead('users.list', {});
  const may = useMay('admin');
  const [email, setEmail] = useState('');
  const save = useAct('alerts.set_recipients', { refresh: ['alerts'], done: 'Saved.' });
  if (recipients.data === undefined)
    return recipients.error === null ? (
      <SkeletonLines lines={3} />
    ) : (
      <Failure what="Who is told could not be loaded." error={recipients.error} retry={() => void recipients.refetch()} />
    );
  const { items } = recipients.data;
  const named = items.map((one) => namedOf(one, kinds));
  const put = (next: Named[], onSuccess?: () => void) => save.mutate({ recipients: next }, onSuccess === undefined ? {} : { onSuccess });
  const left = (users.data?.items ?? []).filter((user) => user.is_active && !items.some((one) => one.user_id === user.id));
  return (
    <Panel title="Who is told" flush>
      {items.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-2">The admins, all of them. Name a colleague or an address, and they are told instead.</p>
      ) : (
        <ul className="divide-y">
          {items.map((one, i) => (
            <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
              <span className="min-w-0 flex-1 basis-48">
                <span className="block truncate text-sm font-medium">{one.name ?? one.email}</span>
                <span className="block truncate text-xs text-ink-3">
                  {one.user_id === null ? 'An address, by mail' : `${one.email} · bell and mail, as they chose`}
                </span>
              </span>
              <Select
                aria-label={`What ${one.name ?? one.email} is told of`}
                className="w-52"
                disabled={!may || save.isPending}
                value={one.kinds.length === 0 ? '' : one.kinds.length === 1 ? one.kinds[0] : 'several'}
                onChange={(event) => {
                  const chosen = kinds.filter(({ kind }) => kind === event.target.value).map(({ kind }) => kind);
                  put(named.map((other, at) => (at === i ? { ...other, kinds: chosen } : other)));
                }}
              >
                <option value="">Everything</option>
                {kinds.map(({ kind, title }) => (
                  <option key={kind} value={kind}>
                    {title}
                  </option>
                ))}
                {one.kinds.length > 1 ? <option value="several">{one.kinds.length} kinds</option> : null}
              </Select>
              <Button
                kind="quiet"
                size="icon"
                disabled={!may || save.isPending}
                aria-label={`Do not tell ${one.name ?? one.email} any more`}
                onClick={() => put(named.filter((_, at) => at !== i))}
              >
                <X />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {may ? (
        <form
          className="flex flex-wrap items-center gap-2 border-t px-4 py-3"
          onSubmit={(event) => {
            event.preventDefault();
            put([...named, { email: email.trim(), kinds: [] }], () => setEmail(''));
          }}
        >
          <Select
            aria-label="Tell a colleague"
            className="w-52"
            disabled={save.isPending || left.length === 0}
            value=""
            onChange={(event) => put([...named, { user_id: event.target.value, kinds: [] }])}
          >
            <option value="">Tell a colleague…</option>
            {left.map((user) => (
              <option key={user.id} value={user.id}>
                {user.full_name === '' ? user.email : user.full_name}
              </option>
            ))}
          </Select>
          <span className="text-xs text-ink-3">or</span>
          <Input
            aria-label="Tell an address"
            type="email"
            placeholder="on-call@example.com"
            className="w-56"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button type="submit" busy={save.isPending} disabled={email.trim() === ''}>
            Add
          </Button>
        </form>
      ) : null}
    </Panel>
  );
}

function namedOf(one: Recipient, kinds: readonly { kind: Kind }[]): Named {
  const known = kinds.map(({ kind }) => kind).filter((kind) => one.kinds.includes(kind));
  return one.user_id === null ? { email: one.email, kinds: known } : { user_id: one.user_id, kinds: known };
}
