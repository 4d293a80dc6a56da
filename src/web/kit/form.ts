import { useState } from 'react';
import type { ApiError } from './api.ts';

/** The state of a small form: values, and the server's word on each field. */
export function useForm<Values extends object>(initial: Values) {
  const [values, setValues] = useState(initial);
  const [error, setError] = useState<ApiError | null>(null);
  return {
    values,
    error,
    setError,
    reset: (next: Values = initial) => {
      setValues(next);
      setError(null);
    },
    set: <Key extends keyof Values>(key: Key, value: Values[Key]) => setValues((old) => ({ ...old, [key]: value })),
    /** Props of a text control. */
    text: <Key extends keyof Values & string>(key: Key) => ({
      name: key,
      value: String(values[key] ?? ''),
      onChange: (event: { target: { value: string } }) => setValues((old) => ({ ...old, [key]: event.target.value })),
    }),
    /** What the server said about this field (`settings.tone` also answers for `tone`). */
    fault: (key: string): string | undefined => error?.fields.find(({ path }) => path === key || path.split('.').at(-1) === key)?.message,
    /** The server's sentence, when it belongs to no field. */
    general: error !== null && error.fields.length === 0 ? error.message : undefined,
  };
}
