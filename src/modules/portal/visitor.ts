import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Brand } from '#modules/brand/public.ts';
import { readWord, type PortalWord } from './word.ts';

/** A client who holds a link, and the company that gave it. */
export interface Visitor {
  readonly companyId: string;
  readonly clientId: string;
  readonly personId: string;
  readonly name: string;
  readonly firstName: string | null;
  /** BCP 47, as it stands on the person; null: unknown. */
  readonly language: string | null;
  /** The company's own. */
  readonly companyLanguage: string | null;
  readonly companyName: string;
  readonly timeZone: string;
  readonly postalAddress: string | null;
  readonly website: string | null;
  /** SHA-256 of the company's logo; null: it has none. */
  readonly logo: string | null;
  readonly brand: Pick<Brand, 'accent' | 'font'>;
}

const FIND: Statement = {
  name: 'portal.visitor',
  text: `select c.company_id as "companyId", c.id as "clientId", c.person_id as "personId", p.full_name as name, p.first_name as "firstName", p.language, co.settings ->> 'language' as "companyLanguage", co.name as "companyName",
           coalesce(co.settings ->> 'time_zone', 'UTC') as "timeZone", co.settings ->> 'postal_address' as "postalAddress", co.website,
           b.logo, jsonb_build_object('accent', coalesce(b.look ->> 'accent', '#3b57cf'), 'font', coalesce(b.look ->> 'font', 'sans')) as brand
         from clients c join people p on p.id = c.person_id join companies co on co.id = c.company_id left join brands b on b.company_id = co.id
         where c.company_id = $1 and c.id = $2 and coalesce((select a.generation from portal_access a where a.company_id = $1 and a.client_id = c.id), 0) = $3`,
};
const LOGO: Statement = {
  name: 'portal.logo',
  text: `select l.type, l.bytes from brands s join company_pictures l on l.company_id = s.company_id and l.sha256 = s.logo where s.company_id = $1`,
};

/** Null: not ours, past its end, revoked, or the client is gone. All four look the same from outside. */
export function goodWord(runtime: Runtime, word: unknown): PortalWord | null {
  const read = typeof word === 'string' ? readWord(runtime.secrets, word) : null;
  return read === null || read.until < runtime.clock.now() ? null : read;
}

export async function visitorOf(tx: Transaction, { companyId, clientId, generation }: PortalWord): Promise<Visitor | null> {
  const [found] = await tx.query<Visitor>(FIND, [companyId, clientId, generation]);
  return found ?? null;
}

export async function logoOf(tx: Transaction, companyId: string): Promise<{ type: string; bytes: Buffer } | null> {
  const [found] = await tx.query<{ type: string; bytes: Buffer }>(LOGO, [companyId]);
  return found ?? null;
}
