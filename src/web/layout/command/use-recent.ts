import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useRead } from '#web/kit/query.ts';
import { remember } from './recent.ts';

/** A page names itself when its data is there: a moment after it is opened. */
const NAMED_MS = 1_500;

/** Notes the pages that the signed-in user opens, for the command menu. */
export function useRecent(): void {
  const router = useRouter();
  const userId = useRead('users.me', {}).data?.id;
  useEffect(() => {
    if (userId === undefined) return;
    let timer: ReturnType<typeof setTimeout>;
    const note = () => {
      clearTimeout(timer);
      const path = router.state.location.pathname;
      timer = setTimeout(() => {
        if (router.state.location.pathname === path) remember(userId, path, document.title);
      }, NAMED_MS);
    };
    note();
    const stop = router.subscribe('onResolved', note);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [router, userId]);
}
