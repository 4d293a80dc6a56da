import type { z } from 'zod';
import type { NetPolicy } from '#core/net/addresses.ts';
import type { CalendarPort } from '#core/ports/calendar.ts';
import type { EmailPort, InboundEmailPort } from '#core/ports/email.ts';
import type { FilesPort } from '#core/ports/files.ts';
import type { LlmPort } from '#core/ports/llm.ts';
import type { PaymentsPort } from '#core/ports/payments.ts';
import type { SmsPort } from '#core/ports/sms.ts';
import type { SourcePort, SourceSettings } from '#core/ports/source.ts';
import type { ConnectorAction } from './action.ts';
import type { RequestLog } from './request-log.ts';
import type { Limit, Turn } from './turns.ts';
import type { VendorWebhook } from './webhook.ts';
import type { OAuth, TokenSource } from './oauth/types.ts';

/**
 * How a vendor is declared (style.md, "A connector, whole"). A connector fulfils one port or several; credentials are a
 * zod object whose `secret()` fields are encrypted at rest and never shown again.
 */
export interface Connector<Credentials extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  readonly title: string;
  readonly credentials: Credentials;
  /** Base URL for HTTP vendors; overridable per connection and by STEWARD_<VENDOR>_BASE_URL. */
  baseUrl?(credentials: z.output<Credentials>): string;
  /** A person signs in at the vendor; `options.tokens` then holds the access token. The credentials are those of our app there. */
  readonly oauth?: OAuth<z.output<Credentials>>;
  /** Throws CredentialsRejected or VendorUnavailable; answers one line about who we are there. */
  verify(credentials: z.output<Credentials>, options: ConnectorOptions): Promise<string>;
  email?(credentials: z.output<Credentials>, options: ConnectorOptions): EmailPort;
  /**
   * What became of a mail that the vendor took and sends in its own time, asked by the id that it gave. Null: it is not done yet. For vendors whose events
   * do not tell it.
   */
  outcome?(credentials: z.output<Credentials>, options: ConnectorOptions, externalId: string): Promise<MailOutcome | null>;
  /** Mail by it must be transactional: the gate lets nothing commercial pass. */
  readonly transactionalOnly?: true;
  /** Whom mail comes from by default, and whether the server is on this machine (a test installation). */
  sender?(credentials: z.output<Credentials>): {
    readonly name: string | null;
    readonly address: string | null;
    readonly loopback: boolean;
  };
  /** How mail leaves, for those who look whether receivers trust it. Asks nobody. */
  route?(credentials: z.output<Credentials>): MailRoute;
  inboundEmail?(credentials: z.output<Credentials>, options: ConnectorOptions): InboundEmailPort;
  /** The address that replies reach, where the credentials tell; does it take name+anything@…? */
  mailbox?(credentials: z.output<Credentials>): { readonly address: string; readonly plusAddresses: boolean } | null;
  sms?(credentials: z.output<Credentials>, options: ConnectorOptions): SmsPort;
  /** Somebody's calendars: when they are busy, and what we write there. */
  calendar?(credentials: z.output<Credentials>, options: ConnectorOptions): CalendarPort;
  payments?(credentials: z.output<Credentials>, options: ConnectorOptions): PaymentsPort;
  /** Where rows come from that are kept in step; `settings` are those of one source, checked by `sourceSettings`. */
  source?(credentials: z.output<Credentials>, options: ConnectorOptions, settings: SourceSettings): SourcePort;
  /** What must be said of one source beside the connection: a query, a sheet. Makes the form. Absent: nothing. */
  readonly sourceSettings?: z.ZodObject;
  /** Where files of ours may be kept. */
  files?(credentials: z.output<Credentials>, options: ConnectorOptions): FilesPort;
  /** What the vendor calls, by the last part of the address. */
  readonly webhooks?: Readonly<Record<string, VendorWebhook<z.output<Credentials>>>>;
  llm?(credentials: z.output<Credentials>, options: ConnectorOptions): LlmPort;
  /** Which model would answer, and what so many tokens would cost, in millionths of a US dollar; null when its price is not known. Asks nobody. */
  llmCost?(
    credentials: z.output<Credentials>,
    tokens: { readonly input: number; readonly output: number },
  ): { readonly model: string; readonly costMicros: number | null };
  /** How often the vendor may be asked, unless the connection says otherwise. Shared by all processes. */
  limit?(credentials: z.output<Credentials>): Limit;
  /** What requests of workflows carry, and where to. */
  access?(credentials: z.output<Credentials>): HttpAccess;
  /** What workflows may have it do: by name in snake_case. A definition says `slack.post_message`. */
  readonly actions?: Readonly<Record<string, ConnectorAction<z.output<Credentials>>>>;
}

export interface MailOutcome {
  /** refused: it did not leave the vendor. */
  readonly what: 'sent' | 'refused';
  readonly at: Date | null;
  /** In the vendor's words. */
  readonly reason: string | null;
}

export interface MailRoute {
  /** The server that SMTP is spoken with; absent: the vendor's API. `loopback`: it is on this machine. */
  readonly server?: { readonly host: string; readonly port: number; readonly tls: 'implicit' | 'starttls'; readonly loopback: boolean };
  /** Mechanism that a sender's domain needs in its SPF record; null: mail has the vendor's own domain in its envelope, or nobody knows. */
  readonly spf: string | null;
  /** Selectors of DKIM that the vendor gives its customers. */
  readonly selectors: readonly string[];
}

/** Credentials for requests that a person writes. */
export interface HttpAccess {
  /** `api.example.com`, `*.example.com`, `api.example.com:8443`: nowhere else are they sent. */
  readonly hosts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Texts that must show in no error and no journal. */
  readonly secrets: readonly string[];
}

export interface ConnectorOptions {
  readonly baseUrl: string | undefined;
  /** Calls wait for it, whatever process they are in; `vendorHttp` takes it. Undefined: there is no limit to keep. */
  readonly turn?: Turn | undefined;
  /** Each request is noted there; `vendorHttp` takes it. */
  readonly log?: RequestLog | undefined;
  readonly signal?: AbortSignal;
  /** Of connectors with `oauth`. */
  readonly tokens?: TokenSource;
  /** Which machines of this network may be reached at addresses that a person chose. Default: none. */
  readonly net?: NetPolicy;
}

/** Lazy registry: importing the list costs nothing, a vendor's code loads when first used. */
export interface Connectors {
  readonly ids: readonly string[];
  load(id: string): Promise<Connector>;
}
