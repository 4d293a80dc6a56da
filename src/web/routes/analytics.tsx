import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { only, shell } from './shell.tsx';

const forecast = createRoute({
  getParentRoute: () => shell,
  path: '/insights',
  validateSearch: only('grain', 'owner'),
  component: lazyRouteComponent(() => import('#modules/analytics/web/forecast.tsx'), 'ForecastPage'),
});
const targets = createRoute({
  getParentRoute: () => shell,
  path: '/insights/targets',
  validateSearch: only('year'),
  component: lazyRouteComponent(() => import('#modules/analytics/web/targets.tsx'), 'TargetsPage'),
});

const watches = createRoute({
  getParentRoute: () => shell,
  path: '/insights/watches',
  component: lazyRouteComponent(() => import('#modules/analytics/web/watches.tsx'), 'WatchesPage'),
});

/** What is to be expected, and what the numbers say. */
export const analyticsPages = [forecast, targets, watches] as const;
