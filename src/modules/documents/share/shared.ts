import type { Statement, Transaction } from '#core/database/database.ts';
import type { Content } from '../draw/content.ts';
import type { DOCUMENT_KINDS } from '../tables.ts';

/** What a link shows: the newest version, or the one that was agreed to. */
export interface Shared {
  readonly companyId: string;
  readonly shareId: string;
  readonly documentId: string;
  readonly kind: (typeof DOCUMENT_KINDS)[number];
  readonly title: string;
  readonly personId: string | null;
  readonly companyName: string;
  readonly zone: string;
  readonly currency: string;
  readonly version: number;
  readonly sha256: string;
  readonly content: Content;
  /** Last day of a proposal, YYYY-MM-DD. */
  readonly validUntil: string | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly acceptedAt: Date | null;
  readonly acceptedBy: string | null;
}

const FIND: Statement = {
  name: 'documents.shared',
  text: `select s.company_id as "companyId", s.id as "shareId", d.id as "documentId", d.kind, d.title, c.person_id as "personId", co.name as "companyName",
      coalesce(co.settings ->> 'time_zone', 'UTC') as zone, d.currency, v.number as version, v.sha256, v.content, d.valid_until::text as "validUntil",
      s.expires_at as "expiresAt", s.revoked_at as "revokedAt", a.accepted_at as "acceptedAt", a.name as "acceptedBy"
    from document_shares s join documents d on d.id = s.document_id and d.company_id = $1
    join companies co on co.id = d.company_id
    left join document_acceptances a on a.document_id = d.id
    join document_versions v on v.document_id = d.id and v.number = coalesce(a.version, d.version)
    left join clients c on c.id = d.client_id
    where s.company_id = $1 and s.id = $2`,
};

export async function findShared(tx: Pick<Transaction, 'query'>, companyId: string, shareId: string): Promise<Shared | null> {
  return (await tx.query<Shared>(FIND, [companyId, shareId]))[0] ?? null;
}

/** Whether a link still leads somewhere. */
export const endedOf = ({ expiresAt, revokedAt }: Pick<Shared, 'expiresAt' | 'revokedAt'>, now: Date): boolean =>
  revokedAt !== null || (expiresAt !== null && expiresAt <= now);

/** The last day of an offer is over where the company is. */
export function lapsed({ validUntil, zone }: Pick<Shared, 'validUntil' | 'zone'>, now: Date): boolean {
  return validUntil !== null && new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now) > validUntil;
}
