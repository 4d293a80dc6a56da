import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { only, root } from './shell.tsx';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: only('next'),
  component: lazyRouteComponent(() => import('#modules/accounts/web/sign-in.tsx'), 'SignInPage'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: only('token'),
  component: lazyRouteComponent(() => import('#modules/accounts/web/setup.tsx'), 'SetupPage'),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  component: lazyRouteComponent(() => import('#modules/accounts/web/password.tsx'), 'ForgotPage'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  validateSearch: only('token'),
  component: lazyRouteComponent(() => import('#modules/accounts/web/password.tsx'), 'ResetPage'),
});
const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  validateSearch: only('token'),
  component: lazyRouteComponent(() => import('#modules/accounts/web/invite.tsx'), 'InvitePage'),
});

/** Pages before anybody is signed in. */
export const outside = [signIn, setup, forgot, reset, invite] as const;
