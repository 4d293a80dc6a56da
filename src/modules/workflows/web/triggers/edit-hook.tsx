import type { FormEvent } from 'react';
import type { Input as InputOf, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Checkbox, Field, Input, Select } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

type Hook = Output<'hooks.get'>;
type Change = InputOf<'hooks.update'>;
type Scheme = NonNullable<Change['signature']>;

export const PRESETS: Readonly<Record<string, string>> = {
  github: 'GitHub',
  stripe: 'Stripe',
  standard: 'Standard Webhooks',
  svix: 'Svix',
  shopify: 'Shopify',
  slack: 'Slack',
  hubspot: 'HubSpot',
  twilio: 'Twilio',
  own: 'described here',
};
const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const;

const textOf = (value: unknown, otherwise = '') => (typeof value === 'string' ? value : otherwise);

function valuesOf(hook: Hook) {
  const own = hook.signature ?? {};
  return {
    preset: textOf(own['preset'], 'none'),
    secret: '',
    header: textOf(own['header'], 'X-Signature'),
    algorithm: textOf(own['algorithm'], 'sha256'),
    encoding: textOf(own['encoding'], 'hex'),
    prefix: textOf(own['prefix']),
    timestamp_header: textOf(own['timestampHeader'], textOf(own['timestamp_header'])),
    methods: [...hook.methods],
    respond: String(hook.respond),
    wait_s: String(hook.wait_s),
    max_kb: String(Math.round(hook.max_bytes / 1024)),
    per_minute: hook.per_minute === null ? '' : String(hook.per_minute),
  };
}
type Values = ReturnType<typeof valuesOf>;

function schemeOf(values: Values): Scheme | null {
  switch (values.preset) {
    case 'github':
    case 'stripe':
    case 'standard':
    case 'svix':
    case 'shopify':
    case 'slack':
    case 'hubspot':
    case 'twilio':
      return { preset: values.preset };
    case 'own':
      return {
        preset: 'own',
        header: values.header.trim(),
        algorithm: values.algorithm === 'sha1' ? 'sha1' : values.algorithm === 'sha512' ? 'sha512' : 'sha256',
        encoding: values.encoding === 'base64' ? 'base64' : 'hex',
        prefix: values.prefix,
        ...(values.timestamp_header.trim() === '' ? {} : { timestamp_header: values.timestamp_header.trim() }),
      };
    default:
      return null;
  }
}

/** How a hook checks its sender and how it answers. */
export function EditHook({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const form = useForm<Values>(valuesOf(hook));
  const save = useAct('hooks.update', { quiet: true, refresh: ['hooks'], done: 'Saved.', onDone: onClose });
  const { values } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      {
        hook_id: hook.id,
        signature: schemeOf(values),
        ...(values.secret === '' ? {} : { secret: values.secret }),
        methods: values.methods,
        respond: values.respond === 'when_done' ? 'when_done' : 'at_once',
        wait_s: Number(values.wait_s),
        max_bytes: Math.round(Number(values.max_kb) * 1024),
        per_minute: values.per_minute.trim() === '' ? null : Number(values.per_minute),
        if_match: hook.updated_at,
      },
      { onError: form.setError },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Webhook settings"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="edit-hook" busy={save.isPending} disabled={values.methods.length === 0}>
            Save
          </Button>
        </>
      }
    >
      <form id="edit-hook" className="space-y-4" onSubmit={submit}>
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="How the sender signs" hint="A signature proves who called; the address alone may leak.">
          {(control) => (
            <Select {...control} {...form.text('preset')}>
              <option value="none">Not at all</option>
              <option value="standard">Standard Webhooks</option>
              <option value="github">GitHub, Meta</option>
              <option value="stripe">Stripe</option>
              <option value="svix">Svix (Resend, Clerk …)</option>
              <option value="shopify">Shopify</option>
              <option value="slack">Slack</option>
              <option value="hubspot">HubSpot</option>
              <option value="twilio">Twilio</option>
              <option value="own">Another way (HMAC)</option>
            </Select>
          )}
        </Field>
        {values.preset === 'own' ? <OwnScheme form={form} /> : null}
        {values.preset === 'none' ? null : (
          <Field
            label="Secret"
            hint={hook.has_secret ? 'Kept. Type a new one to replace it.' : 'The one that the sender signs with.'}
            error={form.fault('secret')}
          >
            {(control) => (
              <Input {...control} {...form.text('secret')} type="password" autoComplete="off" minLength={8} required={!hook.has_secret} />
            )}
          </Field>
        )}
        <fieldset>
          <legend className="mb-2 text-sm font-medium">Methods</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {METHODS.map((method) => (
              <Checkbox
                key={method}
                label={method}
                checked={values.methods.includes(method)}
                onCheckedChange={(checked) =>
                  form.set('methods', checked === true ? [...values.methods, method] : values.methods.filter((one) => one !== method))
                }
              />
            ))}
          </div>
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Answer">
            {(control) => (
              <Select {...control} {...form.text('respond')}>
                <option value="at_once">202 at once</option>
                <option value="when_done">The outcome of the run</option>
              </Select>
            )}
          </Field>
          {values.respond === 'when_done' ? (
            <Field label="Wait at most (seconds)" error={form.fault('wait_s')}>
              {(control) => <Input {...control} {...form.text('wait_s')} type="number" min={1} max={60} required />}
            </Field>
          ) : null}
          <Field label="Longest call (kB)" error={form.fault('max_bytes')}>
            {(control) => <Input {...control} {...form.text('max_kb')} type="number" min={1} max={1024} required />}
          </Field>
          <Field label="Calls a minute" optional hint="Empty: no limit of its own." error={form.fault('per_minute')}>
            {(control) => <Input {...control} {...form.text('per_minute')} type="number" min={1} />}
          </Field>
        </div>
      </form>
    </Dialog>
  );
}

function OwnScheme({ form }: { form: ReturnType<typeof useForm<Values>> }) {
  return (
    <div className="grid gap-4 rounded-lg bg-sunken p-3 sm:grid-cols-2">
      <Field label="Header of the signature" error={form.fault('header')}>
        {(control) => <Input {...control} {...form.text('header')} required />}
      </Field>
      <Field label="Before the signature" optional hint="e.g. sha256=">
        {(control) => <Input {...control} {...form.text('prefix')} />}
      </Field>
      <Field label="Algorithm">
        {(control) => (
          <Select {...control} {...form.text('algorithm')}>
            <option value="sha256">HMAC-SHA256</option>
            <option value="sha512">HMAC-SHA512</option>
            <option value="sha1">HMAC-SHA1</option>
          </Select>
        )}
      </Field>
      <Field label="Written as">
        {(control) => (
          <Select {...control} {...form.text('encoding')}>
            <option value="hex">hex</option>
            <option value="base64">base64</option>
          </Select>
        )}
      </Field>
      <Field label="Header of the time" optional hint="Then “time.body” is signed, and old calls are refused." className="sm:col-span-2">
        {(control) => <Input {...control} {...form.text('timestamp_header')} />}
      </Field>
    </div>
  );
}
