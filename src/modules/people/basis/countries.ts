/**
 * How much the law of a country asks before a commercial e-mail, the strictest first.
 *
 * - `consent`: who agreed, nobody else. - `soft_opt_in`: clients, too. - `corporate`: addresses of firms, too. - `opt_out`: everybody,
 * until they say no. Each holds what stands before it. An answer to somebody's own enquiry is no advertising anywhere (docs/adr/0013-lawful-basis.md).
 */
export const REGIMES = ['consent', 'soft_opt_in', 'corporate', 'opt_out'] as const;
export type Regime = (typeof REGIMES)[number];

export interface CountryRule {
  readonly regime: Regime;
  /** So many months after the purchase a client is one; null: the law names no end. */
  readonly clientMonths: number | null;
  /** Who enquired, or negotiated, counts like a client for ENQUIRY_MONTHS. */
  readonly enquirer: boolean;
  /** Courts take a consent as proven when it was confirmed by a mail to the address (double opt-in). */
  readonly confirmed: boolean;
  /** For people: which law says so. */
  readonly law: string;
  /** Where to read it. */
  readonly source: string;
}

/**
 * For so long after it an enquiry may be followed up. The shortest term that a law writes down (Canada's Anti-Spam Legislation,
 * S.C. 2010, c. 23, s. 10 (10) (e)), taken for all countries: steps at somebody's request (GDPR Art. 6 (1) (b)) come to an end, too.
 */
export const ENQUIRY_MONTHS = 6;

const DIRECTIVE = 'https://eur-lex.europa.eu/eli/dir/2002/58/oj';
const plain = { clientMonths: null, enquirer: false, confirmed: false };
const european = (law: string, source = DIRECTIVE): CountryRule => ({ ...plain, regime: 'soft_opt_in', law, source });

/** Art. 13 (1) and (2) of Directive 2002/58/EC: prior consent, but for clients and products alike. The states whose own act has no line below. */
const DIRECTIVE_ONLY = 'BE BG HR CY CZ DK EE GR HU IT LV LT LU MT NL PT RO SK SI ES IS LI NO'.split(' ');

/**
 * Defaults, not advice. Where an act leaves room, or we have not read it, the stricter reading stands. A country that is not here
 * counts as STRICTEST. Compared with a survey of national acts: https://www.fieldfisher.com/en/insights/eu-e-marketing-requirements
 */
export const COUNTRY_RULES: ReadonlyMap<string, CountryRule> = new Map<string, CountryRule>([
  ...DIRECTIVE_ONLY.map((country): [string, CountryRule] => [country, european('Directive 2002/58/EC, Art. 13')]),
  // Federal Court of Justice, 10 February 2011, I ZR 164/09: the confirmed address is what proves it.
  ['DE', { ...european('UWG § 7 (2) 2 and (3)', 'https://www.gesetze-im-internet.de/uwg_2004/__7.html'), confirmed: true }],
  [
    'AT',
    {
      ...european(
        'TKG 2021 § 174 (3) and (4)',
        'https://www.ris.bka.gv.at/GeltendeFassung.wxe?Abfrage=Bundesnormen&Gesetzesnummer=20011678',
      ),
      confirmed: true,
    },
  ],
  // Prior consent of the natural or legal person; the act has no exception for clients.
  [
    'PL',
    {
      ...plain,
      regime: 'consent',
      law: 'Electronic Communications Law of 12 July 2024, Art. 398',
      source: 'https://isap.sejm.gov.pl/isap.nsf/DocDetails.xsp?id=WDU20240001221',
    },
  ],
  // The rule is for natural persons; CNIL: a professional address, about the profession; three years after the last contact.
  [
    'FR',
    {
      ...plain,
      regime: 'corporate',
      clientMonths: 36,
      law: 'CPCE Art. L34-5; CNIL on prospecting by e-mail',
      source: 'https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000042155961',
    },
  ],
  [
    'IE',
    {
      ...plain,
      regime: 'corporate',
      clientMonths: 12,
      law: 'S.I. 336/2011, reg. 13',
      source: 'https://www.irishstatutebook.ie/eli/2011/si/336/made/en/print',
    },
  ],
  [
    'SE',
    {
      ...plain,
      regime: 'corporate',
      law: 'Marknadsföringslag (2008:486) § 19',
      source: 'https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/marknadsforingslag-2008486_sfs-2008-486/',
    },
  ],
  [
    'FI',
    { ...plain, regime: 'corporate', law: 'Act 917/2014 §§ 200 and 202', source: 'https://www.finlex.fi/fi/laki/ajantasa/2014/20140917' },
  ],
  // Reg. 22 (3) (a): "in the course of the sale or negotiations for the sale"; reg. 22 is about individual subscribers only.
  [
    'GB',
    {
      ...plain,
      regime: 'corporate',
      enquirer: true,
      law: 'Privacy and Electronic Communications Regulations 2003, reg. 22',
      source: 'https://www.legislation.gov.uk/uksi/2003/2426/regulation/22',
    },
  ],
  ['CH', european('Federal Act against Unfair Competition, Art. 3 (1) (o)', 'https://www.fedlex.admin.ch/eli/cc/1988/223_223_223/de')],
  // Implied consent, s. 10 (9) and (10): two years after a purchase, six months after an inquiry.
  [
    'CA',
    {
      ...plain,
      regime: 'soft_opt_in',
      clientMonths: 24,
      enquirer: true,
      law: "Canada's Anti-Spam Legislation, s. 6 and 10",
      source: 'https://laws-lois.justice.gc.ca/eng/acts/e-1.6/',
    },
  ],
  ['AU', { ...european('Spam Act 2003, s. 16 and Schedule 2', 'https://www.legislation.gov.au/C2004A01214/latest') }],
  [
    'NZ',
    {
      ...european(
        'Unsolicited Electronic Messages Act 2007, s. 4 and 9',
        'https://www.legislation.govt.nz/act/public/2007/0007/latest/whole.html',
      ),
    },
  ],
  [
    'US',
    {
      ...plain,
      regime: 'opt_out',
      law: 'CAN-SPAM Act, 15 U.S.C. 7704 (a) (3) to (5)',
      source: 'https://www.law.cornell.edu/uscode/text/15/7704',
    },
  ],
]);

/** Of somebody whose country nobody knows, and of countries without a line above. */
export const STRICTEST: CountryRule = { ...plain, regime: 'consent', law: 'the strictest rule', source: DIRECTIVE };

/** The house's rule for a country, with the company's own view of it where it has one. */
export function ruleOf(country: string | null, own: Readonly<Record<string, Regime>>): CountryRule {
  const rule = (country === null ? undefined : COUNTRY_RULES.get(country)) ?? STRICTEST;
  const regime = country === null ? undefined : own[country];
  return regime === undefined ? rule : { ...rule, regime };
}

/** Does this regime let through what that one asks for? */
export function atLeast(regime: Regime, needed: Regime): boolean {
  return REGIMES.indexOf(regime) >= REGIMES.indexOf(needed);
}

const english = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** Groupings, and what ISO leaves to users. */
const NO_COUNTRY = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

/** `Germany`; undefined for two letters that are no country, or no longer one (`UK`, `DD`). */
export function countryName(code: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRY.has(code) || new Intl.Locale(`und-${code}`).region !== code) return undefined;
  return english.of(code);
}
