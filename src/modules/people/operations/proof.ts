import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { basisOfPerson, PersonBasis } from '../basis/person.ts';
import { blockedHashes } from '../blocked.ts';
import { currentConsent } from '../consent.ts';
import { PersonNotFound } from '../errors.ts';
import { PersonMerged } from '../merge/errors.ts';
import { getPerson } from '../person.ts';
import { emailsOf } from '../person-extras.ts';
import { CONSENT_STATES, LAWFUL_BASES } from '../tables.ts';
import { personId } from './people.ts';

const Entry = z.object({
  id: z.uuid(),
  at: z.date(),
  topic: z.string(),
  state: z.enum(CONSENT_STATES),
  lawfulBasis: z.enum(LAWFUL_BASES).nullable(),
  source: z.string(),
  renews: z.boolean().describe('A later, explicit consent: the one thing that takes back an opt-out'),
  recordedBy: z.string().nullable().describe('The user who wrote it down'),
  evidence: z.record(z.string(), z.json()).describe('Wording, form and its version, address, time, message'),
});

const LOG: Statement = {
  name: 'people.consent.proof',
  text: `select l.id, l.created_at as at, l.topic, l.state, l.lawful_basis as "lawfulBasis", l.source, l.renews, l.evidence, coalesce(nullif(u.full_name, ''), u.username) as "recordedBy"
           from consent_log l left join users u on u.id = l.recorded_by where l.person_id = $1 and l.company_id = $2 order by l.created_at, l.id`,
};
interface WordingRow {
  readonly topic: string;
  readonly title: string;
  readonly version: number;
  readonly wording: string;
  readonly since: Date;
}
const WORDINGS: Statement = {
  name: 'people.consent.proof.wordings',
  text: `select w.topic_key as topic, t.title, w.version, w.wording, w.created_at as since from topic_wordings w join topics t on t.company_id = w.company_id and t.key = w.topic_key
          where w.company_id = $1 order by w.topic_key, w.version`,
};
const COMPANY: Statement = { name: 'people.consent.proof.company', text: 'select name from companies where id = $1' };

export const consentProof = operation({
  name: 'consent.proof',
  summary: 'The whole proof of what a person agreed to and refused, oldest first, to hand out or keep',
  http: 'GET /api/people/{person_id}/consent/proof',
  cli: 'people consent-proof',
  access: 'read',
  input: z.object({ personId: personId() }),
  output: z.object({
    personId: z.uuid(),
    name: z.string(),
    emails: z.array(z.string()),
    companyName: z.string(),
    madeAt: z.date(),
    topics: z.array(
      z.object({ topic: z.string(), state: z.enum(CONSENT_STATES), lawfulBasis: z.enum(LAWFUL_BASES).nullable(), since: z.date() }),
    ),
    blocked: z
      .array(z.object({ email: z.string(), reason: z.string(), since: z.date() }))
      .describe('Addresses that get no commercial mail'),
    entries: z.array(Entry),
    basis: PersonBasis.omit({ personId: true }).describe('On what mail about each topic would rest now'),
    wordings: z
      .array(z.object({ topic: z.string(), title: z.string(), version: z.int(), wording: z.string(), since: z.date() }))
      .describe('What people were told about each topic, every version'),
  }),
  errors: [PersonNotFound, PersonMerged],
  async run(ctx, input) {
    const person = await getPerson(ctx, ctx.companyId, input.personId);
    const emails = await emailsOf(ctx, ctx.companyId, person);
    const [company] = await ctx.query<{ name: string }>(COMPANY, [ctx.companyId]);
    const consent = (await currentConsent(ctx, ctx.companyId, [person.id])).get(person.id);
    const blocked = await blockedHashes(ctx, ctx.runtime.secrets, ctx.companyId, emails);
    const { country, topics } = await basisOfPerson(ctx, ctx.companyId, person.id, ctx.clock.now());
    return {
      personId: person.id,
      name: person.fullName,
      emails,
      companyName: company?.name ?? '',
      madeAt: ctx.clock.now(),
      topics: [...(consent ?? [])].map(([topic, state]) => ({ topic, ...state })),
      blocked: [...blocked].map(([email, found]) => ({ email, ...found })),
      entries: await ctx.query<z.output<typeof Entry>>(LOG, [person.id, ctx.companyId]),
      basis: { country, topics },
      wordings: await ctx.query<WordingRow>(WORDINGS, [ctx.companyId]),
    };
  },
});
