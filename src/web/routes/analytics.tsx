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

const reports = createRoute({
  getParentRoute: () => shell,
  path: '/insights/reports',
  validateSearch: only('metrics', 'by', 'grain', 'range', 'from', 'to', 'compare', 'only', 'report'),
  component: lazyRouteComponent(() => import('#modules/analytics/web/reports.tsx'), 'ReportsPage'),
});

/** What is to be expected, and what the numbers say. */
export const analyticsPages = [forecast, reports, targets, watches] as const;
