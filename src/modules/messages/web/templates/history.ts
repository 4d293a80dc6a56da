import { useReducer } from 'react';
import type { Content } from './content.ts';

interface History {
  past: readonly Content[];
  present: Content;
  future: readonly Content[];
  /** What the last change was about: typing in one field is one step back. */
  about: string | null;
}

type Change = { kind: 'set'; content: Content; about?: string } | { kind: 'undo' } | { kind: 'redo' } | { kind: 'load'; content: Content };

const MOST = 200;

function next(state: History, change: Change): History {
  switch (change.kind) {
    case 'load':
      return { past: [], present: change.content, future: [], about: null };
    case 'undo': {
      const before = state.past.at(-1);
      return before === undefined
        ? state
        : { past: state.past.slice(0, -1), present: before, future: [state.present, ...state.future], about: null };
    }
    case 'redo': {
      const [after, ...rest] = state.future;
      return after === undefined ? state : { past: [...state.past, state.present], present: after, future: rest, about: null };
    }
    case 'set': {
      const goesOn = change.about !== undefined && change.about === state.about;
      return {
        past: goesOn ? state.past : [...state.past, state.present].slice(-MOST),
        present: change.content,
        future: [],
        about: change.about ?? null,
      };
    }
  }
}

/** A template being written, with every step that can be taken back. */
export function useHistory(beginning: Content) {
  const [state, change] = useReducer(next, { past: [], present: beginning, future: [], about: null });
  return {
    content: state.present,
    set: (content: Content, about?: string) => change({ kind: 'set', content, ...(about === undefined ? {} : { about }) }),
    load: (content: Content) => change({ kind: 'load', content }),
    undo: state.past.length === 0 ? undefined : () => change({ kind: 'undo' }),
    redo: state.future.length === 0 ? undefined : () => change({ kind: 'redo' }),
  };
}
