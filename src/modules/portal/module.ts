import { module } from '#core/module.ts';
import { linkOperation, listViews, revokeLinks } from './operations.ts';
import { portalRoutes } from './serve.ts';
import { portalVariables } from './variables.ts';

/** A page for each client, by a signed link and without an account: what modules show there (`portal` in their declaration), in the company's name. */
export default module({
  name: 'portal',
  operations: [linkOperation, revokeLinks, listViews],
  variables: [portalVariables],
  routes: portalRoutes,
});
