import { useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { Skeleton } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { Entry } from './entry.tsx';
import { NewPassword } from './new-password.tsx';

export function InvitePage() {
  const { token } = useSearch({ from: '/invite' });
  const form = useForm({ full_name: '', password: '' });
  const invite = useRead('invites.look', { token: token ?? '' }, { enabled: token !== undefined });
  const accept = useAct('invites.accept', { quiet: true, onDone: () => location.assign('/') });
  if (token === undefined || invite.error !== null) {
    return (
      <Entry
        title="This invitation does not work"
        lead={invite.error?.message ?? 'Open the whole link from the mail, or ask for a new invitation.'}
      />
    );
  }
  if (invite.data === undefined) return <Entry title="Join" lead={<Skeleton className="mt-2 w-48" />} />;
  const { company_name: company, email } = invite.data;
  return (
    <Entry title={`Join ${company}`} lead={`You were invited as ${email}.`}>
      <form
        className="space-y-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          accept.mutate({ token, ...form.values }, { onError: form.setError });
        }}
      >
        {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
        <Field label="Your name" error={form.fault('full_name')}>
          {(control) => <Input {...control} {...form.text('full_name')} autoComplete="name" required autoFocus className="h-10" />}
        </Field>
        <NewPassword error={form.fault('password')} input={form.text('password')} />
        <Button type="submit" kind="primary" size="lg" className="w-full" busy={accept.isPending || accept.isSuccess}>
          Join
        </Button>
      </form>
    </Entry>
  );
}
