import type { Statement, Transaction } from '#core/database/database.ts';
import { spokenOf, type Spoken } from '#core/language.ts';
import type { InvoiceOptions } from './settings/shape.ts';

const OF_CLIENT: Statement = {
  name: 'invoices.client_language',
  text: 'select p.language from clients c join people p on p.id = c.person_id where c.company_id = $1 and c.id = $2',
};

/** In which language what is written to this client stands: theirs where it is known and ours, else as the company chose. */
export async function paperLanguage(
  tx: Transaction,
  companyId: string,
  clientId: string,
  { language }: Pick<InvoiceOptions, 'language'>,
): Promise<Spoken> {
  const [row] = await tx.query<{ language: string | null }>(OF_CLIENT, [companyId, clientId]);
  return spokenOf(row?.language, language);
}
