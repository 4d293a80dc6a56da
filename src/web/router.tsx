import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, Navigate } from '@tanstack/react-router';
import { Crashed, Missing } from './layout/crashed.tsx';
import { Shell } from './layout/shell.tsx';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
/** Keeps the named search parameters that are there; everything in the address bar is text. */
const only =
  <const Key extends string>(...keys: readonly Key[]) =>
  (search: Record<string, unknown>): { [K in Key]?: string | undefined } => {
    const kept: { [K in Key]?: string | undefined } = {};
    for (const key of keys) {
      const value = text(search[key]);
      if (value !== undefined) kept[key] = value;
    }
    return kept;
  };

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing });

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

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });
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
  validateSearch: only('workflow', 'start'),
  component: lazyRouteComponent(() => import('#modules/rehearsals/web/rehearsals.tsx'), 'RehearsalsPage'),
});
const rehearsal = createRoute({
  getParentRoute: () => shell,
  path: '/rehearsals/$rehearsalId',
  validateSearch: only('day', 'person', 'outcome', 'detail', 'rule', 'reached', 'step', 'edge'),
  component: lazyRouteComponent(() => import('#modules/rehearsals/web/rehearsal.tsx'), 'RehearsalPage'),
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
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('#modules/accounts/web/settings.tsx'), 'SettingsLayout'),
});
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: () => <Navigate to="/settings/company" replace />,
});
const company = createRoute({
  getParentRoute: () => settings,
  path: '/company',
  component: lazyRouteComponent(() => import('#modules/accounts/web/company.tsx'), 'CompanySettings'),
});
const sending = createRoute({
  getParentRoute: () => settings,
  path: '/sending',
  component: lazyRouteComponent(() => import('#modules/messages/web/sending-settings.tsx'), 'SendingSettings'),
});
const suppressions = createRoute({
  getParentRoute: () => settings,
  path: '/suppressions',
  component: lazyRouteComponent(() => import('#modules/messages/web/suppressions.tsx'), 'SuppressionsSettings'),
});
const templates = createRoute({
  getParentRoute: () => settings,
  path: '/templates',
  component: lazyRouteComponent(() => import('#modules/messages/web/templates.tsx'), 'TemplatesSettings'),
});
const assignmentSettings = createRoute({
  getParentRoute: () => settings,
  path: '/assignment',
  component: lazyRouteComponent(() => import('#modules/leads/web/assignment.tsx'), 'AssignmentSettings'),
});
const fields = createRoute({
  getParentRoute: () => settings,
  path: '/fields',
  component: lazyRouteComponent(() => import('#modules/people/web/fields-settings.tsx'), 'FieldsSettings'),
});
const tags = createRoute({
  getParentRoute: () => settings,
  path: '/tags',
  component: lazyRouteComponent(() => import('#modules/people/web/tags-settings.tsx'), 'TagsSettings'),
});
const topics = createRoute({
  getParentRoute: () => settings,
  path: '/topics',
  component: lazyRouteComponent(() => import('#modules/people/web/topics/topics-settings.tsx'), 'TopicsSettings'),
});
const users = createRoute({
  getParentRoute: () => settings,
  path: '/users',
  component: lazyRouteComponent(() => import('#modules/accounts/web/users.tsx'), 'UsersSettings'),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  component: lazyRouteComponent(() => import('#modules/accounts/web/keys.tsx'), 'KeysSettings'),
});
const webhooks = createRoute({
  getParentRoute: () => settings,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('#modules/webhooks/web/webhooks.tsx'), 'WebhooksSettings'),
});
const webhook = createRoute({
  getParentRoute: () => settings,
  path: '/webhooks/$webhookId',
  component: lazyRouteComponent(() => import('#modules/webhooks/web/webhook.tsx'), 'WebhookSettings'),
});
const exportsSettings = createRoute({
  getParentRoute: () => settings,
  path: '/export',
  component: lazyRouteComponent(() => import('#modules/exports/web/exports.tsx'), 'ExportsSettings'),
});
const score = createRoute({
  getParentRoute: () => settings,
  path: '/score',
  component: lazyRouteComponent(() => import('#modules/scores/web/settings.tsx'), 'ScoreSettings'),
});
const notifications = createRoute({
  getParentRoute: () => settings,
  path: '/notifications',
  component: lazyRouteComponent(() => import('#modules/notifications/web/preferences.tsx'), 'NotificationSettings'),
});
const me = createRoute({
  getParentRoute: () => settings,
  path: '/me',
  component: lazyRouteComponent(() => import('#modules/accounts/web/me.tsx'), 'MySettings'),
});
const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  component: lazyRouteComponent(() => import('#modules/system/web/audit.tsx'), 'AuditSettings'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    forgot,
    reset,
    invite,
    shell.addChildren([
      today,
      leads,
      importLeads,
      people,
      organisations,
      organisation,
      person,
      duplicates,
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
      workflows,
      workflow,
      workflowVersions,
      approvals,
      triggers,
      schedule,
      hook,
      run,
      outbox,
      forms,
      form,
      connections,
      authorized,
      settings.addChildren([
        settingsIndex,
        company,
        fields,
        tags,
        score,
        notifications,
        sending,
        topics,
        templates,
        suppressions,
        assignmentSettings,
        users,
        keys,
        webhooks,
        webhook,
        exportsSettings,
        me,
        audit,
      ]),
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
