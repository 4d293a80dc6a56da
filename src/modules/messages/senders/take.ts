import type { Statement, Transaction } from '#core/database/database.ts';
import { roomOf, type Sender } from './allowance.ts';

/** So many mails of each class want to leave by a sender now. */
export interface Taking {
  readonly companyId: string;
  readonly sender: Sender;
  readonly transactional: number;
  readonly commercial: number;
}

/** How many of them may. */
export interface Granted {
  readonly senderId: string;
  readonly transactional: number;
  readonly commercial: number;
}

const BEGIN: Statement = {
  name: 'senders.begin_day',
  text: `insert into sender_days (sender_id, company_id, day, step) select x.sender_id, x.company_id, x.day, x.step
           from json_to_recordset($1::json) as x (sender_id uuid, company_id uuid, day date, step integer) order by x.sender_id
         on conflict (sender_id, day) do nothing`,
};
/**
 * The rows are locked in one order, whoever asks; what was taken meanwhile by another process is seen. `daily` binds all mail, `allowed` the commercial
 * mails. Held until the caller's transaction has committed: the time of one write, and only where there are senders.
 */
const TAKE: Statement = {
  name: 'senders.take',
  text: `with asked as (
           select * from json_to_recordset($1::json) as x (sender_id uuid, company_id uuid, day date, transactional integer, commercial integer, daily integer, allowed integer)
         ), locked as (
           select d.sender_id, d.day, d.taken, d.commercial from sender_days d join asked a on a.sender_id = d.sender_id and a.day = d.day and a.company_id = d.company_id
            order by d.sender_id for update of d
         ), first as (
           select a.*, l.taken as was, l.commercial as was_commercial,
                  least(a.transactional, greatest(0, coalesce(a.daily, 2000000000) - l.taken)) as others
             from asked a join locked l on l.sender_id = a.sender_id and l.day = a.day
         ), granted as (
           select f.*, least(f.commercial, greatest(0, least(coalesce(f.allowed, 2000000000) - f.was_commercial, coalesce(f.daily, 2000000000) - f.was - f.others))) as selling
             from first f
         )
         update sender_days d set taken = g.was + g.others + g.selling, commercial = g.was_commercial + g.selling, allowed = g.allowed
           from granted g where d.sender_id = g.sender_id and d.day = g.day
         returning d.sender_id as "senderId", g.others as transactional, g.selling as commercial`,
};

/** Takes room of today in the caller's transaction, exactly, however many processes do so at once. */
export async function takeRoom(tx: Transaction, takings: readonly Taking[]): Promise<ReadonlyMap<string, Granted>> {
  if (takings.length === 0) return new Map();
  const fresh = takings.filter(({ sender }) => !sender.today.begun);
  if (fresh.length > 0)
    await tx.query(BEGIN, [
      JSON.stringify(
        fresh.map(({ companyId, sender: { id, today } }) => ({ sender_id: id, company_id: companyId, day: today.day, step: today.step })),
      ),
    ]);
  const rows = takings.map(({ companyId, sender: { id, today }, transactional, commercial }) => ({
    sender_id: id,
    company_id: companyId,
    day: today.day,
    transactional,
    commercial,
    daily: today.limit,
    allowed: today.allowed,
  }));
  const granted = await tx.query<Granted>(TAKE, [JSON.stringify(rows)]);
  return new Map(granted.map((row) => [row.senderId, row]));
}

/** The day of a sender as it is once so many have been let go by this batch. */
export function after(sender: Sender, kind: 'commercial' | 'transactional'): Sender {
  const { today } = sender;
  return {
    ...sender,
    today: { ...today, taken: today.taken + 1, commercial: today.commercial + (kind === 'commercial' ? 1 : 0) },
  };
}

/** Others were quicker: nothing of this class is left of its day. */
export function emptied(sender: Sender, kind: 'commercial' | 'transactional'): Sender {
  const { today } = sender;
  const room = roomOf(today, kind);
  if (room === Infinity) return sender;
  return {
    ...sender,
    today: { ...today, taken: today.taken + room, commercial: today.commercial + (kind === 'commercial' ? room : 0) },
  };
}
