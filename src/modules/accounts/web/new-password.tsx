import type { ComponentProps } from 'react';
import { Field, Input } from '#web/kit/field.tsx';

/** A password that is chosen, in a form that stands by itself; `input` is what the form binds it with. */
export function NewPassword({
  label = 'Password',
  hint = '10 characters or more.',
  error,
  input,
}: {
  label?: string;
  hint?: string;
  error: string | undefined;
  input: ComponentProps<typeof Input>;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <Input {...control} {...input} type="password" autoComplete="new-password" minLength={10} required className="h-10" />}
    </Field>
  );
}
