import { Outlet, useNavigate } from '@tanstack/react-router';
import { Menu as MenuIcon, Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { LiveState } from '#modules/messages/web/live-state.tsx';
import { Badge } from '#web/kit/badge.tsx';
import { Bell } from '#modules/notifications/web/bell.tsx';
import { HeldBanner } from '#modules/system/web/held-banner.tsx';
import { Button } from '#web/kit/button.tsx';
import { Kbd } from '#web/kit/kbd.tsx';
import { useKeyboard, useKeys } from '#web/kit/keyboard.ts';
import { useRead } from '#web/kit/query.ts';
import { Skeleton, SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { Brand } from './brand.tsx';
import { Nav, NavFoot, places } from './nav.tsx';
import { OfflineBanner } from './offline.tsx';
import { UserMenu } from './user-menu.tsx';
import { useRecent } from './command/use-recent.ts';

const loadCommandMenu = () => import('./command-menu.tsx').then((module) => ({ default: module.CommandMenu }));
const CommandMenu = lazy(loadCommandMenu);
const loadDrawer = () => import('./drawer.tsx').then((module) => ({ default: module.Drawer }));
const Drawer = lazy(loadDrawer);
const KeyHelp = lazy(() => import('./key-help.tsx').then((module) => ({ default: module.KeyHelp })));

/** Rail, header, page. Loads who is signed in before any page shows. */
export function Shell() {
  const me = useRead('users.me', {});
  if (me.error?.status === 401) return null; // the query client leads to sign-in
  if (me.error !== null && me.data === undefined) {
    return (
      <Failure what="Steward could not be reached." error={me.error} retry={() => void me.refetch()} className="min-h-dvh justify-center" />
    );
  }
  return <Frame loading={me.data === undefined} company={me.data?.company.name} />;
}

function Frame({ loading, company }: { loading: boolean; company: string | undefined }) {
  const [drawer, setDrawer] = useState(false);
  const [menu, setMenu] = useState(false);
  const [help, setHelp] = useState(false);
  const navigate = useNavigate();
  useKeyboard();
  useRecent();
  useKeys({
    'mod+k': () => setMenu((open) => !open),
    '/': () => {
      // The page's own box before one that only sieves what stands beside it.
      const boxes = [...document.querySelectorAll<HTMLInputElement>('input[type=search]')];
      const search = boxes.find((box) => box.dataset['aside'] === undefined) ?? boxes[0];
      if (search === undefined) setMenu(true);
      else search.focus();
    },
    '?': () => setHelp(true),
    ...Object.fromEntries(places.map((place) => [`g ${place.keys}`, () => void navigate({ to: place.to })])),
  });
  useEffect(() => {
    // The hand on Ctrl is on its way to Ctrl-K: fetch the menu meanwhile.
    const prepare = (event: KeyboardEvent) => {
      if (event.key === 'Control' || event.key === 'Meta') void loadCommandMenu();
    };
    window.addEventListener('keydown', prepare);
    return () => window.removeEventListener('keydown', prepare);
  }, []);
  return (
    <div className="min-h-dvh [--bar:3.25rem] lg:grid lg:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-panel focus:px-3 focus:py-2 focus:shadow-pop"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r bg-canvas lg:flex">
        <Brand company={company} />
        <div className="min-h-0 flex-1 overflow-y-auto">
          <Nav />
        </div>
        <div className="border-t pt-2">
          <NavFoot />
        </div>
        <div className="px-3 pt-1 pb-3">
          <button
            type="button"
            onClick={() => setHelp(true)}
            className="flex items-center gap-2 rounded-md px-1.5 py-1 text-xs text-ink-3 hover:text-ink"
          >
            <Kbd>?</Kbd> Keyboard
          </button>
        </div>
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="sticky top-0 z-20 flex h-[var(--bar)] items-center gap-2 border-b bg-canvas/95 px-3 backdrop-blur-sm sm:px-6 lg:px-8">
          <Button
            kind="quiet"
            size="icon"
            className="-ml-1 lg:hidden"
            aria-label="Open the menu"
            aria-haspopup="dialog"
            onPointerDown={() => void loadDrawer()}
            onFocus={() => void loadDrawer()}
            onClick={() => setDrawer(true)}
          >
            <MenuIcon />
          </Button>
          <button
            type="button"
            onClick={() => setMenu(true)}
            onPointerEnter={() => void loadCommandMenu()}
            className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border bg-panel px-2.5 text-sm text-ink-3 transition-colors hover:border-line-strong sm:max-w-72"
          >
            <Search aria-hidden className="size-4 shrink-0" />
            <span className="flex-1 truncate text-left">
              <span className="hidden sm:inline">Search or run a command</span>
              <span className="sr-only min-[26rem]:not-sr-only sm:hidden">Search</span>
            </span>
            <span className="hidden sm:block">
              <Kbd>Ctrl K</Kbd>
            </span>
          </button>
          <span className="flex-1" />
          {document.documentElement.dataset['demo'] === undefined ? null : <Badge tone="warn">Demo</Badge>}
          {loading ? <Skeleton className="w-24" /> : <LiveState />}
          {loading ? null : <Bell />}
          {loading ? <Skeleton className="size-7 rounded-full" /> : <UserMenu />}
        </header>
        <OfflineBanner />
        {loading ? null : <HeldBanner />}
        <main id="page" tabIndex={-1} className="flex-1 outline-none">
          {loading ? (
            <div className="mx-auto max-w-6xl p-8">
              <SkeletonRows />
            </div>
          ) : (
            <Suspense
              fallback={
                <div className="mx-auto max-w-6xl space-y-6 px-4 pt-6 sm:px-6 lg:px-8">
                  <Skeleton className="h-6 w-40" />
                  <SkeletonRows />
                </div>
              }
            >
              <Outlet />
            </Suspense>
          )}
        </main>
      </div>
      {/* While its code is on the way no letter is taken for a shortcut of the page. */}
      <Suspense fallback={<div role="dialog" aria-busy aria-label="Opening" className="fixed inset-0 z-40" />}>
        {drawer ? <Drawer company={company} onClose={() => setDrawer(false)} /> : null}
        {menu ? <CommandMenu onClose={() => setMenu(false)} onHelp={() => setHelp(true)} /> : null}
        {help ? <KeyHelp onClose={() => setHelp(false)} /> : null}
      </Suspense>
    </div>
  );
}
