import { KeyRound, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { CopyLine } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

export function KeysSettings() {
  const keys = useList('keys.list', {});
  const revoke = useAct('keys.revoke', { refresh: ['keys'], done: 'The key no longer works.' });
  const [making, setMaking] = useState(false);
  const live = keys.rows.filter((key) => key.revoked_at === null);
  return (
    <>
      <Panel
        title="Keys"
        flush
        aside={
          <Button size="sm" onClick={() => setMaking(true)}>
            <Plus /> New key
          </Button>
        }
      >
        {keys.isPending ? (
          <SkeletonRows rows={2} />
        ) : keys.error !== null ? (
          <Failure what="The keys could not be loaded." error={keys.error} retry={() => void keys.refetch()} />
        ) : live.length === 0 ? (
          <Empty icon={<KeyRound />} title="No keys">
            A key lets a program act for you, within the scopes you give it. The API is described at{' '}
            <a href="/docs" className="text-accent-ink underline">
              /docs
            </a>
            .
          </Empty>
        ) : (
          <ul className="divide-y">
            {live.map((key) => (
              <li key={key.id} className="flex flex-wrap items-center gap-3 px-4 py-3">
                <div className="min-w-0 flex-1 basis-48">
                  <div className="truncate text-sm font-medium">{key.name}</div>
                  <div className="text-xs text-ink-3">
                    {key.prefix}… ·{' '}
                    {key.last_used_at === null ? (
                      'never used'
                    ) : (
                      <>
                        used <When at={key.last_used_at} className="num" />
                      </>
                    )}
                  </div>
                </div>
                <span className="flex flex-wrap gap-1">
                  {key.scopes.map((scope) => (
                    <Badge key={scope}>{scope}</Badge>
                  ))}
                </span>
                <Confirm
                  title={`Revoke “${key.name}”?`}
                  action="Revoke"
                  danger
                  onConfirm={() => revoke.mutate({ key_id: key.id })}
                  trigger={(ask) => (
                    <Button size="sm" onClick={ask} busy={revoke.isPending}>
                      Revoke
                    </Button>
                  )}
                >
                  <p>Programs that use it are refused at once.</p>
                </Confirm>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <NewKey open={making} onOpenChange={setMaking} />
    </>
  );
}

const scopes = [
  'leads:read',
  'leads:write',
  'people:read',
  'people:write',
  'interactions:read',
  'interactions:write',
  'messages:read',
  'workflows:read',
  'runs:read',
  'runs:write',
];

function NewKey({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const form = useForm<{ name: string; chosen: string[] }>({ name: '', chosen: ['leads:read'] });
  const make = useAct('keys.create', { quiet: true, refresh: ['keys'] });
  const close = () => {
    onOpenChange(false);
    form.reset();
    make.reset();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={make.isSuccess ? 'Copy the key now' : 'New API key'}
      footer={
        make.isSuccess ? (
          <Button kind="primary" onClick={close}>
            I have copied it
          </Button>
        ) : (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" type="submit" form="new-key" busy={make.isPending} disabled={form.values.chosen.length === 0}>
              Make the key
            </Button>
          </>
        )
      }
    >
      {make.isSuccess ? (
        <div className="space-y-3">
          <p className="text-sm text-ink-2">It is shown this once. Send it as: authorization: Bearer …</p>
          <CopyLine label="API key" text={make.data.key} />
        </div>
      ) : (
        <form
          id="new-key"
          className="space-y-4"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            make.mutate({ name: form.values.name.trim(), scopes: form.values.chosen }, { onError: form.setError });
          }}
        >
          {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
          <Field label="Name" hint="What will use it: website, spreadsheet, script." error={form.fault('name')}>
            {(control) => <Input {...control} {...form.text('name')} required />}
          </Field>
          <fieldset>
            <legend className="mb-2 text-sm font-medium">May</legend>
            <div className="grid gap-2 sm:grid-cols-2">
              {scopes.map((scope) => (
                <Checkbox
                  key={scope}
                  label={scope}
                  checked={form.values.chosen.includes(scope)}
                  onCheckedChange={(checked) =>
                    form.set(
                      'chosen',
                      checked === true ? [...form.values.chosen, scope] : form.values.chosen.filter((one) => one !== scope),
                    )
                  }
                />
              ))}
            </div>
          </fieldset>
        </form>
      )}
    </Dialog>
  );
}
