import { normaliseEmail } from '#modules/people/public.ts';

/** What a column may be, beside `custom.<key>`. `ignore` columns are read past. */
export const IMPORT_FIELDS = [
  'name', 'first_name', 'last_name', 'email', 'other_email', 'phone', 'other_phone', 'organisation', 'tags', 'owner', 'source', 'status', 'notes',
  'language', 'time_zone', 'opted_out', 'consent', 'consent_at', 'consent_evidence', 'ignore',
] as const; // prettier-ignore
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** A field, or `custom.` and the key of a field that the company invented. */
export type Target = ImportField | `custom.${string}`;

/** Target by column, in the file's order. */
export type Mapping = readonly Target[];

/** Fields that several columns may fill together. */
export const SEVERAL: ReadonlySet<Target> = new Set<Target>(['other_email', 'other_phone', 'tags', 'notes', 'ignore']);

export function isTarget(text: string): text is Target {
  return IMPORT_FIELDS.some((field) => field === text) || /^custom\.[a-z][a-z0-9_]{0,39}$/.test(text);
}

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
    'epost',
    'epostadresse',
    'epostadress',
    'indirizzoemail',
    'posta',
    'postaelettronica',
    'enderecodeemail',
    'adresemail',
    'adresseemail',
    'adressemail',
    'mailadres',
    'emailadres',
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
    'nome',
    'nomecompleto',
    'naam',
    'volledigenaam',
    'imieinazwisko',
    'namn',
    'navn',
    'nomeecognome',
    'nameofcontact',
  ],
  first_name: [
    'firstname',
    'first',
    'givenname',
    'forename',
    'fname',
    'vorname',
    'prenom',
    'nombre',
    'voornaam',
    'nome',
    'imie',
    'fornamn',
    'fornavn',
    'primeironome',
  ],
  last_name: [
    'lastname',
    'last',
    'surname',
    'familyname',
    'lname',
    'nachname',
    'familienname',
    'nomdefamille',
    'apellido',
    'apellidos',
    'achternaam',
    'cognome',
    'nazwisko',
    'efternamn',
    'etternavn',
    'sobrenome',
    'apelido',
    'nom',
  ],
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
    'telefoon',
    'telefoonnummer',
    'telefone',
    'celular',
    'movil',
    'cellulare',
    'komorka',
    'komorkowy',
    'rufnummer',
    'mobiltelefon',
    'mobilnummer',
    'puhelin',
    'telnr',
    'telno',
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
    'bedrijf',
    'azienda',
    'organizacja',
    'firmenname',
    'foretag',
    'empresanome',
    'societeentreprise',
    'org',
    'unternehmensname',
    'raisonsociale',
  ],
  source: [
    'source',
    'leadsource',
    'origin',
    'originalsource',
    'channel',
    'utmsource',
    'quelle',
    'herkunft',
    'fuente',
    'bron',
    'origen',
    'fonte',
    'zrodlo',
    'provenance',
    'utmsource',
  ],
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
    'notitie',
    'notities',
    'opmerkingen',
    'note1',
    'observaciones',
    'osservazioni',
    'observacoes',
    'uwagi',
    'anmerkung',
    'anmerkungen',
    'remarques',
    'commentaire',
    'commentaires',
  ],
  status: ['status', 'leadstatus', 'stage', 'leadstage', 'lifecyclestage', 'estado', 'stato', 'statut', 'leadstage1'],
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
    'abgemeldetam',
    'widerrufen',
    'nomail',
    'noemail',
    'keinewerbung',
    'desabonne',
    'desinscrit',
    'baja',
    'disiscritto',
    'afgemeld',
  ],
  other_email: [
    'email2',
    'secondemail',
    'secondaryemail',
    'otheremail',
    'alternateemail',
    'alternativeemail',
    'additionalemail',
    'email2value',
    'emailaddress2',
    'zweiteemail',
    'weitereemail',
    'privateemail',
    'emailprivat',
  ],
  other_phone: [
    'phone2',
    'secondphone',
    'otherphone',
    'homephone',
    'phone2value',
    'businessphone',
    'businessphone2',
    'zweitetelefonnummer',
    'festnetz',
    'telefonprivat',
    'fax',
  ],
  tags: [
    'tags',
    'tag',
    'labels',
    'label',
    'categories',
    'category',
    'groups',
    'group',
    'groupmembership',
    'lists',
    'list',
    'schlagworte',
    'schlagwort',
    'kategorien',
    'kategorie',
    'gruppe',
    'etiquettes',
    'etiquetas',
    'etichette',
  ],
  owner: [
    'owner',
    'leadowner',
    'contactowner',
    'recordowner',
    'owneremail',
    'assignedto',
    'assigned',
    'salesrep',
    'accountmanager',
    'zustandig',
    'betreuer',
    'besitzer',
    'verantwortlich',
    'proprietaire',
    'responsable',
    'eigenaar',
  ],
  language: ['language', 'locale', 'lang', 'sprache', 'langue', 'idioma', 'lingua', 'taal', 'preferredlanguage'],
  time_zone: ['timezone', 'zeitzone', 'fuseauhoraire', 'tz'],
  consent: [
    'consent',
    'optin',
    'optedin',
    'emailoptin',
    'marketingconsent',
    'subscribed',
    'newsletter',
    'emailconsent',
    'gdprconsent',
    'einwilligung',
    'consentement',
    'consentimiento',
    'consenso',
    'toestemming',
  ],
  consent_at: [
    'consentdate',
    'consentat',
    'optindate',
    'optintime',
    'optinat',
    'confirmtime',
    'confirmedat',
    'dateofconsent',
    'einwilligungam',
    'einwilligungsdatum',
    'datedeconsentement',
    'subscribedat',
  ],
  consent_evidence: [
    'consentevidence',
    'consentsource',
    'consenttext',
    'consentnote',
    'optinip',
    'confirmip',
    'einwilligungquelle',
    'nachweis',
  ],
};

const FIELDS_IN_ORDER = [
  'email', 'first_name', 'last_name', 'name', 'phone', 'organisation', 'source', 'notes', 'status', 'opted_out', 'tags', 'owner', 'language', 'time_zone', 'consent', 'consent_at',
  'consent_evidence', 'other_email', 'other_phone',
] as const; // prettier-ignore

export function letters(heading: string): string {
  return heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

interface OwnField {
  readonly key: string;
  readonly label: string;
}

/** Each field takes the column whose heading fits best; further addresses and numbers become further ones; own fields go by label. */
export function suggestMapping(columns: readonly string[], own: readonly OwnField[] = []): Target[] {
  const headings = columns.map(letters);
  const mapping: Target[] = columns.map(() => 'ignore');
  const free = (heading: string) => headings.findIndex((found, index) => found === heading && mapping[index] === 'ignore');
  for (const field of own) {
    const column = [letters(field.label), letters(field.key)].map(free).find((index) => index >= 0);
    if (column !== undefined) mapping[column] = `custom.${field.key}`;
  }
  for (const field of FIELDS_IN_ORDER) {
    for (const heading of HEADINGS[field]) {
      const column = free(heading);
      if (column < 0) continue;
      mapping[column] = field;
      if (!SEVERAL.has(field)) break;
    }
  }
  // A second column of addresses or numbers is one more of the person, not nothing.
  for (const [index, heading] of headings.entries()) {
    if (mapping[index] !== 'ignore') continue;
    if (mapping.includes('email') && (HEADINGS.email.includes(heading) || /^email(adress[e]?)?[3-9]$/.test(heading)))
      mapping[index] = 'other_email';
    if (mapping.includes('phone') && (HEADINGS.phone.includes(heading) || /^(phone|telefon|tel)[3-9]$/.test(heading)))
      mapping[index] = 'other_phone';
  }
  return mapping;
}

/** Where the headings name no address: the first column whose cells nearly all are addresses. Then numbers, the same way. */
export function byContent(mapping: readonly Target[], rows: readonly (readonly string[])[]): Target[] {
  const found = [...mapping];
  const look = (field: Target, fits: (cell: string) => boolean) => {
    if (found.includes(field)) return;
    const column = found.findIndex((target, index) => {
      const cells = rows.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== '');
      return target === 'ignore' && cells.length > 0 && cells.filter(fits).length >= cells.length * 0.8;
    });
    if (column >= 0) found[column] = field;
  };
  look('email', (cell) => normaliseEmail(cell) !== null);
  look('phone', (cell) => /^(\+|00)[\d\s().\-/]{7,}$/.test(cell));
  return found;
}

/** A first record that holds an address is no heading. */
export function isHeading(cells: readonly string[]): boolean {
  return !cells.some((cell) => normaliseEmail(cell) !== null);
}

/** For a file without headings: the address by its look, a name beside it. */
export function mappingWithoutHeading(cells: readonly string[]): Target[] {
  const email = cells.findIndex((cell) => normaliseEmail(cell) !== null);
  const phone = cells.findIndex((cell, index) => index !== email && /^[+(]?\d[\d\s().\-/]{5,}$/.test(cell.trim()));
  const name = cells.findIndex((cell, index) => index !== email && index !== phone && /^[\p{L}][\p{L}\s.'-]+$/u.test(cell.trim()));
  return cells.map((_cell, index) => (index === email ? 'email' : index === phone ? 'phone' : index === name ? 'name' : 'ignore'));
}
