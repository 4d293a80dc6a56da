import type { Statement, Transaction } from '#core/database/database.ts';
import {
  customFields,
  organisationKey,
  parseCustom,
  parseName,
  readPhone,
  tidy,
  upsertOrganisations,
  type CustomValue,
  type Name,
} from '#modules/people/public.ts';
import { answerText, type Answer } from './answers.ts';
import { targetOf, type FormField } from './fields.ts';
import type { StoredForm } from './form.ts';

/** What the answers say of a person, read. */
export interface Told {
  readonly name: Name;
  readonly phone: { readonly phone: string | null; readonly phoneRaw: string | null; readonly timeZone: string | null };
  readonly organisation: string | null;
  readonly language: string | null;
  readonly message: string | null;
  /** By key; each value fits its field. */
  readonly custom: Readonly<Record<string, CustomValue>>;
}

/** An answer that differs from what is known; shown on the timeline, changed by nobody but a person. */
export interface Said {
  readonly label: string;
  readonly said: string;
  readonly known: string;
}

type Answered = Readonly<Record<string, Answer>>;

/** Reads the answers by where their fields go. An answer that does not fit its custom field stays with the submission only. */
export async function readTold(tx: Transaction, form: StoredForm, answers: Answered): Promise<Told> {
  const text = (target: string): string => {
    const field = form.fields.find((each) => targetOf(each) === target && answers[each.name] !== undefined);
    return field === undefined ? '' : tidy(answerText(answers[field.name] ?? ''));
  };
  const message = form.fields.find((each) => targetOf(each) === 'message');
  const organisation = text('organisation');
  return {
    name: parseName(text('name') === '' ? `${text('first_name')} ${text('last_name')}` : text('name')),
    phone: await readPhone(tx, form.companyId, text('phone')),
    organisation: organisation === '' ? null : organisation,
    language: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text('language')) ? text('language') : form.language,
    message: message === undefined ? null : answerText(answers[message.name] ?? ''),
    custom: await readCustom(tx, form, answers),
  };
}

async function readCustom(tx: Transaction, form: StoredForm, answers: Answered): Promise<Record<string, CustomValue>> {
  const mapped = form.fields.filter((field) => field.mapTo?.startsWith('custom.') === true && answers[field.name] !== undefined);
  if (mapped.length === 0) return {};
  const known = new Map((await customFields(tx, form.companyId)).map((field) => [field.key, field]));
  return Object.fromEntries(
    mapped.flatMap((field) => {
      const custom = known.get(field.mapTo?.slice(7) ?? '');
      const parsed = custom === undefined ? { reason: '' } : parseCustom(custom, answerText(answers[field.name] ?? ''));
      return custom === undefined || 'reason' in parsed || parsed.value === null ? [] : [[custom.key, parsed.value]];
    }),
  );
}

const KNOWN: Statement = {
  name: 'forms.person.known',
  text: `select p.full_name as name, p.phone, p.phone_raw as "phoneRaw", p.custom, o.name as organisation
           from people p left join organisations o on o.id = p.organisation_id where p.id = $1 and p.company_id = $2`,
};

interface KnownPerson {
  readonly name: string;
  readonly phone: string | null;
  readonly phoneRaw: string | null;
  readonly custom: Readonly<Record<string, CustomValue>>;
  readonly organisation: string | null;
}

/** What was known already wins, key by key. */
const FILL: Statement = {
  name: 'forms.person.fill',
  text: `update people set custom = $3::jsonb || custom, organisation_id = coalesce(organisation_id, $4::uuid), language = coalesce(language, $5), updated_at = $6
          where id = $1 and company_id = $2
            and (not custom ?& array(select jsonb_object_keys($3::jsonb)) or (organisation_id is null and $4::uuid is not null) or (language is null and $5::text is not null))`,
};

/**
 * Fills what is empty and answers what differs. Anybody can type anybody's address into a form, so nothing that is known is changed.
 * Name and phone number were filled by createLead.
 */
export async function fillPerson(tx: Transaction, form: StoredForm, personId: string, told: Told, at: Date): Promise<Said[]> {
  const [known] = await tx.query<KnownPerson>(KNOWN, [personId, form.companyId]);
  if (known === undefined) return [];
  const organisationId =
    told.organisation === null || known.organisation !== null
      ? null
      : ((await upsertOrganisations(tx, form.companyId, [told.organisation], at)).get(organisationKey(told.organisation)) ?? null);
  await tx.query(FILL, [personId, form.companyId, JSON.stringify(told.custom), organisationId, told.language, at]);
  return differences(form.fields, told, known);
}

function differences(fields: readonly FormField[], told: Told, known: KnownPerson): Said[] {
  const label = (target: string) => fields.find((field) => targetOf(field) === target)?.label ?? target;
  const pairs: readonly (readonly [string, string, string, boolean])[] = [
    [label('name'), told.name.fullName, known.name, told.name.fullName.toLowerCase() === known.name.toLowerCase()],
    [
      label('phone'),
      told.phone.phone ?? told.phone.phoneRaw ?? '',
      known.phone ?? known.phoneRaw ?? '',
      (told.phone.phone ?? told.phone.phoneRaw) === (known.phone ?? known.phoneRaw),
    ],
    [
      label('organisation'),
      told.organisation ?? '',
      known.organisation ?? '',
      organisationKey(told.organisation ?? '') === organisationKey(known.organisation ?? ''),
    ],
    ...Object.entries(told.custom).map(
      ([key, value]) => [label(`custom.${key}`), String(value), String(known.custom[key] ?? ''), known.custom[key] === value] as const,
    ),
  ];
  return pairs.flatMap(([of, said, was, same]) => (said === '' || was === '' || same ? [] : [{ label: of, said, known: was }]));
}
