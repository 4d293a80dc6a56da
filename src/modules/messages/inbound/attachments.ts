import { keepFile } from '#modules/people/public.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { ParsedInbound } from './parse.ts';

const LINK: Statement = {
  name: 'messages.files',
  text: 'insert into message_files (company_id, message_id, file_id) select $1, $2, unnest($3::uuid[])',
};

/** What hangs on a mail becomes files of the person, in the caller's transaction: shown, exported and erased with them. What is too large or too many stays away. */
export async function keepAttachments(
  tx: Transaction,
  message: { readonly id: string; readonly companyId: string; readonly personId: string },
  attachments: ParsedInbound['attachments'],
  at: Date,
): Promise<void> {
  const kept: string[] = [];
  for (const { name, content } of attachments) {
    const id = await keepFile(tx, message.companyId, { personId: message.personId, name, content, at });
    if (id !== null) kept.push(id);
  }
  if (kept.length > 0) await tx.query(LINK, [message.companyId, message.id, kept]);
}
