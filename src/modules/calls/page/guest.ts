import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Visitor } from '#modules/portal/public.ts';
import { findKind, type Kind } from '../kind.ts';
import { NO_KIND, readCallWord } from '../word.ts';

/** Whoever looks at times: somebody we know, by a signed word, or anybody where a kind is open. */
export interface Guest {
  /** `/call/<word>` or `/book/<id>` */
  readonly at: string;
  readonly companyId: string;
  /** Null: nobody knows yet. */
  readonly personId: string | null;
  readonly name: string;
  readonly timeZone: string;
  /** BCP 47, as it stands on the person. */
  readonly language: string | null;
  /** Null: a call that was planned by hand, or a kind that is offered no more. */
  readonly kind: Kind | null;
  readonly whose: Pick<Visitor, 'companyName' | 'timeZone' | 'postalAddress' | 'website' | 'logo' | 'brand' | 'companyLanguage'>;
}

const LOOK = `co.name as "companyName", coalesce(co.settings ->> 'time_zone', 'UTC') as "timeZone", co.settings ->> 'postal_address' as "postalAddress", co.settings ->> 'language' as "companyLanguage", co.website,
  b.logo, jsonb_build_object('accent', coalesce(b.look ->> 'accent', '#3b57cf'), 'font', coalesce(b.look ->> 'font', 'sans')) as brand`;
const WHOSE: Statement = {
  name: 'calls.whose',
  text: `select ${LOOK} from companies co left join brands b on b.company_id = co.id where co.id = $1`,
};
const WHO: Statement = {
  name: 'calls.who',
  text: `select full_name as name, time_zone as "timeZone", language from people where company_id = $1 and id = $2`,
};
/** Before a company is known: the id names the kind, and so the company. System role only. */
const OPEN: Statement = { name: 'calls.open_kind', text: `select company_id as "companyId" from call_kinds where id = $1 and open` };

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Null: the word is none of ours, or its person is gone. */
export async function guestOf(runtime: Runtime, word: string): Promise<Guest | null> {
  const read = readCallWord(runtime.secrets, word);
  if (read === null) return null;
  const { companyId, personId, kindId } = read;
  return runtime.database.read(companyId, async (tx) => {
    const [who] = await tx.query<{ name: string; timeZone: string | null; language: string | null }>(WHO, [companyId, personId]);
    const whose = await whoseOf(tx, companyId);
    if (who === undefined || whose === null) return null;
    const kind = kindId === NO_KIND ? null : await findKind(tx, companyId, kindId);
    return {
      at: `/call/${word}`,
      companyId,
      personId,
      name: who.name,
      timeZone: who.timeZone ?? whose.timeZone,
      language: who.language,
      kind,
      whose,
    };
  });
}

/** Null: there is no such kind, or it is not for everybody. */
export async function anybody(runtime: Runtime, kindId: string): Promise<Guest | null> {
  if (!ID.test(kindId)) return null;
  const [found] = await runtime.system.read((tx) => tx.query<{ companyId: string }>(OPEN, [kindId]));
  if (found === undefined) return null;
  const { companyId } = found;
  return runtime.database.read(companyId, async (tx) => {
    const [kind, whose] = [await findKind(tx, companyId, kindId), await whoseOf(tx, companyId)];
    if (kind === null || whose === null) return null;
    return { at: `/book/${kindId}`, companyId, personId: null, name: '', timeZone: whose.timeZone, language: null, kind, whose };
  });
}

async function whoseOf(tx: Transaction, companyId: string): Promise<Guest['whose'] | null> {
  const [whose] = await tx.query<Guest['whose']>(WHOSE, [companyId]);
  return whose ?? null;
}
