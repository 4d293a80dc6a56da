import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { only, shell } from './shell.tsx';

const clients = createRoute({
  getParentRoute: () => shell,
  path: '/clients',
  validateSearch: only('q', 'status', 'health', 'add'),
  component: lazyRouteComponent(() => import('#modules/clients/web/clients.tsx'), 'ClientsPage'),
});
const client = createRoute({
  getParentRoute: () => shell,
  path: '/clients/$clientId',
  component: lazyRouteComponent(() => import('#modules/clients/web/client.tsx'), 'ClientPage'),
});
const statement = createRoute({
  getParentRoute: () => shell,
  path: '/clients/$clientId/statement',
  validateSearch: only('from', 'to', 'currency'),
  component: lazyRouteComponent(() => import('#modules/invoices/web/statement.tsx'), 'StatementPage'),
});
const onboarding = createRoute({
  getParentRoute: () => shell,
  path: '/onboarding',
  validateSearch: only('view'),
  component: lazyRouteComponent(() => import('#modules/onboarding/web/onboarding.tsx'), 'OnboardingPage'),
});
const plans = createRoute({
  getParentRoute: () => shell,
  path: '/onboarding/plans',
  component: lazyRouteComponent(() => import('#modules/onboarding/web/plans.tsx'), 'PlansPage'),
});
const plan = createRoute({
  getParentRoute: () => shell,
  path: '/onboarding/plans/$planId',
  component: lazyRouteComponent(() => import('#modules/onboarding/web/plan.tsx'), 'PlanPage'),
});
const calls = createRoute({
  getParentRoute: () => shell,
  path: '/calls',
  validateSearch: only('view', 'call'),
  component: lazyRouteComponent(() => import('#modules/calls/web/calls.tsx'), 'CallsPage'),
});
const invoices = createRoute({
  getParentRoute: () => shell,
  path: '/invoices',
  validateSearch: only('q', 'status'),
  component: lazyRouteComponent(() => import('#modules/invoices/web/invoices.tsx'), 'InvoicesPage'),
});
const newInvoice = createRoute({
  getParentRoute: () => shell,
  path: '/invoices/new',
  validateSearch: only('client'),
  component: lazyRouteComponent(() => import('#modules/invoices/web/new.tsx'), 'NewInvoicePage'),
});
const invoice = createRoute({
  getParentRoute: () => shell,
  path: '/invoices/$invoiceId',
  component: lazyRouteComponent(() => import('#modules/invoices/web/invoice.tsx'), 'InvoicePage'),
});
const recurring = createRoute({
  getParentRoute: () => shell,
  path: '/invoices/recurring',
  component: lazyRouteComponent(() => import('#modules/invoices/web/recurring.tsx'), 'RecurringPage'),
});
const newRecurring = createRoute({
  getParentRoute: () => shell,
  path: '/invoices/recurring/new',
  component: lazyRouteComponent(() => import('#modules/invoices/web/new-recurring.tsx'), 'NewRecurringPage'),
});
const recurringPlan = createRoute({
  getParentRoute: () => shell,
  path: '/invoices/recurring/$planId',
  component: lazyRouteComponent(() => import('#modules/invoices/web/recurring-plan.tsx'), 'RecurringPlanPage'),
});
const bank = createRoute({
  getParentRoute: () => shell,
  path: '/invoices/bank',
  validateSearch: only('tab'),
  component: lazyRouteComponent(() => import('#modules/invoices/web/bank.tsx'), 'BankPage'),
});

const tickets = createRoute({
  getParentRoute: () => shell,
  path: '/tickets',
  validateSearch: only('view', 'q', 'sort', 'add'),
  component: lazyRouteComponent(() => import('#modules/tickets/web/desk.tsx'), 'TicketsPage'),
});
const ticket = createRoute({
  getParentRoute: () => shell,
  path: '/tickets/$ticketId',
  validateSearch: only('view', 'q', 'sort'),
  component: lazyRouteComponent(() => import('#modules/tickets/web/desk.tsx'), 'TicketsPage'),
});

const documents = createRoute({
  getParentRoute: () => shell,
  path: '/documents',
  validateSearch: only('q', 'kind', 'add'),
  component: lazyRouteComponent(() => import('#modules/documents/web/documents.tsx'), 'DocumentsPage'),
});
const document = createRoute({
  getParentRoute: () => shell,
  path: '/documents/$documentId',
  component: lazyRouteComponent(() => import('#modules/documents/web/document.tsx'), 'DocumentPage'),
});

/** Who is worked for, what they are invoiced, and what they want settled. */
export const clientPages = [
  clients,
  client,
  statement,
  onboarding,
  plans,
  plan,
  calls,
  invoices,
  newInvoice,
  invoice,
  documents,
  document,
  recurring,
  newRecurring,
  recurringPlan,
  bank,
  tickets,
  ticket,
] as const;
