import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { readPhone } from '../contact.ts';
import { refreshContacts } from '../contacts.ts';
import { emailAddress } from '../email-address.ts';
import { EmailTaken, PersonNotFound } from '../errors.ts';
import { claimEmail, lockPerson, touchPerson, updatePerson, type Person } from '../person.ts';
import { emailsOf, phonesOf } from '../person-extras.ts';
import { personId } from './people.ts';

/** The person has no such address. */
export class EmailNotFound extends NotFound {
  override readonly code = 'email_not_found';
}

/** The person has no such number. */
export class PhoneNotFound extends NotFound {
  override readonly code = 'phone_not_found';
}

/** Mail goes to the primary address; choose another one first. */
export class EmailIsPrimary extends Conflict {
  override readonly code = 'email_is_primary';
}

const MOST = 20;
const Emails = z.object({ personId: z.uuid(), emails: z.array(z.string()).describe('All addresses, the primary one first') });
const Phones = z.object({
  personId: z.uuid(),
  phones: z.array(z.object({ id: z.uuid().nullable(), number: z.string(), label: z.string().nullable(), primary: z.boolean() })),
});

function full(what: string): InvalidInput {
  return new InvalidInput(`A person has at most ${MOST} ${what}; remove one first`, {
    fields: [{ path: what, message: `at most ${MOST}` }],
  });
}

async function changed(ctx: Ctx, person: Person, fields: readonly string[]): Promise<void> {
  await touchPerson(ctx, ctx.companyId, person.id, ctx.clock.now());
  await refreshContacts(ctx, ctx.companyId, [person.id]);
  ctx.subject('people', person.id);
  ctx.emit({ name: 'person.updated', subject: { type: 'person', id: person.id }, personId: person.id, payload: { fields: [...fields] } });
}

export const addEmail = operation({
  name: 'people.add_email',
  summary: 'Note a further address of a person; replies from it find the person',
  http: 'POST /api/people/{person_id}/emails',
  cli: 'people add-email',
  access: 'write',
  status: 201,
  input: z.object({
    personId: personId(),
    email: emailAddress(),
    primary: z.boolean().default(false).describe('Mail goes to it from now on'),
  }),
  output: Emails,
  errors: [PersonNotFound, EmailTaken],
  async run(ctx, input) {
    const person = await lockPerson(ctx, ctx.companyId, input.personId);
    const known = await emailsOf(ctx, ctx.companyId, person);
    if (known.length >= MOST && !known.includes(input.email)) throw full('emails');
    const now = ctx.clock.now();
    if (input.primary || person.email === null) await updatePerson(ctx, ctx.companyId, person.id, { email: input.email }, now);
    else await claimEmail(ctx, ctx.companyId, person.id, input.email, now);
    await changed(ctx, person, ['emails']);
    const after = await lockPerson(ctx, ctx.companyId, person.id);
    return { personId: person.id, emails: await emailsOf(ctx, ctx.companyId, after) };
  },
});

const REMOVE_EMAIL: Statement = {
  name: 'people.email.remove',
  text: 'delete from person_emails where company_id = $1 and person_id = $2 and email = $3 returning email',
};
const NO_EMAIL: Statement = {
  name: 'people.email.none',
  text: 'update people set email = null where company_id = $1 and id = $2 and email = $3',
};

export const removeEmail = operation({
  name: 'people.remove_email',
  summary: 'Forget an address of a person; what was refused for it stays refused',
  http: 'DELETE /api/people/{person_id}/emails/{email}',
  cli: 'people remove-email',
  access: 'write',
  input: z.object({ personId: personId(), email: emailAddress() }),
  output: z.object({}),
  errors: [PersonNotFound, EmailNotFound, EmailIsPrimary],
  async run(ctx, input) {
    const person = await lockPerson(ctx, ctx.companyId, input.personId);
    const known = await emailsOf(ctx, ctx.companyId, person);
    if (person.email === input.email && known.length > 1)
      throw new EmailIsPrimary('This is the primary address; make another one primary first');
    const gone = await ctx.query(REMOVE_EMAIL, [ctx.companyId, person.id, input.email]);
    if (gone.length === 0) throw new EmailNotFound('This person has no such address');
    await ctx.query(NO_EMAIL, [ctx.companyId, person.id, input.email]);
    await changed(ctx, person, ['emails']);
    const payload = { email: input.email, opted_out: person.optedOutAt !== null };
    ctx.emit({ name: 'person.email_removed', subject: { type: 'person', id: person.id }, personId: person.id, payload });
    return {};
  },
});

const Label = z.string().trim().min(1).max(40);

const INSERT_PHONE: Statement = {
  name: 'people.phone.add',
  text: `insert into person_phones (id, company_id, person_id, phone, phone_raw, label, created_at) values ($3, $1, $2, $4, $5, $6, $7)`,
};

export const addPhone = operation({
  name: 'people.add_phone',
  summary: 'Note a further number of a person',
  http: 'POST /api/people/{person_id}/phones',
  cli: 'people add-phone',
  access: 'write',
  status: 201,
  input: z.object({
    personId: personId(),
    number: z.string().trim().min(1).max(64).describe("With the country's prefix, or as dialled in the company's country"),
    label: Label.optional().describe('mobile, work …'),
  }),
  output: Phones,
  errors: [PersonNotFound],
  async run(ctx, input) {
    const person = await lockPerson(ctx, ctx.companyId, input.personId);
    const known = await phonesOf(ctx, ctx.companyId, person.id);
    const phone = await readPhone(ctx, ctx.companyId, input.number);
    const number = phone.phone ?? phone.phoneRaw ?? input.number;
    if (!known.some((one) => one.number === number)) {
      if (known.length >= MOST) throw full('phones');
      const now = ctx.clock.now();
      if (known.length === 0) await updatePerson(ctx, ctx.companyId, person.id, { phone, phoneLabel: input.label ?? null }, now);
      else {
        await ctx.query(INSERT_PHONE, [
          ctx.companyId,
          person.id,
          newId(),
          phone.phone,
          phone.phoneRaw ?? input.number,
          input.label ?? null,
          now,
        ]);
      }
      await changed(ctx, person, ['phones']);
    }
    return { personId: person.id, phones: await phonesOf(ctx, ctx.companyId, person.id) };
  },
});

const UPDATE_PHONE: Statement = {
  name: 'people.phone.update',
  text: `update person_phones set phone = coalesce($4, case when $5::text is null then phone end), phone_raw = coalesce($5, phone_raw),
                label = case when $6::boolean then $7 else label end
          where company_id = $1 and person_id = $2 and id = $3 returning id`,
};
/** The primary number and this one change places. */
const SWAP_PHONE: Statement = {
  name: 'people.phone.swap',
  text: `with chosen as (
      select f.id, f.phone, f.phone_raw, f.label, p.phone as old_phone, p.phone_raw as old_raw, p.phone_label as old_label
        from person_phones f join people p on p.id = f.person_id and p.company_id = $1
       where f.company_id = $1 and f.person_id = $2 and f.id = $3
    ), promoted as (
      update people p set phone = c.phone, phone_raw = c.phone_raw, phone_label = c.label from chosen c where p.id = $2 and p.company_id = $1
    ), demoted as (
      update person_phones f set phone = c.old_phone, phone_raw = coalesce(c.old_raw, c.old_phone), label = c.old_label
        from chosen c where f.id = c.id and coalesce(c.old_raw, c.old_phone) is not null
    ), emptied as (
      delete from person_phones f using chosen c where f.id = c.id and coalesce(c.old_raw, c.old_phone) is null
    )
    select id from chosen`,
};

export const updatePhone = operation({
  name: 'people.update_phone',
  summary: 'Change a further number of a person, or make it the primary one',
  http: 'PUT /api/people/{person_id}/phones/{phone_id}',
  cli: 'people update-phone',
  access: 'write',
  input: z.object({
    personId: personId(),
    phoneId: z.uuid(),
    number: z.string().trim().min(1).max(64).optional(),
    label: Label.nullable().optional(),
    primary: z.literal(true).optional(),
  }),
  output: Phones,
  errors: [PersonNotFound, PhoneNotFound],
  async run(ctx, input) {
    const person = await lockPerson(ctx, ctx.companyId, input.personId);
    ctx.expectVersion(person);
    const phone = input.number === undefined ? null : await readPhone(ctx, ctx.companyId, input.number);
    const values = [phone?.phone ?? null, phone?.phoneRaw ?? null, input.label !== undefined, input.label ?? null];
    const found = await ctx.query(UPDATE_PHONE, [ctx.companyId, person.id, input.phoneId, ...values]);
    if (found.length === 0) throw new PhoneNotFound('This person has no such number');
    if (input.primary === true) await ctx.query(SWAP_PHONE, [ctx.companyId, person.id, input.phoneId]);
    await changed(ctx, person, ['phones']);
    return { personId: person.id, phones: await phonesOf(ctx, ctx.companyId, person.id) };
  },
});

const REMOVE_PHONE: Statement = {
  name: 'people.phone.remove',
  text: 'delete from person_phones where company_id = $1 and person_id = $2 and id = $3 returning id',
};

export const removePhone = operation({
  name: 'people.remove_phone',
  summary: 'Forget a further number of a person',
  http: 'DELETE /api/people/{person_id}/phones/{phone_id}',
  cli: 'people remove-phone',
  access: 'write',
  input: z.object({ personId: personId(), phoneId: z.uuid() }),
  output: z.object({}),
  errors: [PersonNotFound, PhoneNotFound],
  async run(ctx, input) {
    const person = await lockPerson(ctx, ctx.companyId, input.personId);
    const gone = await ctx.query(REMOVE_PHONE, [ctx.companyId, person.id, input.phoneId]);
    if (gone.length === 0) throw new PhoneNotFound('This person has no such number');
    await changed(ctx, person, ['phones']);
    return {};
  },
});
