import { normaliseEmail } from '#modules/people/public.ts';

/** What a column may be. `ignore` columns are read past. */
export const IMPORT_FIELDS = [
  'name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'organisation',
  'source',
  'notes',
  'status',
  'opted_out',
  'ignore',
] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** Field by column, in the file's order. */
export type Mapping = readonly ImportField[];

/** Column headings as people and programs write them, letters and digits only, by the field they mean; the likeliest first. */
const HEADINGS: Readonly<Record<Exclude<ImportField, 'ignore'>, readonly string[]>> = {
  email: [
    'email',
    'emailaddress',
    'primaryemail',
    'workemail',
    'email1value',
    'email1',
    'emailaddress1',
    'mail',
    'mailaddress',
    'emailadresse',
    'correo',
    'correoelectronico',
    'courriel',
    'contactemail',
    'leademail',
    'businessemail',
    'personalemail',
  ],
  name: [
    'name',
    'fullname',
    'contactname',
    'leadname',
    'displayname',
    'customername',
    'clientname',
    'contact',
    'customer',
    'lead',
    'person',
    'kontakt',
    'vollername',
    'nomcomplet',
    'nombrecompleto',
  ],
  first_name: ['firstname', 'first', 'givenname', 'forename', 'fname', 'vorname', 'prenom', 'nombre'],
  last_name: ['lastname', 'last', 'surname', 'familyname', 'lname', 'nachname', 'familienname', 'nomdefamille', 'apellido', 'apellidos'],
  phone: [
    'phone',
    'phonenumber',
    'mobile',
    'mobilephone',
    'mobilenumber',
    'cell',
    'cellphone',
    'tel',
    'telephone',
    'telephonenumber',
    'phone1value',
    'workphone',
    'telefon',
    'telefonnummer',
    'handy',
    'mobil',
    'telefono',
    'portable',
  ],
  organisation: [
    'company',
    'companyname',
    'organisation',
    'organization',
    'organisationname',
    'organizationname',
    'organization1name',
    'account',
    'accountname',
    'business',
    'businessname',
    'firm',
    'employer',
    'firma',
    'unternehmen',
    'entreprise',
    'societe',
    'empresa',
  ],
  source: ['source', 'leadsource', 'origin', 'originalsource', 'channel', 'utmsource', 'quelle', 'herkunft', 'fuente'],
  notes: [
    'notes',
    'note',
    'comments',
    'comment',
    'description',
    'message',
    'remarks',
    'remark',
    'details',
    'notizen',
    'notiz',
    'bemerkung',
    'bemerkungen',
    'kommentar',
    'notas',
  ],
  status: ['status', 'leadstatus', 'stage', 'leadstage', 'lifecyclestage', 'estado'],
  opted_out: [
    'unsubscribed',
    'optout',
    'optedout',
    'emailoptout',
    'hasoptedoutofemail',
    'donotcontact',
    'donotemail',
    'donotmail',
    'dnc',
    'unsubscribe',
    'abgemeldet',
    'globalunsubscribe',
    'unsubscribedfromallemail',
  ],
};

const FIELDS_IN_ORDER = [
  'email',
  'first_name',
  'last_name',
  'name',
  'phone',
  'organisation',
  'source',
  'notes',
  'status',
  'opted_out',
] as const;

function letters(heading: string): string {
  return heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Each field takes the column whose heading fits best; a field is given to one column only. */
export function suggestMapping(columns: readonly string[]): Mapping {
  const headings = columns.map(letters);
  const mapping: ImportField[] = columns.map(() => 'ignore');
  for (const field of FIELDS_IN_ORDER) {
    const column = HEADINGS[field]
      .map((heading) => headings.findIndex((found, index) => found === heading && mapping[index] === 'ignore'))
      .find((index) => index >= 0);
    if (column !== undefined) mapping[column] = field;
  }
  return mapping;
}

/** A first record that holds an address is no heading. */
export function isHeading(cells: readonly string[]): boolean {
  return !cells.some((cell) => normaliseEmail(cell) !== null);
}

/** For a file without headings: the address by its look, a name beside it. */
export function mappingWithoutHeading(cells: readonly string[]): Mapping {
  const email = cells.findIndex((cell) => normaliseEmail(cell) !== null);
  const phone = cells.findIndex((cell, index) => index !== email && /^[+(]?\d[\d\s().\-/]{5,}$/.test(cell.trim()));
  const name = cells.findIndex((cell, index) => index !== email && index !== phone && /^[\p{L}][\p{L}\s.'-]+$/u.test(cell.trim()));
  return cells.map((_cell, index) => (index === email ? 'email' : index === phone ? 'phone' : index === name ? 'name' : 'ignore'));
}
