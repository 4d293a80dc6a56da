import { z } from 'zod';
import { Conflict, InvalidInput } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { readCountry } from '../basis/country-of.ts';
import { currentConsent } from '../consent.ts';
import { readPhone } from '../contact.ts';
import { insertPerson } from '../create-person.ts';
import { readCustom } from '../custom/changes.ts';
import { emailAddress } from '../email-address.ts';
import { EmailTaken, OrganisationNotFound, PersonNotFound } from '../errors.ts';
import { countPeople } from '../filter.ts';
import { listPeople, PEOPLE_SORTS } from '../list.ts';
import { requireOrganisation, requireUser, upsertOrganisations } from '../lookups.ts';
import { joinName, parseName, type Name } from '../names.ts';
import { getPerson, lockPerson, Person, updatePerson } from '../person.ts';
import { emailsOf, leadOf, phonesOf } from '../person-extras.ts';
import { CONSENT_STATES, LAWFUL_BASES } from '../tables.ts';
import { MOST_TAGS, tagField, TagNotFound } from '../tags/tag.ts';
import { tagEvents, tagPersons } from '../tags/tagging.ts';
import { languageTag } from '../language-tag.ts';
import { timeZoneName } from '../time-zone.ts';
import { peopleFilter, readPeopleFilter } from './filter.ts';

export const personId = () => z.uuid().describe('Id of the person');

export const listPeopleOperation = operation({
  name: 'people.list',
  summary: 'List, filter or search people',
  http: 'GET /api/people',
  cli: 'people list',
  columns: ['full_name', 'email', 'phone', 'organisation', 'country', 'id'],
  access: 'read',
  input: z.object({
    ...pageInput,
    ...peopleFilter,
    sort: z.enum(PEOPLE_SORTS).default('-created_at'),
    skip: z.coerce
      .number()
      .int()
      .min(0)
      .max(10_000_000)
      .optional()
      .describe('Leaps over so many rows; for the next page, cursor is quicker'),
  }),
  output: pageOf(Person),
  errors: [TagNotFound],
  async run(ctx, input) {
    const { limit, cursor, sort, skip, ...filter } = input;
    return listPeople(ctx, ctx.companyId, { ...(await readPeopleFilter(ctx, ctx.companyId, filter)), limit, cursor, sort, skip });
  },
});

/** A count that everybody waits for must not read a million rows; whoever has more sees "200,000+". */
const MOST_COUNTED = 200_000;

export const countPeopleOperation = operation({
  name: 'people.count',
  summary: 'How many people a filter finds; stops counting at 200,000',
  http: 'GET /api/people/count',
  cli: 'people count',
  access: 'read',
  input: z.object(peopleFilter),
  output: z.object({ count: z.int(), exact: z.boolean().describe('False: there are more') }),
  errors: [TagNotFound],
  async run(ctx, input) {
    const count = await countPeople(ctx, ctx.companyId, await readPeopleFilter(ctx, ctx.companyId, input), MOST_COUNTED + 1);
    return { count: Math.min(count, MOST_COUNTED), exact: count <= MOST_COUNTED };
  },
});

const PersonDetail = Person.extend({
  emails: z.array(z.string()).describe('All addresses, the primary one first'),
  phones: z
    .array(
      z.object({
        id: z.uuid().nullable().describe('Null: the primary number'),
        number: z.string().describe('E.164 where it could be read as a number, else as given'),
        label: z.string().nullable(),
        primary: z.boolean(),
      }),
    )
    .describe('All numbers, the primary one first'),
  lead: z
    .object({ id: z.uuid(), status: z.string(), source: z.string().nullable() })
    .nullable()
    .describe('The lead that this person is, or was last'),
  consent: z.array(
    z.object({ topic: z.string(), state: z.enum(CONSENT_STATES), lawfulBasis: z.enum(LAWFUL_BASES).nullable(), since: z.date() }),
  ),
});

export const getPersonOperation = operation({
  name: 'people.get',
  summary: 'Read one person: addresses, numbers, organisation, tags, custom fields, lead and consent',
  http: 'GET /api/people/{person_id}',
  cli: 'people get',
  access: 'read',
  input: z.object({ personId: personId() }),
  output: PersonDetail,
  errors: [PersonNotFound],
  async run(ctx, input) {
    const person = await getPerson(ctx, ctx.companyId, input.personId);
    const [emails, phones, lead, consent] = await Promise.all([
      emailsOf(ctx, ctx.companyId, person),
      phonesOf(ctx, ctx.companyId, person.id),
      leadOf(ctx, ctx.companyId, person.id),
      currentConsent(ctx, ctx.companyId, [person.id]),
    ]);
    const topics = [...(consent.get(person.id) ?? [])].map(([topic, state]) => ({ topic, ...state }));
    return { ...person, emails, phones, lead, consent: topics };
  },
});

/** `DE`, `Germany`, `Deutschland` → `DE`. */
const country = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(60)
    .refine((text) => readCountry(text) !== null, { error: 'is not a country; write it like DE or Germany' })
    .transform((text) => readCountry(text) ?? text);

/** What both making and changing a person take. */
const known = {
  fullName: z.string().trim().min(1).max(200).optional(),
  firstName: z.string().trim().max(100).optional(),
  lastName: z.string().trim().max(100).optional(),
  timeZone: timeZoneName().nullable().optional().describe('IANA zone such as Europe/Berlin'),
  language: languageTag().nullable().optional(),
  country: country().nullable().optional().describe('Two letters or a name; which law their mail stands under'),
  organisationId: z.uuid().nullable().optional(),
  organisation: z.string().trim().min(1).max(200).optional().describe('Name of the organisation; found, or made when new'),
  ownerId: z.uuid().nullable().optional(),
  custom: z.record(z.string(), z.json()).optional().describe('Custom fields by key; null clears one, those not named stay'),
};

export const createPersonOperation = operation({
  name: 'people.create',
  summary: 'Note a person: a name, an address or a number is enough',
  http: 'POST /api/people',
  cli: 'people create',
  access: 'write',
  input: z.object({
    ...known,
    email: emailAddress().optional(),
    phone: z.string().trim().max(64).optional(),
    tags: z.array(tagField()).max(MOST_TAGS).optional().describe('Names; new ones are made'),
  }),
  output: Person,
  errors: [EmailTaken, OrganisationNotFound],
  async run(ctx, input) {
    const name = nameOf(input, { firstName: null, lastName: null });
    if ((name === undefined || name.fullName === '') && input.email === undefined && (input.phone ?? '') === '') {
      throw new InvalidInput('Give at least a name, an email address or a phone number', {
        fields: [{ path: 'full_name', message: 'or email, or phone is needed' }],
      });
    }
    await requireUser(ctx, ctx.companyId, input.ownerId);
    const now = ctx.clock.now();
    const id = newId();
    const phone = await readPhone(ctx, ctx.companyId, input.phone);
    const custom = await readCustom(ctx, ctx.companyId, input.custom);
    await insertPerson(ctx, ctx.companyId, {
      id,
      name: name ?? { fullName: '', firstName: null, lastName: null },
      email: input.email ?? null,
      phone,
      timeZone: input.timeZone ?? null,
      language: input.language ?? null,
      country: input.country ?? null,
      organisationId: (await organisationOf(ctx, input, now)) ?? null,
      ownerId: input.ownerId ?? null,
      custom: custom?.set ?? {},
      at: now,
    });
    const tags = input.tags ?? [];
    const tagged = await tagPersons(ctx, ctx.companyId, [id], tags, now);
    tagEvents('person.tagged', ctx.companyId, tagged, tags).forEach((event) => ctx.emit(event));
    ctx.emit({ name: 'person.created', subject: { type: 'person', id }, personId: id, payload: { source: 'user' } });
    return getPerson(ctx, ctx.companyId, id);
  },
});

export const updatePersonOperation = operation({
  name: 'people.update',
  summary: 'Change what is known of a person',
  http: 'PUT /api/people/{person_id}',
  cli: 'people update',
  access: 'write',
  input: z.object({
    personId: personId(),
    ...known,
    email: emailAddress().optional().describe('New primary address; the one before stays known'),
    phone: z.string().trim().max(64).nullable().optional().describe('The primary number'),
    phoneLabel: z.string().trim().max(40).nullable().optional(),
  }),
  output: Person,
  errors: [PersonNotFound, EmailTaken, OrganisationNotFound, Conflict],
  async run(ctx, input) {
    const person = await lockPerson(ctx, ctx.companyId, input.personId);
    ctx.expectVersion(person);
    await requireUser(ctx, ctx.companyId, input.ownerId);
    const now = ctx.clock.now();
    const phone = input.phone === undefined ? undefined : await readPhone(ctx, ctx.companyId, input.phone);
    const custom = await readCustom(ctx, ctx.companyId, input.custom);
    const organisationId = await organisationOf(ctx, input, now);
    await updatePerson(ctx, ctx.companyId, person.id, { ...input, name: nameOf(input, person), phone, custom, organisationId }, now);
    const fields = Object.entries(input).flatMap(([key, value]) => (key === 'personId' || value === undefined ? [] : [key]));
    ctx.emit({ name: 'person.updated', subject: { type: 'person', id: person.id }, personId: person.id, payload: { fields } });
    return getPerson(ctx, ctx.companyId, person.id);
  },
});

interface NameInput {
  readonly fullName?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
}

/** A full name is split; given parts are put together; both given: each as it is. */
function nameOf(input: NameInput, person: Pick<Person, 'firstName' | 'lastName'>): Name | undefined {
  const { fullName, firstName, lastName } = input;
  if (fullName === undefined && firstName === undefined && lastName === undefined) return undefined;
  const parts = joinName(firstName ?? person.firstName ?? '', lastName ?? person.lastName ?? '');
  if (fullName === undefined) return parts;
  return firstName === undefined && lastName === undefined ? parseName(fullName) : { ...parts, fullName };
}

interface OrganisationInput {
  readonly organisationId?: string | null | undefined;
  readonly organisation?: string | undefined;
}

/** By id, or by name. Undefined: nothing was said. @throws OrganisationNotFound */
async function organisationOf(
  ctx: Parameters<typeof requireOrganisation>[0] & { readonly companyId: string },
  { organisationId, organisation }: OrganisationInput,
  at: Date,
): Promise<string | null | undefined> {
  await requireOrganisation(ctx, ctx.companyId, organisationId);
  if (organisation === undefined || organisationId !== undefined) return organisationId;
  const made = await upsertOrganisations(ctx, ctx.companyId, [organisation], at);
  return [...made.values()][0] ?? null;
}
