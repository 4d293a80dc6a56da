import { Link, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { Entry } from './entry.tsx';

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const form = useForm({ email: '', password: '' });
  const signIn = useAct('sessions.start', {
    quiet: true,
    // A full load: nothing that was read as someone else stays.
    onDone: () => location.assign(next !== undefined && /^\/(?!\/|\\)/.test(next) ? next : '/'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ username: form.values.email.trim(), password: form.values.password }, { onError: form.setError });
  };
  return (
    <Entry
      title="Sign in"
      lead="Welcome back."
      footer={
        <Link to="/forgot" className="text-accent-ink hover:underline">
          Forgot your password?
        </Link>
      }
    >
      <form onSubmit={submit} className="space-y-4">
        {form.error === null ? null : <Note tone="bad">{form.error.message}</Note>}
        <Field label="Email">
          {(control) => (
            <Input
              {...control}
              {...form.text('email')}
              type="text"
              inputMode="email"
              autoComplete="username"
              required
              autoFocus
              className="h-10"
            />
          )}
        </Field>
        <Field label="Password">
          {(control) => (
            <Input {...control} {...form.text('password')} type="password" autoComplete="current-password" required className="h-10" />
          )}
        </Field>
        <Button type="submit" kind="primary" size="lg" className="w-full" busy={signIn.isPending || signIn.isSuccess}>
          Sign in
        </Button>
      </form>
    </Entry>
  );
}
