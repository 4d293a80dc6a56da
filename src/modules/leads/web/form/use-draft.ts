import { useState } from 'react';
import { draftOf, type Draft, type Form } from './draft.ts';

/**
 * What is being written about a form. A newer form (saved here, or by somebody else) is taken over where nothing was changed
 * here; what was changed stays, also what is typed while a save is on its way.
 */
export function useDraft(form: Form) {
  const [held, setHeld] = useState(() => ({ base: form, draft: draftOf(form), clash: false }));
  // The list of forms may still hold an older one than a save has just answered.
  const now = form.updated_at > held.base.updated_at ? takeOver(held, form) : held;
  if (now !== held) setHeld(now);
  return {
    draft: now.draft,
    /** The form that the draft began with: its version goes along with a save. */
    base: now.base,
    /** Somebody else changed the same thing meanwhile. */
    clash: now.clash,
    changed: !same(now.draft, draftOf(now.base)),
    set: (next: Partial<Draft>) => setHeld((old) => ({ ...old, draft: { ...old.draft, ...next } })),
    /** @param sent the draft as it was when the save left */
    saved: (answer: Form, sent: Draft) =>
      setHeld((old) => ({ ...takeOver({ ...old, base: { ...old.base, ...sent } }, answer), clash: false })),
  };
}

interface Held {
  readonly base: Form;
  readonly draft: Draft;
  readonly clash: boolean;
}

function takeOver(held: Held, form: Form): Held {
  const [mine, old, news] = [held.draft, draftOf(held.base), draftOf(form)];
  const parts = (Object.keys(news) as (keyof Draft)[]).filter((part) => !same(mine[part], old[part])); // exactly its keys
  return {
    base: form,
    draft: { ...news, ...Object.fromEntries(parts.map((part) => [part, mine[part]])) },
    clash: held.clash || parts.some((part) => !same(news[part], old[part]) && !same(news[part], mine[part])),
  };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
