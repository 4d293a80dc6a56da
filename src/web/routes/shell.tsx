import { createRootRoute, createRoute, Outlet } from '@tanstack/react-router';
import { Missing } from '../layout/crashed.tsx';
import { Shell } from '../layout/shell.tsx';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
/** Keeps the named search parameters that are there; everything in the address bar is text. */
export const only =
  <const Key extends string>(...keys: readonly Key[]) =>
  (search: Record<string, unknown>): { [K in Key]?: string | undefined } => {
    const kept: { [K in Key]?: string | undefined } = {};
    for (const key of keys) {
      const value = text(search[key]);
      // Named though it is empty: else the router keeps what stood in the address.
      if (value !== undefined || key in search) kept[key] = value;
    }
    return kept;
  };

export const root = createRootRoute({ component: Outlet, notFoundComponent: Missing });

/** What every page of somebody signed in hangs on. */
export const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });
