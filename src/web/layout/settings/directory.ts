import { useMay } from '#web/kit/session.ts';

/** The pages of Settings, in the order in which they stand. Whoever adds a page adds a line here. */

export interface SettingsPlace {
  readonly to: string;
  readonly label: string;
  /** What else somebody may look for it by: what stands on the page. Lower case. */
  readonly words: string;
  /** The least that may see it. */
  readonly role: 'user' | 'manager' | 'admin';
}

interface SettingsGroup {
  readonly title: string;
  readonly places: readonly SettingsPlace[];
}

const at = (page: string, label: string, words: string, role: SettingsPlace['role'] = 'user'): SettingsPlace => ({
  to: `/settings/${page}`,
  label,
  words,
  role,
});

const settingsGroups: readonly SettingsGroup[] = [
  {
    title: 'You',
    places: [
      at('me', 'Your account', 'password name session sign-in profile two-factor theme'),
      at('notifications', 'Notifications', 'bell digest mail tell me'),
    ],
  },
  {
    title: 'Workspace',
    places: [
      at('company', 'Company', 'name address time zone language working hours country'),
      at('brand', 'Brand', 'logo colours footer look'),
      at('users', 'People here', 'users colleagues invite role manager admin team', 'manager'),
    ],
  },
  {
    title: 'Mail',
    places: [
      at('sending', 'Sending', 'sender from reply limits cap hours consent rehearse approval'),
      at('senders', 'Senders', 'addresses mailboxes warm-up rotation', 'manager'),
      at('deliverability', 'Deliverability', 'spf dkim dmarc dns checkup'),
      at('inbound', 'Incoming mail', 'mailbox imap replies first time'),
      at('templates', 'Templates', 'mail text liquid'),
      at('topics', 'Topics', 'consent subscription newsletter preferences'),
      at('holidays', 'Holidays', 'public days off'),
      at('tracking', 'Opens and clicks', 'tracking pixel links domain'),
      at('suppressions', 'Never written to', 'suppressions unsubscribe bounce block'),
    ],
  },
  {
    title: 'Leads and deals',
    places: [
      at('sales', 'Sales', 'stages products deals pipeline currencies exchange rates price'),
      at('assignment', 'Who gets leads', 'assignment rules owner round robin'),
      at('score', 'Lead score', 'rules grades points hot'),
      at('fields', 'Custom fields', 'own fields columns'),
      at('tags', 'Tags', 'labels'),
    ],
  },
  {
    title: 'Clients and money',
    places: [
      at('invoices', 'Invoices', 'seller bank account iban vat tax rates numbers terms late fees reminders'),
      at('calls', 'Calls', 'booking appointment google calendar hours free busy meeting scheduling'),
      at('tickets', 'Tickets', 'support sla hours targets macros addresses'),
    ],
  },
  {
    title: 'Data and privacy',
    places: [
      at('retention', 'How long kept', 'retention erase gdpr silent delete', 'manager'),
      at('export', 'Export', 'csv download everything', 'manager'),
      at('audit', 'Audit log', 'who did what when changes', 'admin'),
    ],
  },
  {
    title: 'Developers',
    places: [
      at('keys', 'API keys', 'token rest mcp command line'),
      at('webhooks', 'Webhooks', 'events endpoint secret signature', 'manager'),
    ],
  },
  {
    title: 'System',
    places: [
      at('health', 'Health', 'doctor checks disk database version', 'admin'),
      at('alerts', 'Alerts', 'tell when failure mail slack', 'manager'),
      at('backups', 'Backups', 'restore copy snapshot', 'admin'),
      at('held', 'Held', 'hold stop sending emergency pause', 'manager'),
    ],
  },
];

/** Groups with the pages that the user may see and that hold every word of `text` in their name, their group's or what stands on them. */
export function useSettingsFound(text: string): SettingsGroup[] {
  const may = { user: true, manager: useMay('manager'), admin: useMay('admin') };
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, words: more, role }: SettingsPlace, title: string) => {
    const all = `${label} ${title} ${more}`.toLowerCase();
    return may[role] && words.every((word) => all.includes(word));
  };
  return settingsGroups
    .map(({ title, places }) => ({ title, places: places.filter((place) => fits(place, title)) }))
    .filter(({ places }) => places.length > 0);
}

/** The page that an address is of, or that it hangs on (`/settings/webhooks/…`). */
export function settingsPlace(path: string): SettingsPlace | undefined {
  return settingsGroups.flatMap(({ places }) => places).find(({ to }) => path === to || path.startsWith(`${to}/`));
}
