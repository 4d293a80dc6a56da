import { z } from 'zod';
import { Conflict } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { currentConsent } from '../consent.ts';
import { readPhone } from '../contact.ts';
import { emailAddress } from '../email-address.ts';
import { EmailTaken, OrganisationNotFound, PersonNotFound } from '../errors.ts';
import { listPeople } from '../list.ts';
import { requireOrganisation, requireUser } from '../lookups.ts';
import { joinName, parseName } from '../names.ts';
import { getPerson, lockPerson, Person, updatePerson } from '../person.ts';
import { emailsOf, leadOf } from '../person-extras.ts';
import { CONSENT_STATES, LAWFUL_BASES } from '../tables.ts';
import { timeZoneName } from '../time-zone.ts';

export const personId = () => z.uuid().describe('Id of the person');

export const listPeopleOperation = operation({
  name: 'people.list',
  summary: 'List or search people, newest first',
  http: 'GET /api/people',
  cli: 'people list',
  access: 'read',
  input: z.object({
    ...pageInput,
    q: z.string().trim().max(200).optional().describe('Words in name, email or phone'),
    ownerId: z.uuid().optional(),
    organisationId: z.uuid().optional(),
    optedOut: z.boolean().optional().describe('Only people who refuse commercial messages, or only others'),
  }),
  output: pageOf(Person),
  async run(ctx, input) {
    await requireUser(ctx, ctx.companyId, input.ownerId);
    await requireOrganisation(ctx, ctx.companyId, input.organisationId);
    return listPeople(ctx, ctx.companyId, input);
  },
});

const PersonDetail = Person.extend({
  emails: z.array(z.string()).describe('All addresses, the primary one first'),
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
  summary: 'Read one person: addresses, organisation, lead and consent',
  http: 'GET /api/people/{person_id}',
  cli: 'people get',
  access: 'read',
  input: z.object({ personId: personId() }),
  output: PersonDetail,
  errors: [PersonNotFound],
  async run(ctx, input) {
    const person = await getPerson(ctx, ctx.companyId, input.personId);
    const [emails, lead, consent] = await Promise.all([
      emailsOf(ctx, ctx.companyId, person),
      leadOf(ctx, ctx.companyId, person.id),
      currentConsent(ctx, ctx.companyId, [person.id]),
    ]);
    return { ...person, emails, lead, consent: [...(consent.get(person.id) ?? [])].map(([topic, state]) => ({ topic, ...state })) };
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
    fullName: z.string().trim().min(1).max(200).optional(),
    firstName: z.string().trim().max(100).optional(),
    lastName: z.string().trim().max(100).optional(),
    email: emailAddress().optional().describe('New primary address; the one before stays known'),
    phone: z.string().trim().max(64).nullable().optional(),
    timeZone: timeZoneName().nullable().optional().describe('IANA zone such as Europe/Berlin'),
    language: z
      .string()
      .trim()
      .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, { error: 'is not a language tag; write it like en or de-AT' })
      .nullable()
      .optional(),
    organisationId: z.uuid().nullable().optional(),
    ownerId: z.uuid().nullable().optional(),
  }),
  output: Person,
  errors: [PersonNotFound, EmailTaken, OrganisationNotFound, Conflict],
  async run(ctx, input) {
    const person = await lockPerson(ctx, ctx.companyId, input.personId);
    ctx.expectVersion(person);
    await requireUser(ctx, ctx.companyId, input.ownerId);
    await requireOrganisation(ctx, ctx.companyId, input.organisationId);
    const phone = input.phone === undefined ? undefined : await readPhone(ctx, ctx.companyId, input.phone);
    await updatePerson(ctx, ctx.companyId, person.id, { ...input, name: nameOf(input, person), phone }, ctx.clock.now());
    return getPerson(ctx, ctx.companyId, person.id);
  },
});

interface NameInput {
  readonly fullName?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
}

/** A full name is split; given parts are put together; both given: each as it is. */
function nameOf(input: NameInput, person: Person) {
  const { fullName, firstName, lastName } = input;
  if (fullName === undefined && firstName === undefined && lastName === undefined) return undefined;
  const parts = joinName(firstName ?? person.firstName ?? '', lastName ?? person.lastName ?? '');
  if (fullName === undefined) return parts;
  return firstName === undefined && lastName === undefined ? parseName(fullName) : { ...parts, fullName };
}
