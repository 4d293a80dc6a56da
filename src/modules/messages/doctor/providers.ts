import type { MailRoute } from '#core/connector/types.ts';
import { isUnder } from './dns/names.ts';

/** What is known of a mail provider whose SMTP server somebody uses. */
export interface Provider {
  readonly title: string;
  /** Names of its SMTP servers lie under these. */
  readonly hosts: readonly string[];
  /** Domain that its customers include in SPF; null: its mail has a domain of its own in the envelope. */
  readonly include: string | null;
  /** Selectors that it gives its customers; empty: they differ from one customer to the next. */
  readonly selectors: readonly string[];
}

/**
 * As they are commonly published; what each says on its own pages counts. Not here: whoever has another include in each region (Zoho Mail).
 */
const PROVIDERS: readonly Provider[] = [
  { title: 'Google Workspace', hosts: ['gmail.com', 'google.com', 'googlemail.com'], include: '_spf.google.com', selectors: ['google'] },
  {
    title: 'Microsoft 365',
    hosts: ['office365.com', 'outlook.com'],
    include: 'spf.protection.outlook.com',
    selectors: ['selector1', 'selector2'],
  },
  { title: 'Amazon SES', hosts: ['amazonaws.com'], include: null, selectors: [] },
  { title: 'Mailgun', hosts: ['mailgun.org'], include: 'mailgun.org', selectors: [] },
  { title: 'Postmark', hosts: ['postmarkapp.com'], include: null, selectors: [] },
  { title: 'SendGrid', hosts: ['sendgrid.net'], include: null, selectors: ['s1', 's2'] },
  { title: 'Resend', hosts: ['resend.com'], include: null, selectors: ['resend'] },
  { title: 'Mailjet', hosts: ['mailjet.com'], include: 'spf.mailjet.com', selectors: ['mailjet'] },
  {
    title: 'Fastmail',
    hosts: ['fastmail.com', 'messagingengine.com'],
    include: 'spf.messagingengine.com',
    selectors: ['fm1', 'fm2', 'fm3'],
  },
  {
    title: 'Proton',
    hosts: ['protonmail.ch', 'proton.me'],
    include: '_spf.protonmail.ch',
    selectors: ['protonmail', 'protonmail2', 'protonmail3'],
  },
  { title: 'iCloud', hosts: ['mail.me.com', 'icloud.com'], include: 'icloud.com', selectors: ['sig1'] },
  { title: 'mailbox.org', hosts: ['mailbox.org'], include: 'mailbox.org', selectors: ['MBO0001', 'MBO0002', 'MBO0003', 'MBO0004'] },
];

export function providerOf(route: MailRoute | null): Provider | null {
  const host = route?.server?.host.toLowerCase();
  if (host === undefined) return null;
  return PROVIDERS.find(({ hosts }) => hosts.some((known) => isUnder(host, known))) ?? null;
}
