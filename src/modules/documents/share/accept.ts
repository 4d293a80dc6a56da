import type { Statement, Transaction } from '#core/database/database.ts';
import { Conflict, InvalidInput } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { recordInteractions } from '#modules/people/public.ts';
import { totalOf } from '../draw/content.ts';
import { amount } from '../draw/words.ts';
import { lapsed, type Shared } from './shared.ts';

/** This proposal can no longer be agreed to as it was shown. */
export class ProposalChanged extends Conflict {
  override readonly code = 'proposal_changed';
}

export interface Agreement {
  /** As typed. */
  readonly name: string;
  readonly agreed: boolean;
  /** What was on the page when it was pressed. */
  readonly version: number;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

const LOCK: Statement = {
  name: 'documents.accept_lock',
  text: 'select version from documents where company_id = $1 and id = $2 for update',
};
const ACCEPT: Statement = {
  name: 'documents.accept',
  text: `insert into document_acceptances (document_id, company_id, version, sha256, share_id, name, total_cents, currency, ip, user_agent, accepted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (document_id) do nothing returning document_id`,
};

/**
 * Keeps that somebody agreed: to which version, byte by byte, when, by which name and whence. Once: whoever presses twice has agreed once.
 * @throws InvalidInput no name, or the box is not ticked. @throws ProposalChanged it is another one by now, or its last day is over
 */
export async function accept(tx: Transaction, runtime: Runtime, shared: Shared, given: Agreement): Promise<void> {
  const now = runtime.clock.now();
  if (shared.kind !== 'proposal') throw new ProposalChanged('This document is no proposal');
  if (shared.acceptedAt !== null) return;
  const name = given.name.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const faults = [
    ...(name.length < 2 || name.length > 200 ? [{ path: 'name', message: 'Type your name' }] : []),
    ...(given.agreed ? [] : [{ path: 'agree', message: 'Tick the box to agree' }]),
  ];
  if (faults[0] !== undefined) throw new InvalidInput(faults.map(({ message }) => message).join('. '), { fields: faults });
  if (lapsed(shared, now)) throw new ProposalChanged('The last day of this proposal is over; ask for a new one');
  const [row] = await tx.query<{ version: number }>(LOCK, [shared.companyId, shared.documentId]);
  if (row?.version !== given.version || shared.version !== given.version)
    throw new ProposalChanged('The proposal was changed while you read it; look at it once more');
  const total = totalOf(shared.content);
  const agent = given.userAgent?.slice(0, 300) ?? null;
  const kept = [shared.documentId, shared.companyId, shared.version, shared.sha256, shared.shareId, name, total, shared.currency, given.ip, agent, now];
  const [made] = await tx.query<{ document_id: string }>(ACCEPT, kept);
  if (made === undefined) return;
  await runtime.engine.emit(tx, [
    {
      name: 'proposal.accepted',
      companyId: shared.companyId,
      subject: { type: 'document', id: shared.documentId },
      ...(shared.personId === null ? {} : { personId: shared.personId }),
      payload: { document_id: shared.documentId, title: shared.title, version: shared.version, name, total_cents: total, currency: shared.currency },
    },
  ]);
  if (shared.personId === null) return;
  const sum = total === null ? '' : `, ${amount({ language: shared.content.language, currency: shared.currency }, total)}`;
  await recordInteractions(tx, [
    { companyId: shared.companyId, personId: shared.personId, type: 'form', direction: 'inbound', channel: 'document', content: `Accepted “${shared.title}”${sum}, as ${name}`, metadata: { document_id: shared.documentId, version: shared.version }, at: now },
  ]);
} // prettier-ignore
