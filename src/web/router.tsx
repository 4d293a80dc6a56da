import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Crashed } from './layout/crashed.tsx';
import { analyticsPages } from './routes/analytics.tsx';
import { clientPages } from './routes/clients.tsx';
import { outside } from './routes/outside.tsx';
import { settingsPages } from './routes/settings.tsx';
import { only, root, shell } from './routes/shell.tsx';

const today = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('#modules/system/web/today.tsx'), 'TodayPage'),
});
const leads = createRoute({
  getParentRoute: () => shell,
  path: '/leads',
  validateSearch: only(
    'status',
    'source',
    'owner',
    'tag',
    'segment',
    'organisation',
    'opted',
    'from',
    'to',
    'idle',
    'custom',
    'q',
    'sort',
    'layout',
    'view',
    'add',
  ),
  component: lazyRouteComponent(() => import('#modules/leads/web/leads.tsx'), 'LeadsPage'),
});
const importLeads = createRoute({
  getParentRoute: () => shell,
  path: '/leads/import',
  component: lazyRouteComponent(() => import('#modules/leads/web/import.tsx'), 'ImportPage'),
});
const conversations = createRoute({
  getParentRoute: () => shell,
  path: '/conversations',
  validateSearch: only('view', 'q'),
  component: lazyRouteComponent(() => import('#modules/conversations/web/inbox.tsx'), 'InboxPage'),
});
const conversation = createRoute({
  getParentRoute: () => shell,
  path: '/conversations/$personId',
  validateSearch: only('view', 'q', 'write'),
  component: lazyRouteComponent(() => import('#modules/conversations/web/inbox.tsx'), 'InboxPage'),
});
const deals = createRoute({
  getParentRoute: () => shell,
  path: '/deals',
  validateSearch: only('pipeline', 'stage', 'status', 'owner', 'product', 'organisation', 'import', 'only', 'q', 'sort', 'layout', 'add'),
  component: lazyRouteComponent(() => import('#modules/deals/web/deals.tsx'), 'DealsPage'),
});
const deal = createRoute({
  getParentRoute: () => shell,
  path: '/deals/$dealId',
  component: lazyRouteComponent(() => import('#modules/deals/web/deal.tsx'), 'DealPage'),
});
const pipeline = createRoute({
  getParentRoute: () => shell,
  path: '/pipeline',
  validateSearch: only('at', 'month', 'measure', 'bar', 'by', 'ages', 'owner', 'product', 'source', 'stage'),
  component: lazyRouteComponent(() => import('#modules/deals/web/pipeline.tsx'), 'PipelinePage'),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  validateSearch: only('owner', 'tag', 'segment', 'organisation', 'opted', 'custom', 'q', 'sort', 'view'),
  component: lazyRouteComponent(() => import('#modules/people/web/people.tsx'), 'PeoplePage'),
});
const organisations = createRoute({
  getParentRoute: () => shell,
  path: '/organisations',
  validateSearch: only('q'),
  component: lazyRouteComponent(() => import('#modules/people/web/organisations.tsx'), 'OrganisationsPage'),
});
const organisation = createRoute({
  getParentRoute: () => shell,
  path: '/organisations/$organisationId',
  component: lazyRouteComponent(() => import('#modules/people/web/organisations.tsx'), 'OrganisationPage'),
});
const person = createRoute({
  getParentRoute: () => shell,
  path: '/people/$personId',
  component: lazyRouteComponent(() => import('#modules/people/web/person.tsx'), 'PersonPage'),
});
const why = createRoute({
  getParentRoute: () => shell,
  path: '/people/$personId/why',
  validateSearch: only('workflow'),
  component: lazyRouteComponent(() => import('#modules/workflows/web/why.tsx'), 'WhyPage'),
});
const duplicates = createRoute({
  getParentRoute: () => shell,
  path: '/people/duplicates',
  component: lazyRouteComponent(() => import('#modules/people/web/duplicates.tsx'), 'DuplicatesPage'),
});
const certificate = createRoute({
  getParentRoute: () => shell,
  path: '/people/erasures/$erasureId',
  component: lazyRouteComponent(() => import('#modules/people/web/certificate.tsx'), 'CertificatePage'),
});
const activity = createRoute({
  getParentRoute: () => shell,
  path: '/activity',
  validateSearch: only('kind', 'user'),
  component: lazyRouteComponent(() => import('#modules/activity/web/activity.tsx'), 'ActivityPage'),
});
const segments = createRoute({
  getParentRoute: () => shell,
  path: '/segments',
  component: lazyRouteComponent(() => import('#modules/segments/web/segments.tsx'), 'SegmentsPage'),
});
const newSegment = createRoute({
  getParentRoute: () => shell,
  path: '/segments/new',
  component: lazyRouteComponent(() => import('#modules/segments/web/editor.tsx'), 'NewSegmentPage'),
});
const segment = createRoute({
  getParentRoute: () => shell,
  path: '/segments/$segmentId',
  component: lazyRouteComponent(() => import('#modules/segments/web/segment.tsx'), 'SegmentPage'),
});
const sequences = createRoute({
  getParentRoute: () => shell,
  path: '/sequences',
  component: lazyRouteComponent(() => import('#modules/workflows/web/sequences.tsx'), 'SequencesPage'),
});
const sequence = createRoute({
  getParentRoute: () => shell,
  path: '/sequences/$workflowId',
  validateSearch: only('tab', 'state', 'step', 'result', 'outcome', 'q', 'enrol'),
  component: lazyRouteComponent(() => import('#modules/workflows/web/sequence.tsx'), 'SequencePage'),
});
const health = createRoute({
  getParentRoute: () => shell,
  path: '/reliability',
  validateSearch: only('list', 'day'),
  component: lazyRouteComponent(() => import('#modules/system/web/health.tsx'), 'HealthPage'),
});
const runs = createRoute({
  getParentRoute: () => shell,
  path: '/runs',
  validateSearch: only('q', 'state', 'live', 'workflow_id', 'step_id', 'version', 'error', 'since', 'until', 'view'),
  component: lazyRouteComponent(() => import('#modules/workflows/web/all-runs.tsx'), 'RunsPage'),
});
const workflows = createRoute({
  getParentRoute: () => shell,
  path: '/workflows',
  validateSearch: only('new'),
  component: lazyRouteComponent(() => import('#modules/workflows/web/builder/workflows-page.tsx'), 'WorkflowsPage'),
});
const workflow = createRoute({
  getParentRoute: () => shell,
  path: '/workflows/$workflowId',
  component: lazyRouteComponent(() => import('#modules/workflows/web/builder/builder-page.tsx'), 'BuilderPage'),
});
const workflowVersions = createRoute({
  getParentRoute: () => shell,
  path: '/workflows/$workflowId/versions',
  component: lazyRouteComponent(() => import('#modules/workflows/web/builder/versions-page.tsx'), 'VersionsPage'),
});
const rehearsals = createRoute({
  getParentRoute: () => shell,
  path: '/rehearsals',
  validateSearch: only('workflow', 'start', 'segment'),
  component: lazyRouteComponent(() => import('#modules/rehearsals/web/rehearsals.tsx'), 'RehearsalsPage'),
});
const rehearsal = createRoute({
  getParentRoute: () => shell,
  path: '/rehearsals/$rehearsalId',
  validateSearch: only('day', 'person', 'outcome', 'detail', 'rule', 'reached', 'step', 'edge'),
  component: lazyRouteComponent(() => import('#modules/rehearsals/web/rehearsal.tsx'), 'RehearsalPage'),
});
const template = createRoute({
  getParentRoute: () => shell,
  path: '/templates/$key',
  component: lazyRouteComponent(() => import('#modules/messages/web/templates/editor-page.tsx'), 'TemplatePage'),
});
const approvals = createRoute({
  getParentRoute: () => shell,
  path: '/approvals',
  validateSearch: only('tab', 'id'),
  component: lazyRouteComponent(() => import('#modules/approvals/web/approvals.tsx'), 'ApprovalsPage'),
});
const triggers = createRoute({
  getParentRoute: () => shell,
  path: '/triggers',
  validateSearch: only('tab'),
  component: lazyRouteComponent(() => import('#modules/workflows/web/triggers/triggers.tsx'), 'TriggersPage'),
});
const schedule = createRoute({
  getParentRoute: () => shell,
  path: '/triggers/schedules/$scheduleId',
  component: lazyRouteComponent(() => import('#modules/workflows/web/triggers/schedule.tsx'), 'SchedulePage'),
});
const hook = createRoute({
  getParentRoute: () => shell,
  path: '/triggers/hooks/$hookId',
  component: lazyRouteComponent(() => import('#modules/workflows/web/triggers/hook.tsx'), 'HookPage'),
});
const run = createRoute({
  getParentRoute: () => shell,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('#modules/workflows/web/run.tsx'), 'RunPage'),
});
const outbox = createRoute({
  getParentRoute: () => shell,
  path: '/outbox',
  validateSearch: only('state', 'q', 'message', 'tab'),
  component: lazyRouteComponent(() => import('#modules/messages/web/outbox.tsx'), 'OutboxPage'),
});
const landingPages = createRoute({
  getParentRoute: () => shell,
  path: '/pages',
  validateSearch: only('add'),
  component: lazyRouteComponent(() => import('#modules/landing/web/pages.tsx'), 'LandingPages'),
});
const landingPage = createRoute({
  getParentRoute: () => shell,
  path: '/pages/$pageId',
  component: lazyRouteComponent(() => import('#modules/landing/web/page.tsx'), 'LandingEditorPage'),
});
const forms = createRoute({
  getParentRoute: () => shell,
  path: '/forms',
  component: lazyRouteComponent(() => import('#modules/leads/web/forms.tsx'), 'FormsPage'),
});
const form = createRoute({
  getParentRoute: () => shell,
  path: '/forms/$formId',
  validateSearch: only('tab'),
  component: lazyRouteComponent(() => import('#modules/leads/web/form.tsx'), 'FormPage'),
});
const sources = createRoute({
  getParentRoute: () => shell,
  path: '/sources',
  component: lazyRouteComponent(() => import('#modules/sync/web/sources.tsx'), 'SourcesPage'),
});
const newSource = createRoute({
  getParentRoute: () => shell,
  path: '/sources/new',
  component: lazyRouteComponent(() => import('#modules/sync/web/new-source.tsx'), 'NewSourcePage'),
});
const source = createRoute({
  getParentRoute: () => shell,
  path: '/sources/$sourceId',
  validateSearch: only('tab'),
  component: lazyRouteComponent(() => import('#modules/sync/web/source.tsx'), 'SourcePage'),
});
const connections = createRoute({
  getParentRoute: () => shell,
  path: '/connections',
  component: lazyRouteComponent(() => import('#modules/connections/web/connections.tsx'), 'ConnectionsPage'),
});
const authorized = createRoute({
  getParentRoute: () => shell,
  path: '/connections/authorized',
  validateSearch: only('state', 'code', 'error'),
  component: lazyRouteComponent(() => import('#modules/connections/web/authorized.tsx'), 'AuthorizedPage'),
});
export const router = createRouter({
  routeTree: root.addChildren([
    ...outside,
    shell.addChildren([
      conversations,
      conversation,
      today,
      leads,
      importLeads,
      people,
      deals,
      deal,
      pipeline,
      organisations,
      organisation,
      person,
      duplicates,
      why,
      certificate,
      activity,
      segments,
      newSegment,
      segment,
      sequences,
      rehearsals,
      rehearsal,
      sequence,
      runs,
      health,
      workflows,
      workflow,
      workflowVersions,
      template,
      approvals,
      triggers,
      schedule,
      hook,
      run,
      outbox,
      landingPages,
      landingPage,
      forms,
      form,
      sources,
      newSource,
      source,
      connections,
      authorized,
      ...analyticsPages,
      ...clientPages,
      settingsPages,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
