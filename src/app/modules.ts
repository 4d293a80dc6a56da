import type { AnyOperation } from '#core/operation/operation.ts';
import alerts from '#modules/alerts/module.ts';
import mirror from '#modules/mirror/module.ts';
import brand from '#modules/brand/module.ts';
import bulk from '#modules/bulk/module.ts';
import views from '#modules/views/module.ts';
import approvals from '#modules/approvals/module.ts';
import accounts from '#modules/accounts/module.ts';
import analytics from '#modules/analytics/module.ts';
import deals from '#modules/deals/module.ts';
import exportsModule from '#modules/exports/module.ts';
import activity from '#modules/activity/module.ts';
import landing from '#modules/landing/module.ts';
import leads from '#modules/leads/module.ts';
import messages from '#modules/messages/module.ts';
import notifications from '#modules/notifications/module.ts';
import nurturing from '#modules/nurturing/module.ts';
import people from '#modules/people/module.ts';
import segments from '#modules/segments/module.ts';
import calls from '#modules/calls/module.ts';
import onboarding from '#modules/onboarding/module.ts';
import portal from '#modules/portal/module.ts';
import pictures from '#modules/pictures/module.ts';
import retention from '#modules/retention/module.ts';
import documents from '#modules/documents/module.ts';
import reports from '#modules/reports/module.ts';
import requests from '#modules/requests/module.ts';
import rehearsals from '#modules/rehearsals/module.ts';
import scores from '#modules/scores/module.ts';
import sync from '#modules/sync/module.ts';
import system from '#modules/system/module.ts';
import webhooks from '#modules/webhooks/module.ts';
import workflows from '#modules/workflows/module.ts';
import clients from '#modules/clients/module.ts';
import conversations from '#modules/conversations/module.ts';
import invoices from '#modules/invoices/module.ts';
import tickets from '#modules/tickets/module.ts';
import connections from '#modules/connections/module.ts';

/** What this Steward can do: one line a module. */
export const modules = [
  accounts,
  system,
  people,
  leads,
  deals,
  analytics,
  workflows,
  rehearsals,
  connections,
  messages,
  nurturing,
  notifications,
  scores,
  pictures,
  brand,
  activity,
  segments,
  exportsModule,
  views,
  bulk,
  requests,
  approvals,
  webhooks,
  alerts,
  retention,
  clients,
  conversations,
  portal,
  calls,
  onboarding,
  invoices,
  tickets,
  reports,
  documents,
  landing,
  sync,
  mirror,
] as const;

export const operations: readonly AnyOperation[] = modules.flatMap((module) => [...module.operations]);
