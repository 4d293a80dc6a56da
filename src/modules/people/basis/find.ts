import { MARKETING } from '../consent.ts';
import { atLeast, countryName, ENQUIRY_MONTHS, ruleOf, type CountryRule, type Regime } from './countries.ts';
import { countryOf, type CountedUnder, type PhoneCountry } from './country-of.ts';
import type { Grounds } from './grounds.ts';

/** What a topic may accept besides consent, which always does. */
export const TOPIC_BASES = ['inquiry', 'soft_opt_in', 'legitimate_interest', 'contract'] as const;
export type TopicBasis = (typeof TOPIC_BASES)[number];
export const BASIS_KINDS = ['consent', ...TOPIC_BASES] as const;

/** A topic as far as the law looks at it. */
export interface TopicRule {
  readonly key: string;
  readonly title: string;
  readonly channels: readonly string[];
  readonly bases: readonly TopicBasis[];
}

/** A company's view of the law. */
export interface BasisSettings {
  readonly topics: readonly TopicRule[];
  /** By country; see country_rules. */
  readonly countries: Readonly<Record<string, Regime>>;
}

/** Why somebody may be written to. Stored with the verdict: times in ISO 8601. */
export interface Basis {
  readonly basis: (typeof BASIS_KINDS)[number];
  /** A sentence without its full stop. */
  readonly because: string;
  readonly since: string;
  /** Null: until they say no. */
  readonly expires: string | null;
  /** The row that proves it. */
  readonly evidence: { readonly table: 'consent_log' | 'interactions' | 'leads' | 'messages' | 'people'; readonly id: string };
  /** ISO 3166; null: not known, or it did not matter. */
  readonly country: string | null;
}

/** No basis: what was looked at, and what would help. */
export interface NoBasis {
  readonly basis: null;
  readonly says: string;
  /** The same where topic and country are in view. */
  readonly brief: string;
  readonly fix: string;
  readonly country: string | null;
  /** What there was, and came to its end. */
  readonly expired: Basis | null;
}

/** Consent to all of them is consent to each. */
const ALL: readonly string[] = [MARKETING, 'marketing.email'];

/** Topics that a company does not list are advertising: consent, or what the country allows. */
export function topicRule({ topics }: BasisSettings, key: string): TopicRule {
  return (
    topics.find((topic) => topic.key === key) ?? {
      key,
      title: ALL.includes(key) ? 'Marketing' : key,
      channels: ['email', 'sms'],
      bases: ['soft_opt_in', 'legitimate_interest'],
    }
  );
}

const TOUCHES: Readonly<Record<string, string>> = {
  form: 'they sent a form',
  email: 'they wrote to you',
  sms: 'they wrote to you',
  call: 'they called',
  meeting: 'they met you',
};

/** A basis that holds until the end of so many months: the same day and time of UTC, or the last day of a shorter month. Asked for every mail. */
function until(at: string, months: number | null): string | null {
  if (months === null) return null;
  const end = new Date(at);
  const day = end.getUTCDate();
  end.setUTCMonth(end.getUTCMonth() + months);
  // A day that the month does not have has become one of the next month.
  if (end.getUTCDate() !== day) end.setUTCDate(0);
  return end.toISOString();
}

/**
 * Why this person may be written to about this topic now, or that nothing says so. Objections are another rule's and beat every basis. The
 * country is only asked where it decides: consent, and the answer to an enquiry, are the same everywhere.
 */
export function findBasis(
  settings: BasisSettings,
  topicKey: string,
  grounds: Grounds,
  now: Date,
  phoneCountry: PhoneCountry,
): Basis | NoBasis {
  const topic = topicRule(settings, topicKey);
  const consent = granted(topic, grounds, 'consent');
  if (consent !== null) return consent;
  const at = now.toISOString();
  const expired: Basis[] = [];
  const valid = (basis: Basis | null): Basis | null => {
    if (basis === null || basis.expires === null || basis.expires > at) return basis;
    expired.push(basis);
    return null;
  };
  const accepts = (basis: TopicBasis) => topic.bases.includes(basis);
  if (accepts('contract')) {
    const basis = valid(contract(topic, grounds));
    if (basis !== null) return basis;
  }
  if (accepts('inquiry')) {
    const basis = valid(enquiry(grounds, 'inquiry')) ?? valid(told(topic, grounds)) ?? valid(writtenDown(grounds));
    if (basis !== null) return basis;
  }
  const counted = countryOf(grounds.where, phoneCountry, settings.countries);
  const rule = ruleOf(counted.country, settings.countries);
  if (accepts('soft_opt_in') && atLeast(rule.regime, 'soft_opt_in')) {
    const basis = valid(client(topic, grounds, rule)) ?? (rule.enquirer ? valid(enquiry(grounds, 'soft_opt_in')) : null);
    if (basis !== null) return { ...basis, country: counted.country };
  }
  if (accepts('legitimate_interest')) {
    const basis = interest(topic, grounds, rule, counted);
    if (basis !== null) return basis;
  }
  const last = expired.toSorted((a, b) => ((a.expires ?? '') < (b.expires ?? '') ? 1 : -1))[0] ?? null;
  return {
    basis: null,
    says:
      last === null
        ? `Nothing makes mail about “${topic.title}” lawful for this person: ${nothing(counted, ` (${counted.because})`)}`
        : `The reason for mail about “${topic.title}” ran out on ${(last.expires ?? '').slice(0, 10)}: ${last.because} on ${last.since.slice(0, 10)}`,
    brief: last === null ? nothing(counted, '') : `${last.because}, which counted until ${(last.expires ?? '').slice(0, 10)}`,
    fix: fixOf(topic, counted),
    country: counted.country,
    expired: last,
  };
}

const WRITTEN = {
  inquiry: 'a colleague wrote down that they asked',
  legitimate_interest: 'a colleague wrote down a legitimate interest',
  contract: 'a colleague wrote down a contract',
};

/** A yes in the log: for this topic, or for all of them. */
/** Their consent to this topic by this channel; null when there is none. What a colleague wrote down is no consent. */
export function consentTo(settings: BasisSettings, topicKey: string, grounds: Grounds, channel: 'email' | 'sms'): Basis | null {
  return granted(topicRule(settings, topicKey), grounds, 'consent', channel);
}

function granted(
  topic: TopicRule,
  { consent }: Grounds,
  lawful: 'consent' | 'inquiry' | 'legitimate_interest' | 'contract',
  channel: 'email' | 'sms' = 'email',
): Basis | null {
  for (const key of [topic.key, MARKETING, `marketing.${channel}`]) {
    const found = consent[key];
    if (found?.state !== 'granted' || (found.lawfulBasis ?? 'consent') !== lawful) continue;
    const about = key === topic.key ? `about “${topic.title}”` : channel === 'sms' ? 'to SMS' : 'to all mail';
    return {
      basis: lawful,
      because: { ...WRITTEN, consent: `they agreed ${about}` }[lawful],
      since: found.since,
      expires: null,
      evidence: { table: 'consent_log', id: found.logId },
      country: null,
    };
  }
  return null;
}

function contract(topic: TopicRule, grounds: Grounds): Basis | null {
  const written = granted(topic, grounds, 'contract');
  if (written !== null || grounds.client === null) return written;
  const { id, at } = grounds.client;
  return { basis: 'contract', because: 'they are a client', since: at, expires: null, evidence: { table: 'leads', id }, country: null };
}

/** GDPR Art. 6 (1) (b): what comes of their own request. */
function enquiry({ enquiry: last }: Grounds, basis: 'inquiry' | 'soft_opt_in'): Basis | null {
  if (last === null) return null;
  const evidence = { table: 'interactions', id: last.id } as const;
  return {
    basis,
    because: TOUCHES[last.type] ?? 'they turned to you',
    since: last.at,
    expires: until(last.at, ENQUIRY_MONTHS),
    evidence,
    country: null,
  };
}

/** A colleague wrote down that they asked, with what proves it. */
function told(topic: TopicRule, grounds: Grounds): Basis | null {
  const written = granted(topic, grounds, 'inquiry');
  return written === null ? null : { ...written, expires: until(written.since, ENQUIRY_MONTHS) };
}

/** A colleague wrote them down by hand, and answers for it that they asked. */
function writtenDown({ lead, person }: Grounds): Basis | null {
  const found = lead ?? person;
  if (found === null) return null;
  return {
    basis: 'inquiry',
    because: 'a colleague wrote them down as somebody who asked',
    since: found.at,
    expires: until(found.at, ENQUIRY_MONTHS),
    evidence: { table: lead === null ? 'people' : 'leads', id: found.id },
    country: null,
  };
}

function client(topic: TopicRule, grounds: Grounds, rule: CountryRule): Basis | null {
  const written = granted(topic, grounds, 'contract');
  const since = written?.since ?? grounds.client?.at;
  const evidence = written?.evidence ?? (grounds.client === null ? null : ({ table: 'leads', id: grounds.client.id } as const));
  if (since === undefined || evidence === null) return null;
  return {
    basis: 'soft_opt_in',
    because: `they are a client (${rule.law})`,
    since,
    expires: until(since, rule.clientMonths),
    evidence,
    country: null,
  };
}

function interest(topic: TopicRule, grounds: Grounds, rule: CountryRule, counted: CountedUnder): Basis | null {
  const { country } = counted;
  if (atLeast(rule.regime, 'corporate')) {
    const written = granted(topic, grounds, 'legitimate_interest');
    if (written !== null) return { ...written, country };
  }
  const row = grounds.lead === null ? null : ({ table: 'leads', id: grounds.lead.id, at: grounds.lead.at } as const);
  const from = row ?? { table: 'people' as const, id: grounds.self.id, at: grounds.self.at };
  const based = (because: string): Basis => ({
    basis: 'legitimate_interest',
    because,
    since: from.at,
    expires: null,
    evidence: { table: from.table, id: from.id },
    country,
  });
  const name = country === null ? '' : (countryName(country) ?? country);
  if (rule.regime === 'opt_out') return based(`people in ${name} may be written to until they say no (${rule.law})`);
  if (rule.regime === 'corporate' && grounds.business) return based(`addresses of firms in ${name} may be written to (${rule.law})`);
  return null;
}

/** What there is not. */
function nothing({ country }: CountedUnder, because: string): string {
  return country === null
    ? `no consent, and no country known where less would do${because}`
    : `no consent, and nothing else that counts in ${countryName(country) ?? country}${because}`;
}

function fixOf(topic: TopicRule, { country }: CountedUnder): string {
  const ways = [
    'Record their consent on the person page with what proves it',
    ...(topic.bases.includes('inquiry') ? ['log the call or mail in which they asked'] : []),
    ...(country === null && (topic.bases.includes('soft_opt_in') || topic.bases.includes('legitimate_interest'))
      ? ['note their country, where the law may allow more']
      : []),
  ];
  return ways.length === 1 ? (ways[0] ?? '') : `${ways.slice(0, -1).join(', ')}, or ${ways.at(-1) ?? ''}`;
}
