import type { FormEvent } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';

type Rules = Output<'inbound.settings'>;

/** What becomes of mail from people whom nobody knows. */
export function InboundSettings() {
  const rules = useRead('inbound.settings', {});
  if (rules.data === undefined)
    return rules.error === null ? (
      <SkeletonLines lines={6} />
    ) : (
      <Failure what="The settings could not be loaded." error={rules.error} retry={() => void rules.refetch()} />
    );
  return <Editor key={rules.data.updated_at} rules={rules.data} />;
}

function Editor({ rules }: { rules: Rules }) {
  const may = useMay('admin');
  const connections = useRead('connections.list', {});
  const boxes = (connections.data?.items ?? []).filter(({ ports }) => ports.includes('inbound_email'));
  const form = useForm({ strangers: rules.strangers, connection_ids: rules.connection_ids });
  const { values, set, fault } = form;
  const save = useAct('inbound.configure', { quiet: true, refresh: ['inbound'], done: 'Saved.' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ if_match: rules.updated_at, ...values }, { onError: form.setError });
  };
  return (
    <form onSubmit={submit} className="max-w-3xl">
      <Panel title="People who write for the first time">
        <fieldset disabled={!may} className="space-y-4">
          {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
          {may ? null : <Note>Only an admin changes this.</Note>}
          <p className="text-sm text-ink-2">
            Answers and mail of people you know are always taken in. All else in your mailboxes is left alone, unless you want people made
            of those who write. Programs, newsletters and lists never become people. Writing to you is no consent to be written to.
          </p>
          <Field label="Somebody nobody knows writes" error={fault('strangers')}>
            {(control) => (
              <Select
                {...control}
                value={values.strangers}
                onChange={(event) => set('strangers', event.target.value as Rules['strangers'] /* the options below */)}
              >
                <option value="ignore">Leave the mail alone</option>
                <option value="mailboxes">Becomes a person, in some mailboxes</option>
                <option value="all">Becomes a person, in every mailbox</option>
              </Select>
            )}
          </Field>
          {values.strangers === 'mailboxes' ? (
            <div className="space-y-2">
              {boxes.length === 0 ? <p className="text-sm text-ink-2">No mailbox is connected yet.</p> : null}
              {boxes.map(({ id, title }) => (
                <Checkbox
                  key={id}
                  label={title}
                  disabled={!may}
                  checked={values.connection_ids.includes(id)}
                  onCheckedChange={(on) =>
                    set('connection_ids', on === true ? [...values.connection_ids, id] : values.connection_ids.filter((one) => one !== id))
                  }
                />
              ))}
              {fault('connection_ids') === undefined ? null : <p className="text-sm text-bad">Name at least one mailbox.</p>}
            </div>
          ) : null}
          {may ? (
            <Button kind="primary" type="submit" busy={save.isPending}>
              Save
            </Button>
          ) : null}
        </fieldset>
      </Panel>
    </form>
  );
}
