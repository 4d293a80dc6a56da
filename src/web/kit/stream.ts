import { useEffect, useRef, useState } from 'react';

/** A browser opens six connections to a host, all its windows together: so many of them may be streams, the others are for requests. */
const MOST = 4;

/** Takes one of the places for streams. Answers how to give it back; null: none is free. A page without https has no locks, and no bound. */
async function takePlace(): Promise<(() => void) | null> {
  if (!('locks' in navigator)) return () => undefined;
  for (let place = 0; place < MOST; place += 1) {
    const taken = await new Promise<(() => void) | null>((resolve) => {
      void navigator.locks.request(`steward-stream-${place}`, { ifAvailable: true }, (lock) => {
        if (lock !== null) return new Promise<void>((release) => resolve(release));
        resolve(null);
        return undefined;
      });
    });
    if (taken !== null) return taken;
  }
  return null;
}

/** Opens it once there is a place. Answers its end. */
function listen(url: string, onOpen: (open: boolean) => void, onChanged: () => void): () => void {
  let over = false;
  let end = () => {
    over = true;
  };
  void takePlace().then((giveBack) => {
    if (giveBack === null) return;
    if (over) return giveBack();
    const stream = new EventSource(url);
    stream.addEventListener('open', () => onOpen(true));
    stream.addEventListener('changed', onChanged);
    // The browser comes back by itself after a cut, with the id it heard last; after a refusal it does not.
    stream.addEventListener('error', () => onOpen(false));
    end = () => {
      stream.close();
      giveBack();
      onOpen(false);
    };
  });
  return () => end();
}

/** Hears `changed` while the page is in view; a hidden page keeps no connection. Answers whether the stream is open: while it is not, whoever asks polls. */
export function useStream(url: string, onChanged: () => void): boolean {
  const [open, setOpen] = useState(false);
  const changed = useRef(onChanged);
  changed.current = onChanged;
  useEffect(() => {
    let end: (() => void) | null = null;
    const follow = () => {
      end?.();
      end = document.hidden ? null : listen(url, setOpen, () => changed.current());
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      end?.();
    };
  }, [url]);
  return open;
}
