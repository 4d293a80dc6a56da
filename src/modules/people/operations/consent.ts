import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { blockedHashes, liftOptOuts, type Blocked } from '../blocked.ts';
import { currentConsent, MARKETING, optEvents, recordConsent, renewConsent } from '../consent.ts';
import { positionOf } from '../cursor.ts';
import { PersonNotFound } from '../errors.ts';
import { getPerson, lockPerson } from '../person.ts';
import { emailsOf } from '../person-extras.ts';
import { CONSENT_STATES, LAWFUL_BASES } from '../tables.ts';
import { personId } from './people.ts';

const ConsentEntry = z.object({
  id: z.uuid(),
  personId: z.uuid(),
  topic: z.string(),
  state: z.enum(CONSENT_STATES),
  lawfulBasis: z.enum(LAWFUL_BASES).nullable(),
  source: z.string(),
  evidence: z.record(z.string(), z.json()),
  recordedBy: z.uuid().nullable(),
  renews: z.boolean().describe('A later, explicit consent: the one thing that takes back an opt-out'),
  createdAt: z.date(),
});
type ConsentEntry = z.output<typeof ConsentEntry>;

const COLUMNS = `id, person_id as "personId", topic, state, lawful_basis as "lawfulBasis", source, evidence, recorded_by as "recordedBy", renews, created_at as "createdAt"`;
const LOG: Statement = {
  name: 'people.consent.log',
  text: `select ${COLUMNS} from consent_log where person_id = $1 and company_id = $2 order by created_at desc, id desc limit $3`,
};
const LOG_AFTER: Statement = {
  name: 'people.consent.log.after',
  text: `select ${COLUMNS} from consent_log where person_id = $1 and company_id = $2 and (created_at, id) < ($4::timestamptz, $5::uuid) order by created_at desc, id desc limit $3`,
};

export const consentLogOperation = operation({
  name: 'consent.log',
  summary: 'What a person agreed to and refused, with the proof, newest first',
  http: 'GET /api/people/{person_id}/consent',
  cli: 'people consent',
  access: 'read',
  input: z.object({ personId: personId(), ...pageInput }),
  output: pageOf(ConsentEntry),
  errors: [PersonNotFound],
  async run(ctx, input) {
    await getPerson(ctx, ctx.companyId, input.personId);
    const values = [input.personId, ctx.companyId, input.limit + 1];
    const rows =
      input.cursor === undefined
        ? await ctx.query<ConsentEntry>(LOG, values)
        : await ctx.query<ConsentEntry>(LOG_AFTER, [...values, ...positionOf(input.cursor)]);
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});

/**
 * A user writes down what the person said. A grant after an opt-out is only taken with words that prove it: it is the one
 * way back, and the log keeps who wrote it.
 */
export const setConsent = operation({
  name: 'consent.set',
  summary: 'Write down that a person agreed, withdrew or objected, with the proof',
  http: 'PUT /api/people/{person_id}/consent',
  cli: 'people set-consent',
  access: 'write',
  input: z.object({
    personId: personId(),
    topic: z
      .string()
      .regex(/^[a-z][a-z0-9_.-]{0,63}$/, { error: 'is a short lower-case name such as marketing or newsletter' })
      .default(MARKETING),
    state: z.enum(CONSENT_STATES),
    lawfulBasis: z.enum(LAWFUL_BASES).nullish(),
    evidence: z.object({
      source: z.string().trim().max(200).optional().describe('How it reached you: phone call, letter, signed form'),
      wording: z.string().trim().max(5_000).optional().describe('What the person was asked or said'),
      note: z.string().trim().max(5_000).optional(),
      at: z.string().max(64).optional().describe('When the person said it'),
    }),
  }),
  output: z.object({
    personId: z.uuid(),
    topic: z.string(),
    state: z.enum(CONSENT_STATES),
    lawfulBasis: z.enum(LAWFUL_BASES).nullable(),
    since: z.date(),
  }),
  errors: [PersonNotFound],
  async run(ctx, input) {
    const { state, topic, evidence } = input;
    const person = await lockPerson(ctx, ctx.companyId, input.personId);
    const before = (await currentConsent(ctx, ctx.companyId, [person.id])).get(person.id)?.get(topic);
    const emails = await emailsOf(ctx, ctx.companyId, person);
    const listed =
      state === 'granted' && topic === MARKETING
        ? await blockedHashes(ctx, ctx.runtime.secrets, ctx.companyId, emails)
        : new Map<string, Blocked>();
    // She opted out, or was erased and came back: the address is still blocked.
    const lifts = [...listed.values()].some(({ reason }) => reason === 'opt_out' || reason === 'erased');
    const revives = state === 'granted' && (lifts || (before !== undefined && before.state !== 'granted'));
    if (revives && (evidence.wording ?? evidence.note ?? '') === '') {
      throw new InvalidInput('This person has opted out. Write down in evidence.wording how the person agreed again', {
        fields: [{ path: 'evidence.wording', message: 'is needed to grant after an opt-out' }],
      });
    }
    const entry = {
      companyId: ctx.companyId,
      personId: person.id,
      topic,
      state,
      lawfulBasis: input.lawfulBasis ?? (state === 'granted' ? 'consent' : null),
      source: 'user',
      evidence: { ...withoutUndefined(evidence), ip: ctx.request.ip },
      recordedBy: 'userId' in ctx.principal ? ctx.principal.userId : null,
      at: ctx.clock.now(),
    } as const;
    const changes = revives ? await renewConsent(ctx, [entry]) : await recordConsent(ctx, [entry]);
    if (revives && topic === MARKETING) await liftOptOuts(ctx, ctx.runtime.secrets, ctx.companyId, emails);
    optEvents(changes).forEach((event) => ctx.emit(event));
    ctx.subject('people', person.id);
    const now = (await currentConsent(ctx, ctx.companyId, [person.id])).get(person.id)?.get(topic);
    if (now === undefined) throw new PersonNotFound('This person was deleted a moment ago');
    return { personId: person.id, topic, ...now };
  },
});

function withoutUndefined(evidence: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(evidence).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
