import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { Page } from '#web/kit/page.tsx';
import { settingsPlace } from './directory.ts';
import { SettingsNav } from './nav.tsx';

/** As wide as Tailwind's `lg`: list and page stand side by side. */
const wide = matchMedia('(min-width: 64rem)');
const watch = (changed: () => void) => {
  wide.addEventListener('change', changed);
  return () => wide.removeEventListener('change', changed);
};
const useWide = () => useSyncExternalStore(watch, () => wide.matches);

/** At a desk the list of settings beside the chosen one; on a phone the page alone, with the way back to the list. One thing of a page brings a `Page` of its own. */
export function SettingsLayout() {
  const path = useLocation().pathname;
  const place = settingsPlace(path);
  const beside = useWide();
  if (place === undefined) return <Outlet />;
  return (
    <div className="mx-auto w-full max-w-6xl lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
      {beside ? (
        <div className="sticky top-[var(--bar)] h-[calc(100dvh-var(--bar))] self-start pt-5 pl-6">
          <SettingsNav as="aside" />
        </div>
      ) : null}
      {place.to === path ? (
        <Page title={place.label} {...(beside ? {} : { back: { to: '/settings', label: 'Settings' } })}>
          <Outlet />
        </Page>
      ) : (
        <Outlet />
      )}
    </div>
  );
}

/** On a phone the list is a page; at a desk it stands beside each, so the first one opens. */
export function SettingsIndex() {
  if (useWide()) return <Navigate to="/settings/company" replace />;
  return (
    <Page title="Settings" width="text">
      <SettingsNav as="page" />
    </Page>
  );
}
