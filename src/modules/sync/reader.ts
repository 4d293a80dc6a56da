import type { Transaction } from '#core/database/database.ts';
import type { SourceKind, SourceRecord } from '#core/ports/source.ts';
import { companyCurrency } from '#modules/accounts/public.ts';
import { emailReader, fastPhoneReader } from '#modules/leads/public.ts';
import { companyCountry, customFields } from '#modules/people/public.ts';
import type { MappingLine } from './mapping/line.ts';
import { readOrganisation } from './read-organisations.ts';
import { readPerson } from './read-people.ts';
import { readDeal } from './read-deals.ts';
import { readInteraction } from './read-interactions.ts';
import type { DealRow, InteractionRow, OrganisationRow, PersonRow, Refusal } from './row.ts';
import { OWNERS } from './write/people-statements.ts';

export type Row = PersonRow | OrganisationRow | DealRow | InteractionRow;
export type ReadRow = (record: SourceRecord) => Row | Refusal;

/** What reads records of one kind by a mapping; asks the company once. */
export async function rowReader(
  tx: Transaction,
  companyId: string,
  kind: SourceKind,
  mapping: readonly MappingLine[],
  now: Date,
): Promise<ReadRow> {
  if (kind === 'organisations') return (record) => readOrganisation(mapping, record);
  if (kind === 'interactions') {
    const readEmail = emailReader();
    return (record) => readInteraction(mapping, record, readEmail, now);
  }
  if (kind === 'deals') {
    const readEmail = emailReader();
    const currency = await companyCurrency(tx, companyId);
    return (record) => readDeal(mapping, record, readEmail, currency);
  }
  const owners = await tx.query<{ id: string; email: string }>(OWNERS, [companyId]);
  const reader = {
    mapping,
    custom: await customFields(tx, companyId),
    owners: new Map(owners.map(({ id, email }) => [email, id])),
    readEmail: emailReader(),
    readPhone: await fastPhoneReader(await companyCountry(tx, companyId)),
    now,
  };
  return (record) => readPerson(reader, record);
}
