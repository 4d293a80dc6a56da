import { useState, type FormEvent } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { CopyLine } from '#web/kit/copy.tsx';
import { useAct } from '#web/kit/query.ts';
import { SchemaForm, type ObjectSchema } from '#web/kit/schema-form.tsx';
import { Note } from '#web/kit/states.tsx';

export interface ConnectProps {
  connector: Item<'connections.kinds'>;
  connection: Item<'connections.list'> | null;
  onClose: () => void;
}

/** The connector's own schema makes the form; saving tests it, so that a typing error shows at once. */
export function ConnectDialog({ connector, connection, onClose }: ConnectProps) {
  const form = useForm({});
  const [values, setValues] = useState<Record<string, unknown>>({ ...connection?.fields });
  const [requests, setRequests] = useState(String(connection?.limit?.requests ?? ''));
  const [seconds, setSeconds] = useState(String(connection?.limit?.seconds ?? ''));
  const refresh = ['connections', 'sending', 'system'];
  const test = useAct('connections.test', {
    refresh,
    done: (answer) =>
      answer.ok
        ? `${connector.title} works${answer.account === null ? '' : `: ${answer.account}`}.`
        : `Saved, but the test failed: ${answer.error ?? 'no reason given'}`,
    onDone: onClose,
  });
  // At the vendor a person agrees; the way back leads to a page of ours.
  const signIn = useAct('connections.authorize', { onDone: ({ url }) => location.assign(url) });
  const signsIn = connector.redirect_uri !== null;
  const onDone = ({ id }: { id: string }) => (signsIn ? signIn : test).mutate({ connection_id: id });
  const create = useAct('connections.create', { quiet: true, refresh, onDone });
  const update = useAct('connections.update', { quiet: true, refresh, onDone });
  // The server's JSON Schema of the credentials; drawn as far as it is known.
  const schema = connector.schema as ObjectSchema;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Emptied fields are left out; a secret that is left out stays as it is.
    const credentials = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
    const limit = requests === '' ? null : { requests: Number(requests), seconds: Number(seconds === '' ? 1 : seconds) };
    if (connection === null) create.mutate({ connector: connector.id, credentials, limit }, { onError: form.setError });
    else update.mutate({ connection_id: connection.id, credentials, limit }, { onError: form.setError });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={connection === null ? `Connect ${connector.title}` : `Change ${connector.title}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="connect"
            busy={create.isPending || update.isPending || test.isPending || signIn.isPending}
          >
            {signsIn ? 'Save and sign in' : 'Save and test'}
          </Button>
        </>
      }
    >
      <form id="connect" onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        {connector.redirect_uri === null ? null : (
          <div className="space-y-1.5">
            <p className="text-sm text-ink-2">
              Make an OAuth client at the vendor and enter this address there as its redirect URI. Then fill in what you got.
            </p>
            <CopyLine label="Redirect URI" text={connector.redirect_uri} />
          </div>
        )}
        <SchemaForm schema={schema} values={values} onChange={setValues} fault={form.fault} kept={connection !== null} />
        <Field
          label="At most"
          optional
          error={form.fault('limit.requests') ?? form.fault('limit.seconds') ?? form.fault('limit')}
          hint={limitHint(connection?.vendor_limit ?? null)}
        >
          {(control) => (
            <div className="flex items-center gap-2 text-sm text-ink-2">
              <Input
                {...control}
                type="number"
                min={1}
                max={10_000}
                className="w-24"
                value={requests}
                onChange={(event) => setRequests(event.target.value)}
              />
              requests in
              <Input
                aria-label="In how many seconds"
                type="number"
                min={1}
                max={86_400}
                placeholder="1"
                className="w-20"
                value={seconds}
                onChange={(event) => setSeconds(event.target.value)}
              />
              s
            </div>
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function limitHint(vendor: { requests: number; seconds: number } | null): string {
  const otherwise = vendor === null ? 'Left open: no limit.' : `Left open: ${vendor.requests} in ${vendor.seconds} s, as is usual there.`;
  return `All processes together. ${otherwise}`;
}
