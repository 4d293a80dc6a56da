import type { SourceRecord } from '#core/ports/source.ts';
import { cut, tidy } from '#modules/people/public.ts';
import { MISSING } from './flags.ts';
import type { MappingLine } from './mapping/line.ts';
import { transformed } from './mapping/transform.ts';
import { hashOf, rawOf } from './read-people.ts';
import type { OrganisationRow, Refusal } from './row.ts';

/** What a record says of an organisation: without a name it is none. */
export function readOrganisation(mapping: readonly MappingLine[], record: SourceRecord): OrganisationRow | Refusal {
  const { externalId, changedAt } = record;
  const hash = hashOf(mapping, record);
  const line = (to: string) => mapping.find((one) => one.to === to);
  const text = (to: string) => {
    const found = line(to);
    return found === undefined ? '' : cut(tidy(transformed(found, record.values[found.from])), 200);
  };
  const name = text('name');
  if (name === '') {
    const raw = rawOf(mapping, record.values);
    return {
      externalId,
      changedAt,
      hash,
      field: line('name')?.from ?? null,
      reason: 'is empty; an organisation needs a name',
      value: null,
      raw,
      flags: MISSING,
    };
  }
  const fields: Record<string, string | null> = { name };
  const domain = domainOf(text('domain'));
  if (line('domain') !== undefined) fields['domain'] = domain;
  return {
    kind: 'organisations',
    externalId,
    changedAt,
    hash,
    fields,
    flags: line('domain') !== undefined && domain === null ? MISSING : 0,
  };
}

/** `https://www.acme.com/about` is acme.com. */
function domainOf(text: string): string | null {
  const host = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)?.hostname.replace(/^www\./, '') ?? '';
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) ? host.slice(0, 200) : null;
}
