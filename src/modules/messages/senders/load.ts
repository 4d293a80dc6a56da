import { connectionsByIds, type ConnectionRow } from '#modules/connections/public.ts';
import type { Transaction } from '#core/database/database.ts';
import { todayOf, type DayRow, type Sender } from './allowance.ts';

/**
 * For a select from `companies c`: the company's senders with their last days, null where it has none. One look-up by index for a company without
 * senders; the days of a sender are the last of its key.
 */
export const SENDERS_COLUMN = `(select jsonb_agg(jsonb_build_object('id', x.id, 'address', x.address, 'name', x.name, 'replyTo', x.reply_to, 'connectionId', x.connection_id,
    'carries', x.carries, 'dailyLimit', x.daily_limit, 'rampStart', x.ramp_start, 'rampPercent', x.ramp_percent, 'rampSince', x.ramp_since, 'timeZone', x.time_zone,
    'state', x.state, 'health', x.health, 'because', x.health_because,
    'days', (select jsonb_agg(jsonb_build_object('day', d.day, 'taken', d.taken, 'commercial', d.commercial, 'step', d.step)) from (
      select * from sender_days s where s.sender_id = x.id and s.company_id = x.company_id order by s.day desc limit 8) d)) order by x.id)
  from senders x where x.company_id = c.id) as senders`;

/** SENDERS_COLUMN as the database gives it. */
export type SenderJson = Pick<
  Sender,
  'id' | 'address' | 'name' | 'replyTo' | 'connectionId' | 'carries' | 'dailyLimit' | 'state' | 'health' | 'because'
> & {
  readonly rampStart: number | null;
  readonly rampPercent: number | null;
  readonly rampSince: string | null;
  readonly timeZone: string | null;
  readonly days: readonly DayRow[] | null;
};

/** With what each may send today. */
export function sendersOf(rows: readonly SenderJson[] | null, companyZone: string, now: Date): readonly Sender[] {
  return (rows ?? []).map((row) => {
    const { rampStart, rampPercent, rampSince, days: found, ...rest } = row;
    const ramp =
      rampStart === null || rampPercent === null || rampSince === null
        ? null
        : { start: rampStart, percent: rampPercent, since: rampSince };
    const sender = { ...rest, ramp, timeZone: row.timeZone ?? companyZone };
    const days = found ?? [];
    return { ...sender, today: todayOf(sender, days, Math.max(0, ...days.map(({ commercial }) => commercial)), now) };
  });
}

/** The connections of senders, in one statement; none where there are no senders. */
export async function connectionsOf(tx: Transaction, senders: readonly Sender[]): Promise<ReadonlyMap<string, ConnectionRow>> {
  const ids = [...new Set(senders.flatMap(({ connectionId }) => connectionId ?? []))];
  return ids.length === 0 ? new Map() : connectionsByIds(tx, ids);
}
