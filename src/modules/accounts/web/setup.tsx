import { useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { Entry } from './entry.tsx';
import { timeZones } from '#web/kit/zones.ts';
import { NewPassword } from './new-password.tsx';

const zones = timeZones();
const named = new Intl.DisplayNames('en', { type: 'currency' });
const currencies = Intl.supportedValuesOf('currency').map((code) => [code, named.of(code) ?? code] as const);

/** The first company and its admin. The link with its token is printed when Steward starts. */
export function SetupPage() {
  const { token } = useSearch({ from: '/setup' });
  const form = useForm({
    company_name: '',
    postal_address: '',
    time_zone: zones[0] ?? 'UTC',
    currency: '',
    full_name: '',
    email: '',
    password: '',
  });
  const setUp = useAct('setup.complete', { quiet: true, onDone: () => location.assign('/') });
  if (token === undefined) {
    return (
      <Entry title="Set up Steward" lead="Open the one-time link that Steward printed when it started. It ends in ?token=…">
        <Note>
          No link at hand? Restart Steward: it prints a new one as long as there is no company. Already set up?{' '}
          <a className="text-accent-ink underline" href="/sign-in">
            Sign in
          </a>
          .
        </Note>
      </Entry>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { currency, ...values } = form.values;
    setUp.mutate({ token, ...values, ...(currency === '' ? {} : { currency }) }, { onError: form.setError });
  };
  return (
    <Entry title="Set up your company" lead="One page, then you are in. Everything here can be changed later.">
      <form onSubmit={submit} className="space-y-4">
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Company name" error={form.fault('company_name')}>
          {(control) => (
            <Input {...control} {...form.text('company_name')} autoComplete="organization" required autoFocus className="h-10" />
          )}
        </Field>
        <Field label="Postal address" hint="Stands under every commercial mail; the law asks for it." error={form.fault('postal_address')}>
          {(control) => (
            <Textarea {...control} {...form.text('postal_address')} autoComplete="street-address" required rows={2} className="min-h-16" />
          )}
        </Field>
        <Field label="Time zone" error={form.fault('time_zone')}>
          {(control) => (
            <Select {...control} value={form.values.time_zone} onChange={(event) => form.set('time_zone', event.target.value)}>
              {zones.map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Currency" hint="In which deals, invoices and reports are counted." error={form.fault('currency')}>
          {(control) => (
            <Select {...control} value={form.values.currency} onChange={(event) => form.set('currency', event.target.value)}>
              <option value="">The one of your time zone</option>
              {currencies.map(([code, name]) => (
                <option key={code} value={code}>
                  {code} · {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <hr />
        <Field label="Your name" error={form.fault('full_name')}>
          {(control) => <Input {...control} {...form.text('full_name')} autoComplete="name" required className="h-10" />}
        </Field>
        <Field label="Email" error={form.fault('email')}>
          {(control) => <Input {...control} {...form.text('email')} type="email" autoComplete="username" required className="h-10" />}
        </Field>
        <NewPassword
          hint="10 characters or more. A few words make a good one."
          error={form.fault('password')}
          input={form.text('password')}
        />
        <Button type="submit" kind="primary" size="lg" className="w-full" busy={setUp.isPending || setUp.isSuccess}>
          Start
        </Button>
      </form>
    </Entry>
  );
}
