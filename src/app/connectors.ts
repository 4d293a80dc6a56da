import type { Connector, Connectors } from '#core/connector/types.ts';
import { NotFound } from '#core/errors.ts';

/** One lazy import a vendor: a vendor's code loads when a company first uses it. */
const VENDORS: Readonly<Record<string, () => Promise<{ readonly default: Connector }>>> = {
  smtp: () => import('#connectors/smtp/connector.ts'),
  resend: () => import('#connectors/resend/connector.ts'),
  sendgrid: () => import('#connectors/sendgrid/connector.ts'),
  gmail: () => import('#connectors/gmail/connector.ts'),
  imap: () => import('#connectors/imap/connector.ts'),
  twilio: () => import('#connectors/twilio/connector.ts'),
  hubspot: () => import('#connectors/hubspot/connector.ts'),
  hubspot_crm: () => import('#connectors/hubspot/crm.ts'),
  salesforce: () => import('#connectors/salesforce/connector.ts'),
  pipedrive: () => import('#connectors/pipedrive/connector.ts'),
  postgresql: () => import('#connectors/postgresql/connector.ts'),
  google_sheets: () => import('#connectors/google-sheets/connector.ts'),
  google_calendar: () => import('#connectors/google-calendar/connector.ts'),
  mysql: () => import('#connectors/mysql/connector.ts'),
  sqlserver: () => import('#connectors/sqlserver/connector.ts'),
  stripe: () => import('#connectors/stripe/connector.ts'),
  s3: () => import('#connectors/s3/connector.ts'),
  google_storage: () => import('#connectors/google-storage/connector.ts'),
  slack: () => import('#connectors/slack/connector.ts'),
  openai: () => import('#connectors/openai/connector.ts'),
  anthropic: () => import('#connectors/anthropic/connector.ts'),
  http: () => import('#connectors/http/connector.ts'),
};

export const connectors: Connectors = {
  ids: Object.keys(VENDORS),
  async load(id) {
    const load = VENDORS[id];
    if (load === undefined) throw new NotFound(`There is no connector ${id}; there are ${Object.keys(VENDORS).join(', ')}`);
    return (await load()).default;
  },
};
