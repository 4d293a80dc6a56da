import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { only, shell } from './shell.tsx';

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('../layout/settings/settings.tsx'), 'SettingsLayout'),
});
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('../layout/settings/settings.tsx'), 'SettingsIndex'),
});
const company = createRoute({
  getParentRoute: () => settings,
  path: '/company',
  component: lazyRouteComponent(() => import('#modules/accounts/web/company.tsx'), 'CompanySettings'),
});
const brand = createRoute({
  getParentRoute: () => settings,
  path: '/brand',
  component: lazyRouteComponent(() => import('#modules/brand/web/brand.tsx'), 'BrandSettings'),
});
const sending = createRoute({
  getParentRoute: () => settings,
  path: '/sending',
  component: lazyRouteComponent(() => import('#modules/messages/web/sending-settings.tsx'), 'SendingSettings'),
});
const sales = createRoute({
  getParentRoute: () => settings,
  path: '/sales',
  component: lazyRouteComponent(() => import('#modules/deals/web/settings/sales.tsx'), 'SalesSettings'),
});
const holidays = createRoute({
  getParentRoute: () => settings,
  path: '/holidays',
  component: lazyRouteComponent(() => import('#modules/messages/web/holidays.tsx'), 'HolidaysSettings'),
});
const senders = createRoute({
  getParentRoute: () => settings,
  path: '/senders',
  component: lazyRouteComponent(() => import('#modules/messages/web/senders/senders-settings.tsx'), 'SendersSettings'),
});
const deliverability = createRoute({
  getParentRoute: () => settings,
  path: '/deliverability',
  validateSearch: only('address'),
  component: lazyRouteComponent(() => import('#modules/messages/web/doctor/doctor-page.tsx'), 'DeliverabilitySettings'),
});
const tickets = createRoute({
  getParentRoute: () => settings,
  path: '/tickets',
  component: lazyRouteComponent(() => import('#modules/tickets/web/settings.tsx'), 'TicketSettings'),
});
const calls = createRoute({
  getParentRoute: () => settings,
  path: '/calls',
  component: lazyRouteComponent(() => import('#modules/calls/web/settings.tsx'), 'CallSettings'),
});
const inbound = createRoute({
  getParentRoute: () => settings,
  path: '/inbound',
  component: lazyRouteComponent(() => import('#modules/messages/web/inbound-settings.tsx'), 'InboundSettings'),
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
const alertSettings = createRoute({
  getParentRoute: () => settings,
  path: '/alerts',
  component: lazyRouteComponent(() => import('#modules/alerts/web/settings.tsx'), 'AlertSettings'),
});
const tracking = createRoute({
  getParentRoute: () => settings,
  path: '/tracking',
  component: lazyRouteComponent(() => import('#modules/messages/web/tracking.tsx'), 'TrackingSettings'),
});
const retention = createRoute({
  getParentRoute: () => settings,
  path: '/retention',
  component: lazyRouteComponent(() => import('#modules/retention/web/settings.tsx'), 'RetentionSettings'),
});
const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  component: lazyRouteComponent(() => import('#modules/system/web/audit.tsx'), 'AuditSettings'),
});
const held = createRoute({
  getParentRoute: () => settings,
  path: '/held',
  component: lazyRouteComponent(() => import('#modules/system/web/held.tsx'), 'HeldSettings'),
});
const backups = createRoute({
  getParentRoute: () => settings,
  path: '/backups',
  component: lazyRouteComponent(() => import('#modules/system/web/backups.tsx'), 'BackupsSettings'),
});
const invoiceSettings = createRoute({
  getParentRoute: () => settings,
  path: '/invoices',
  component: lazyRouteComponent(() => import('#modules/invoices/web/settings.tsx'), 'InvoiceSettings'),
});
const doctor = createRoute({
  getParentRoute: () => settings,
  path: '/health',
  component: lazyRouteComponent(() => import('#modules/system/web/doctor.tsx'), 'DoctorSettings'),
});

export const settingsPages = settings.addChildren([
  settingsIndex,
  company,
  brand,
  fields,
  tags,
  score,
  notifications,
  sending,
  sales,
  holidays,
  senders,
  deliverability,
  topics,
  templates,
  suppressions,
  inbound,
  tickets,
  calls,
  tracking,
  assignmentSettings,
  users,
  keys,
  webhooks,
  webhook,
  exportsSettings,
  me,
  alertSettings,
  retention,
  audit,
  held,
  backups,
  invoiceSettings,
  doctor,
]);
