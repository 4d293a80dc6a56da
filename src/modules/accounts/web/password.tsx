import { Link, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { Entry } from './entry.tsx';
import { NewPassword } from './new-password.tsx';

const toSignIn = (
  <Link to="/sign-in" className="text-accent-ink hover:underline">
    Back to sign-in
  </Link>
);

export function ForgotPage() {
  const form = useForm({ email: '' });
  const ask = useAct('passwords.forgot', { quiet: true });
  if (ask.isSuccess) {
    return (
      <Entry
        title="Look at your mail"
        lead={`If ${form.values.email} has an account, a link is on its way. It works once, for an hour.`}
        footer={toSignIn}
      >
        <Note>
          No mail server is connected yet? Then the link is in the outbox, which a colleague who is signed in can read, or run: npx steward
          users reset-password --email {form.values.email}
        </Note>
      </Entry>
    );
  }
  return (
    <Entry title="Forgot your password?" lead="We send you a link to choose a new one." footer={toSignIn}>
      <form
        className="space-y-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          ask.mutate({ email: form.values.email.trim() }, { onError: form.setError });
        }}
      >
        {form.error === null ? null : <Note tone="bad">{form.error.message}</Note>}
        <Field label="Email">
          {(control) => (
            <Input {...control} {...form.text('email')} type="email" autoComplete="username" required autoFocus className="h-10" />
          )}
        </Field>
        <Button type="submit" kind="primary" size="lg" className="w-full" busy={ask.isPending}>
          Send the link
        </Button>
      </form>
    </Entry>
  );
}

export function ResetPage() {
  const { token } = useSearch({ from: '/reset' });
  const form = useForm({ password: '' });
  const change = useAct('passwords.reset', { quiet: true });
  if (token === undefined)
    return (
      <Entry
        title="This link is not complete"
        lead="Open the whole link from the mail, or ask for a new one."
        footer={<Link to="/forgot">Ask for a new link</Link>}
      />
    );
  if (change.isSuccess) {
    return (
      <Entry title="Password changed" lead="You are signed out everywhere else. Sign in with the new password.">
        <Button asChild kind="primary" size="lg" className="w-full">
          <Link to="/sign-in">Sign in</Link>
        </Button>
      </Entry>
    );
  }
  return (
    <Entry title="Choose a new password" footer={toSignIn}>
      <form
        className="space-y-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          change.mutate({ token, password: form.values.password }, { onError: form.setError });
        }}
      >
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <NewPassword label="New password" error={form.fault('password')} input={{ ...form.text('password'), autoFocus: true }} />
        <Button type="submit" kind="primary" size="lg" className="w-full" busy={change.isPending}>
          Change it
        </Button>
      </form>
    </Entry>
  );
}
