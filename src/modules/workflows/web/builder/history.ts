import type { Definition } from './definition.ts';

/** What was, is and was taken back. The definition is the one truth; everything on the page follows from `present`. */
export interface History {
  readonly past: readonly Definition[];
  readonly present: Definition;
  readonly future: readonly Definition[];
  /** What the last change was about: typing in one field is one step back. */
  readonly merge: string | null;
}

export type Change =
  | { readonly kind: 'set'; readonly definition: Definition; readonly merge?: string }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' }
  /** A new beginning: what the server holds. */
  | { readonly kind: 'load'; readonly definition: Definition }
  /** The next change is a step of its own, whatever it is about. */
  | { readonly kind: 'settle' };

const MOST = 200;

export const beginning = (definition: Definition): History => ({ past: [], present: definition, future: [], merge: null });

export function history(state: History, change: Change): History {
  switch (change.kind) {
    case 'load':
      return beginning(change.definition);
    case 'settle':
      return state.merge === null ? state : { ...state, merge: null };
    case 'undo': {
      const before = state.past.at(-1);
      if (before === undefined) return state;
      return { past: state.past.slice(0, -1), present: before, future: [state.present, ...state.future], merge: null };
    }
    case 'redo': {
      const [after, ...rest] = state.future;
      if (after === undefined) return state;
      return { past: [...state.past, state.present], present: after, future: rest, merge: null };
    }
    case 'set': {
      if (change.definition === state.present) return state;
      const goesOn = change.merge !== undefined && change.merge === state.merge;
      const past = goesOn ? state.past : [...state.past, state.present].slice(-MOST);
      return { past, present: change.definition, future: [], merge: change.merge ?? null };
    }
  }
}
