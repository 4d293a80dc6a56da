import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import { dayWords, daysBetween } from '#core/signs/words.ts';
import { createTasks } from '#modules/workflows/public.ts';
import { addDays, occurrence } from '../checkins/occurrence.ts';
import { daysOf } from '../health/look.ts';

interface Term {
  readonly id: string;
  readonly companyId: string;
  readonly personId: string;
  readonly ownerId: string | null;
  readonly name: string;
  readonly today: string;
  readonly start: string | null;
  readonly end: string;
  readonly months: number | null;
}

const TERM = `c.id, c.company_id as "companyId", c.person_id as "personId", c.owner_id as "ownerId", coalesce(nullif(p.full_name, ''), p.email, 'Client') as name, w.today,
  c.contract_start::text as start, c.contract_end::text as "end", c.contract_renews_months as months
  from jsonb_to_recordset($1::jsonb) as w(company_id uuid, today text) join clients c on c.company_id = w.company_id and c.status = 'active' join people p on p.id = c.person_id`;
const OVER: Statement = {
  name: 'clients.terms_over',
  text: `select ${TERM} where c.contract_end < w.today::date and c.contract_renews_months is not null order by c.id limit 5000 for update of c`,
};
const RENEW: Statement = {
  name: 'clients.terms_renew',
  text: `update clients c set contract_end = e.contract_end, updated_at = $2 from jsonb_to_recordset($1::jsonb) as e(company_id uuid, id uuid, contract_end date) where c.id = e.id and c.company_id = e.company_id`,
};
/** Each end is told of once; an end that is moved is another one. What goes on from month to month is no news. */
const ENDING: Statement = {
  name: 'clients.terms_ending',
  text: `with due as (select ${TERM} where c.contract_end between w.today::date and w.today::date + c.notice_days and c.ending_told_for is distinct from c.contract_end
           and (c.contract_renews_months is null or c.contract_renews_months > 1)
           order by c.id limit 5000 for update of c),
         told as (update clients c set ending_told_for = c.contract_end from due d where c.id = d.id and c.company_id = d."companyId")
         select * from due`,
};

/** The last day of the term that `today` is in. Terms are counted from the first day of the contract, so that the 31st comes back after a February. */
export function renewedEnd({ start, end, months }: { readonly start: string | null; readonly end: string; readonly months: number }, today: string): string {
  const anchorOn = start ?? addDays(end, 1);
  for (let n = 1; ; n++) {
    const last = addDays(occurrence({ unit: 'months', every: months, anchorOn }, n), -1);
    if (last > end && last >= today) return last;
  }
} // prettier-ignore

/** Contracts that go on by themselves go on; whoever looks after a client hears in time of one that ends or goes on. Asked again, it finds nothing. */
export async function lookAtContracts(tx: Transaction, companyIds: readonly string[], now: Date): Promise<DomainEvent[]> {
  const days = JSON.stringify((await daysOf(tx, companyIds, now)).map(({ companyId, today }) => ({ company_id: companyId, today })));
  const over = (await tx.query<Term>(OVER, [days])).map((term) => ({ term, next: renewedEnd({ ...term, months: term.months ?? 12 }, term.today) }));
  if (over.length > 0) await tx.query(RENEW, [JSON.stringify(over.map(({ term, next }) => ({ company_id: term.companyId, id: term.id, contract_end: next }))), now]);
  const ending = await tx.query<Term>(ENDING, [days]);
  await createTasks(
    tx,
    ending.map((term) => ({
      companyId: term.companyId,
      title: `${term.months === null ? 'The contract ends' : 'The contract goes on by itself'}: ${term.name}`,
      body:
        term.months === null
          ? `It ends on ${dayWords(term.end)} and does not renew by itself. Agree on what comes next, then set the new dates.`
          : `It goes on after ${dayWords(term.end)}, for ${term.months === 1 ? 'a month' : `${term.months} months`} more, unless one of you ends it.`,
      kind: 'call',
      link: `/clients/${term.id}`,
      subject: { type: 'client', id: term.id },
      personId: term.personId,
      assigneeId: term.ownerId,
      dueAt: now,
      key: `contract:${term.id}:${term.end}`,
    })),
  );
  const about = ({ companyId, id, personId }: Term) => ({ companyId, subject: { type: 'client', id }, personId });
  return [
    ...over.map(({ term, next }): DomainEvent => ({ ...about(term), name: 'client.contract_renewed', payload: { from: term.end, to: next } })),
    ...ending.map((term): DomainEvent => ({ ...about(term), name: 'client.contract_ending', payload: { contract_end: term.end, days: daysBetween(term.today, term.end), renews: term.months !== null } })),
  ];
} // prettier-ignore
