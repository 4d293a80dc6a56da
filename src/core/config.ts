import { isIP } from 'node:net';
import { z } from 'zod';
import { Secret } from './secrets.ts';

const text = z.string().min(1);
const secretText = text.transform((value) => new Secret(value));
/** An address, with a port or without. */
function isNameServer(text: string): boolean {
  const [, bracketed, plain] = /^(?:\[(.+)\]|([\d.]+))(?::\d{1,5})?$/.exec(text) ?? [];
  return isIP(bracketed ?? plain ?? text) !== 0;
}
const optional = <T extends z.ZodType>(schema: T) => schema.optional();

/**
 * Every setting, by its environment name. One schema, parsed once: defaults < steward.yaml < .env < environment.
 * `.env.example` is made from this and tested against it.
 */
export const Settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port of the web server; 0 picks a free one'),
  HOST: text.default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every interface'),
  STEWARD_HOME: text.default('.steward').describe('Data directory: database, keys, backups'),
  ROLE: z.enum(['all', 'web', 'worker']).default('all').describe('What this process does'),
  DATABASE_URL: optional(text).describe('A PostgreSQL 15 to 18 server instead of the embedded one'),
  DATABASE_TYPE: z
    .literal('postgres', {
      error: 'DATABASE_TYPE is not postgres. Steward stores in PostgreSQL only; bring old data over with: steward data migrate',
    })
    .default('postgres')
    .describe('Only postgres'),
  STEWARD_PUBLIC_URL: optional(z.url()).describe('Address that people outside reach, https; used in links in mail'),
  TRUST_PROXY: z.stringbool().default(false).describe('Believe X-Forwarded-* of a proxy in front'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severe log line to print'),
  STEWARD_SECRET: optional(secretText).describe(
    'Encrypts connections; made and kept in the data directory when unset. Several, comma-separated, newest first, to rotate',
  ),
  SECRET_KEY: optional(secretText).describe('Signs tokens; derived from STEWARD_SECRET when unset'),
  ALGORITHM: z.literal('HS256').default('HS256').describe('Token signature'),
  ACCESS_TOKEN_EXPIRE_MINUTES: z.coerce.number().int().min(1).max(43_200).default(30).describe('Life of a bearer token'),
  STEWARD_ADMIN_EMAIL: optional(z.email()).describe('First company and admin without the set-up page'),
  STEWARD_ADMIN_PASSWORD: optional(secretText).describe('Password of that admin'),
  STEWARD_URL: optional(z.url()).describe('CLI: a Steward elsewhere'),
  STEWARD_API_KEY: optional(secretText).describe('CLI: key for it'),
  SMTP_URL: optional(secretText).describe('smtp://user:password@host:587 or smtps://…; makes an email connection'),
  IMAP_URL: optional(secretText).describe('imaps://user:password@host:993; replies are read from its INBOX'),
  RESEND_API_KEY: optional(secretText).describe('Email by Resend instead of SMTP_URL'),
  SENDGRID_API_KEY: optional(secretText).describe('Email by SendGrid instead of SMTP_URL'),
  EMAIL_SERVICE: optional(z.enum(['smtp', 'resend', 'sendgrid'])).describe(
    'Which of them sends when several are set; unset: SMTP_URL, then RESEND_API_KEY, then SENDGRID_API_KEY',
  ),
  FROM_EMAIL: optional(z.email()).describe('Sender address; wins over DEFAULT_FROM_EMAIL'),
  DEFAULT_FROM_EMAIL: optional(z.email()).describe('Sender address, older name'),
  FROM_NAME: optional(text).describe('Sender name'),
  POSTAL_ADDRESS: optional(text).describe('Postal address under every commercial mail; required by law before the first one'),
  SENDING: z.enum(['held', 'launched']).default('held').describe('launched: real connections send without the launch button'),
  SENDING_HOURS: z
    .string()
    .regex(/^(always|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d)$/, { error: 'SENDING_HOURS is always, or hours such as 09:00-17:00' })
    .default('09:00-17:00')
    .describe("Hours for commercial mail in the person's zone, or always"),
  SALES_PIPELINE_SOURCE: z
    .enum(['steward', 'demo', 'hubspot', 'salesforce', 'pipedrive', 'custom'])
    .default('steward')
    .describe('Where the daily run reads the pipeline: the deals of Steward itself, a CRM, or any address that answers JSON (custom)'),
  SALES_PIPELINE_API_KEY: optional(secretText).describe('Key or token of that CRM'),
  SALES_PIPELINE_ENDPOINT: optional(z.url({ protocol: /^https?$/ })).describe(
    'Address of it: your Pipedrive or Salesforce, or what custom asks; unset: the usual one of HubSpot and Pipedrive',
  ),
  SALES_PIPELINE_CACHE: optional(text).describe('Directory of the snapshots of the daily run; unset: sales_cache beside its output'),
  FIREBASE_PROJECT_ID: optional(text).describe(
    'Project of Google Cloud or Firebase whose Firestore is used: by steward data migrate, by the mirror',
  ),
  FIREBASE_CLIENT_EMAIL: optional(text).describe('Its service account: client_email of the key file'),
  FIREBASE_PRIVATE_KEY: optional(secretText).describe('Its service account: private_key of the key file, line ends as \\n'),
  FIRESTORE_MIRROR: optional(text.regex(/^[\w.-]+\/[\w.-]+$/, 'Name a collection and a document in it, such as steward/live')).describe(
    'Document of Firestore below which people, leads, organisations, timeline, deals, clients and invoices are mirrored as they change, such as steward/live; unset: nothing is',
  ),
  FIRESTORE_EMULATOR_HOST: optional(text).describe('host:port of a Firestore emulator, which is then used in place of Google’s'),
  OPENAI_API_KEY: optional(secretText).describe('Texts by OpenAI, or any compatible server with STEWARD_OPENAI_BASE_URL'),
  ANTHROPIC_API_KEY: optional(secretText).describe('Texts by Anthropic'),
  RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(10)
    .default(3_000)
    .describe('Requests a minute for one caller; operations that guard a door set less'),
  ALLOWED_INTERNAL_HOSTS: text
    .optional()
    .describe(
      'What workflows and webhooks may reach inside the own network, comma-separated: erp.internal, erp.internal:8443, 10.0.0.5, 192.168.1.0/24',
    ),
  STEWARD_DNS_SERVERS: text
    .refine((list) => list.split(',').every((server) => isNameServer(server.trim())), {
      error: 'STEWARD_DNS_SERVERS lists addresses, such as 9.9.9.9, 127.0.0.1:5353, [2620:fe::fe]:53',
    })
    .optional()
    .describe('Name servers that the deliverability doctor asks, comma-separated: 9.9.9.9, 127.0.0.1:5353; unset: those of this machine'),
  METRICS_TOKEN: optional(secretText).describe('Lets a Prometheus elsewhere read GET /metrics; unset: only this machine may'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url({ protocol: /^https?$/ })).describe(
    'Where OpenTelemetry traces and metrics go, by OTLP over HTTP: http://collector:4318; unset: nothing is traced',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optional(secretText).describe('Headers for it: name=value, comma-separated'),
  OTEL_SERVICE_NAME: text.default('steward').describe('Name of this installation there'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1).describe('Share of the traces that are kept, 0 to 1'),
  OTEL_METRIC_EXPORT_INTERVAL: z.coerce.number().int().min(1_000).default(60_000).describe('Milliseconds between two exports of metrics'),
  CRON_SECRET: optional(secretText).describe('Lets an outside cron call POST /api/system/tick'),
  STEWARD_POSTGRES: z
    .enum(['auto', 'port'])
    .default('auto')
    .describe('How a new embedded PostgreSQL is reached: auto is a Unix socket, on Windows a port of 127.0.0.1 with passwords'),
  WORKER_LEASE_S: z.coerce
    .number()
    .min(1)
    .max(300)
    .default(20)
    .describe('A worker that is silent for so many seconds is taken for dead and its work taken over; the same in every process'),
  KEEP_RUNS_DAYS: optional(z.coerce.number().int().min(7).max(36_500)).describe(
    'Days that ended runs stay with their journal where a company says nothing else; unset: for ever. Messages and the ledger of effects stay in any case',
  ),
  KEEP_RUNS_DAYS_MOST: optional(z.coerce.number().int().min(7).max(36_500)).describe(
    'No company may keep ended runs for longer than so many days; unset: each as it likes',
  ),
  STEWARD_HELD: z.stringbool().default(false).describe('Starts held: nothing leaves and nothing fires until an admin releases it'),
  STEWARD_INSTANCE: optional(text).describe(
    'Name of this installation where STEWARD_HOME does not outlive a restart (containers without a volume); the same for all its processes',
  ),
  STEWARD_CRASH_AT: optional(text).describe('Drills only: kills the process at a named point; set by steward prove kill'),
  PREVIEW_SECRET: optional(secretText).describe('Signs preview links; derived from STEWARD_SECRET when unset'),
});

export type Settings = z.output<typeof Settings>;

export interface Config extends Settings {
  /** ALLOWED_INTERNAL_HOSTS, one by one. */
  readonly internalHosts: readonly string[];
  /** STEWARD_<VENDOR>_BASE_URL by vendor id, lower case. */
  readonly vendorBaseUrls: Readonly<Record<string, string>>;
  /** The business, marketing sections of steward.yaml that are no environment settings. */
  readonly business: { readonly checkinReminderDays: number; readonly invoiceTemplate: string | null };
  readonly templates: Readonly<Record<string, string>>;
  /** Tests: answers are checked against their schema, too. */
  readonly checkOutputs: boolean;
  /** Demo data on a home of its own, and no way out for mail. */
  readonly demo: boolean;
  /** Absolute data directory. */
  readonly home: string;
}
