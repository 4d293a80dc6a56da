import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react';
import { whenSomethingIsSaid } from './toast.ts';

// Without it a page goes on working, in silence.
const Corner = lazy((): Promise<{ default: ComponentType }> =>
  import('./toast-corner.tsx').then(
    (module) => ({ default: module.ToastCorner }),
    () => ({ default: () => null }),
  ),
);

/** Where toasts come up. Empty, and without its code, until there is one. */
export function Toasts() {
  const [needed, setNeeded] = useState(false);
  useEffect(() => whenSomethingIsSaid(() => setNeeded(true)), []);
  return needed ? (
    <Suspense fallback={null}>
      <Corner />
    </Suspense>
  ) : null;
}
