import type { SourceField, SourceKind } from '#core/ports/source.ts';
import type { CustomField } from '#modules/people/public.ts';
import { suggestMapping } from '#modules/leads/public.ts';
import type { MappingLine } from './line.ts';

/** What fields can be here, by kind. `several`: more than one field may fill it. */
export const TARGETS: Readonly<Record<SourceKind, Readonly<Record<string, string>>>> = {
  people: {
    email: 'Email',
    other_email: 'Another email',
    first_name: 'First name',
    last_name: 'Last name',
    name: 'Full name',
    phone: 'Phone',
    organisation: 'Organisation',
    owner: 'Owner (address of a user)',
    language: 'Language',
    time_zone: 'Time zone',
    country: 'Country',
    tags: 'Tags',
    opted_out: 'Wants no mail',
  },
  organisations: { name: 'Name', domain: 'Domain' },
  deals: {
    name: 'Name',
    amount: 'Amount',
    currency: 'Currency',
    pipeline: 'Pipeline',
    stage: 'Stage',
    stage_kind: 'Stage: open, won or lost',
    probability: 'Stage: probability in per cent',
    owner: 'Owner: name',
    owner_email: 'Owner: email',
    close_date: 'Close date',
    opened: 'Opened',
    product: 'Product',
    organisation: 'Organisation',
    person_email: 'Person: email',
    source: 'Source',
    next_step: 'Next step',
  },
  interactions: {
    type: 'What it was: meeting, call, note, email, sms',
    person: 'Person: its id there',
    person_email: 'Person: email',
    at: 'When',
    subject: 'Subject',
    content: 'Text',
    direction: 'Direction: inbound, outbound, internal',
  },
};

export const isTarget = (kind: SourceKind, to: string, custom: readonly Pick<CustomField, 'key'>[]): boolean =>
  to in TARGETS[kind] || (kind === 'people' && custom.some(({ key }) => to === `custom.${key}`));

/** Names that vendors use, beside those that people give to columns. */
const KNOWN: Readonly<Record<SourceKind, Readonly<Record<string, string>>>> = {
  people: {
    firstname: 'first_name',
    lastname: 'last_name',
    emailaddress: 'email',
    primaryemail: 'email',
    hubspotowneremail: 'owner',
    owneremail: 'owner',
    hsemailoptout: 'opted_out',
    hasoptedoutofemail: 'opted_out',
    marketingstatus: 'opted_out',
    unsubscribed: 'opted_out',
    hslanguage: 'language',
    mailingcountrycode: 'country',
    countrycode: 'country',
    country: 'country',
    hstimezone: 'time_zone',
    accountname: 'organisation',
    orgname: 'organisation',
    company: 'organisation',
  },
  organisations: { name: 'name', domain: 'domain', website: 'domain', companyname: 'name' },
  deals: {
    dealname: 'name',
    title: 'name',
    name: 'name',
    amount: 'amount',
    value: 'amount',
    dealcurrencycode: 'currency',
    currency: 'currency',
    currencyisocode: 'currency',
    pipelinelabel: 'pipeline',
    pipelinename: 'pipeline',
    dealstagelabel: 'stage',
    stagename: 'stage',
    dealstagekind: 'stage_kind',
    stagekind: 'stage_kind',
    status: 'stage_kind',
    dealstageprobability: 'probability',
    probability: 'probability',
    hubspotownername: 'owner',
    ownername: 'owner',
    hubspotowneremail: 'owner_email',
    owneremail: 'owner_email',
    closedate: 'close_date',
    expectedclosedate: 'close_date',
    createdate: 'opened',
    createddate: 'opened',
    addtime: 'opened',
    orgname: 'organisation',
    accountname: 'organisation',
    personemail: 'person_email',
    contactemail: 'person_email',
    leadsource: 'source',
    hsnextstep: 'next_step',
    nextstep: 'next_step',
  },
  interactions: {
    type: 'type',
    touch: 'type',
    touchat: 'at',
    whoid: 'person',
    contactids: 'person',
    personid: 'person',
    whoemail: 'person_email',
    personemail: 'person_email',
    email: 'person_email',
    at: 'at',
    date: 'at',
    hstimestamp: 'at',
    hsmeetingstarttime: 'at',
    addtime: 'at',
    subject: 'subject',
    hsmeetingtitle: 'subject',
    title: 'subject',
    description: 'content',
    content: 'content',
    body: 'content',
    hsmeetingbody: 'content',
    hsnotebody: 'content',
    direction: 'direction',
  },
};

const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Each target takes the field whose name fits best; what fits nothing is left out. */
export function suggested(kind: SourceKind, fields: readonly SourceField[], custom: readonly CustomField[]): MappingLine[] {
  const lines: MappingLine[] = [];
  const add = (from: string, to: string) => {
    if (!lines.some((line) => line.to === to || line.from === from))
      lines.push({ from, to, transform: to === 'opted_out' ? 'yes_no' : 'none', values: {}, fallback: '' });
  };
  for (const field of fields) {
    const to = KNOWN[kind][letters(field.name)];
    if (to !== undefined) add(field.name, to);
  }
  if (kind === 'people') {
    for (const heading of [(field: SourceField) => field.name, (field: SourceField) => field.title]) {
      const found = suggestMapping(fields.map(heading), custom);
      fields.forEach((field, index) => {
        const to = found[index];
        if (to !== undefined && isTarget('people', to, custom) && to !== 'tags') add(field.name, to);
      });
    }
    // A whole name beside its parts tells nothing more.
    if (lines.some(({ to }) => to === 'first_name')) return lines.filter(({ to }) => to !== 'name');
  }
  return lines;
}
