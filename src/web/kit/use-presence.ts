import { useEffect, useRef } from 'react';
import { call } from './api.ts';

/** Twice in the time that the server believes it. */
const BEAT_MS = 20_000;

function tell(personId: string, more: { typing?: boolean; gone?: boolean }): void {
  void call('conversations.look', { person_id: personId, ...more }).catch(() => undefined);
}

/** Says that the reader looks at this conversation, and whether they type, while the page is in view. What it cannot say is no harm. */
export function usePresence(personId: string, typing: boolean): void {
  const now = useRef(typing);
  now.current = typing;
  useEffect(() => {
    if (!document.hidden) tell(personId, { typing });
  }, [personId, typing]);
  useEffect(() => {
    const beat = setInterval(() => {
      if (!document.hidden) tell(personId, { typing: now.current });
    }, BEAT_MS);
    const follow = () => tell(personId, document.hidden ? { gone: true } : { typing: now.current });
    document.addEventListener('visibilitychange', follow);
    return () => {
      clearInterval(beat);
      document.removeEventListener('visibilitychange', follow);
      tell(personId, { gone: true });
    };
  }, [personId]);
}
