import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { MARKETING } from '../consent.ts';
import { PersonNotFound } from '../errors.ts';
import { listTopics } from '../topics/topic.ts';
import { countryName, ruleOf, type Regime } from './countries.ts';
import { countryOf } from './country-of.ts';
import { BASIS_KINDS, findBasis, type BasisSettings } from './find.ts';
import { GROUNDS_COLUMN, GROUNDS_JOIN, groundsOf, phoneCountries, type Grounds, type GroundsRow } from './grounds.ts';

const PERSON: Statement = {
  name: 'people.basis',
  text: `select ${GROUNDS_COLUMN}, p.opted_out_at as "optedOutAt",
           coalesce((select jsonb_object_agg(r.country, r.regime) from country_rules r where r.company_id = p.company_id), '{}') as countries,
           (select s.basis = 'opt_in' from sending s where s.company_id = p.company_id) is true as "optIn"
         from people p ${GROUNDS_JOIN} where p.company_id = $1 and p.id = $2`,
};

interface Row {
  readonly grounds: GroundsRow;
  readonly optedOutAt: Date | null;
  readonly countries: Readonly<Record<string, Regime>>;
  readonly optIn: boolean;
}

const TopicState = z.object({
  topic: z.string(),
  title: z.string(),
  may: z.boolean().describe('A commercial message about it may go out now, as far as consent and lawful basis go'),
  refused: z.boolean().describe('They said no: to this topic, or to all of them'),
  basis: z.enum(BASIS_KINDS).nullable(),
  because: z.string().describe('Why, or why not, in a sentence'),
  fix: z.string().nullable().describe('What a colleague may do about it'),
  since: z.string().nullable(),
  expires: z.string().nullable().describe('Null: until they say no'),
  evidence: z.object({ table: z.string(), id: z.uuid() }).nullable().describe('The row that proves it'),
  wordingVersion: z.int().nullable().describe('Of the topic, where the log says which one they agreed to'),
});

export const PersonBasis = z.object({
  personId: z.uuid(),
  country: z.object({
    code: z.string().nullable(),
    name: z.string().nullable(),
    because: z.string(),
    regime: z.string().describe('What the law there asks; see countries.list'),
    law: z.string(),
  }),
  topics: z.array(TopicState),
});

const WORDED: Statement = {
  name: 'people.basis.worded',
  text: `select id, evidence ->> 'topic_version' as version from consent_log where company_id = $1 and id = any($2::uuid[]) and evidence ? 'topic_version'`,
};

type State = z.input<typeof TopicState>;

/** What the gate would say to a commercial message about each topic now, as far as consent and lawful basis go. */
export async function basisOfPerson(tx: Transaction, companyId: string, personId: string, now: Date): Promise<z.input<typeof PersonBasis>> {
  const rows = await tx.query<Row>(PERSON, [companyId, personId]);
  const [row] = rows;
  if (row === undefined) throw new PersonNotFound('This person was deleted a moment ago');
  const topics = await listTopics(tx, companyId);
  const phoneCountry = await phoneCountries(rows);
  const settings = { topics, countries: row.countries };
  const grounds = groundsOf(row.grounds);
  const counted = countryOf(grounds.where, phoneCountry, row.countries);
  const rule = ruleOf(counted.country, row.countries);
  const states = topics.map(({ key, title }): State => ({
    topic: key,
    title,
    wordingVersion: null,
    ...(refused(key, grounds, row.optedOutAt) ?? stateOf(settings, key, grounds, now, phoneCountry, row.optIn)),
  }));
  const logged = states.flatMap(({ evidence }) => (evidence?.table === 'consent_log' ? [evidence.id] : []));
  const worded = await tx.query<{ id: string; version: string }>(WORDED, [companyId, logged]);
  const versions = new Map(worded.map((one) => [one.id, Number(one.version)]));
  return {
    personId,
    country: {
      code: counted.country,
      name: counted.country === null ? null : (countryName(counted.country) ?? counted.country),
      because: counted.because,
      regime: rule.regime,
      law: rule.law,
    },
    topics: states.map((state) => ({ ...state, wordingVersion: versions.get(state.evidence?.id ?? '') ?? null })),
  };
}

type Answer = Omit<State, 'topic' | 'title' | 'wordingVersion'>;

/** They said no: to this topic, or to all of them. */
function refused(topic: string, { consent }: Grounds, optedOutAt: Date | null): Answer | null {
  const said = [MARKETING, 'marketing.email', topic].map((key) => consent[key]).find((one) => one !== undefined && one.state !== 'granted');
  if (said === undefined && optedOutAt === null) return null;
  return {
    may: false,
    refused: true,
    basis: null,
    because: said?.state === 'objected' ? 'they objected' : 'they do not want it',
    fix: 'Nothing: they must ask for it themselves, on their preference page or to you in writing',
    since: said?.since ?? optedOutAt?.toISOString() ?? null,
    expires: null,
    evidence: said === undefined ? null : { table: 'consent_log', id: said.logId },
  };
}

function stateOf(
  settings: BasisSettings,
  topic: string,
  grounds: Grounds,
  now: Date,
  phoneCountry: (phone: string) => string | null,
  optIn: boolean,
): Answer {
  const found = findBasis(settings, topic, grounds, now, phoneCountry);
  const none = { may: false, refused: false, basis: null, since: null } as const;
  if (found.basis === null)
    return {
      ...none,
      because: found.brief,
      fix: found.fix,
      expires: found.expired?.expires ?? null,
      evidence: found.expired?.evidence ?? null,
    };
  if (optIn && found.basis !== 'consent')
    return {
      ...none,
      because: 'your company writes only to people who agreed',
      fix: 'Record their consent on the person page with what proves it',
      expires: null,
      evidence: null,
    };
  const { basis, because, since, expires, evidence } = found;
  return { may: true, refused: false, basis, because, fix: null, since, expires, evidence };
}
