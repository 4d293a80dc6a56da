import type { Statement, Transaction } from '#core/database/database.ts';
import type { DomainEvent } from '#core/engine/types.ts';
import type { ReadSigns } from '#core/signs/types.ts';
import { dayOf } from '../checkins/occurrence.ts';
import { healthOf, signsOf, type HealthLevel } from './health.ts';

/** Clients that are read and written at once. */
const AT_ONCE = 1_000;

const ZONES: Statement = {
  name: 'clients.look_zones',
  text: `select id, coalesce(settings ->> 'time_zone', 'UTC') as zone from companies where id = any ($1::uuid[])`,
};
const ACTIVE: Statement = {
  name: 'clients.look_active',
  text: `select c.id as "clientId", c.company_id as "companyId", c.person_id as "personId", w.today, c.health_level as level
         from jsonb_to_recordset($1::jsonb) as w(company_id uuid, today text) join clients c on c.company_id = w.company_id and c.status = 'active'
        where $2::uuid is null or c.id > $2::uuid order by c.id limit ${AT_ONCE}`,
};
/** Only where something is other than before: a look that finds nothing new writes nothing. */
const SAVE: Statement = {
  name: 'clients.look_save',
  text: `update clients c set health_level = e.level, health_score = e.score, health_signs = e.signs
           from jsonb_to_recordset($1::jsonb) as e(company_id uuid, id uuid, level text, score smallint, signs jsonb)
          where c.id = e.id and c.company_id = e.company_id
            and (c.health_level is distinct from e.level or c.health_score is distinct from e.score or c.health_signs is distinct from e.signs)`,
};

interface Row {
  readonly clientId: string;
  readonly companyId: string;
  readonly personId: string;
  readonly today: string;
  readonly level: HealthLevel | null;
}

export const daysOf = async (tx: Pick<Transaction, 'query'>, companyIds: readonly string[], now: Date): Promise<{ companyId: string; today: string }[]> =>
  (await tx.query<{ id: string; zone: string }>(ZONES, [companyIds])).map(({ id, zone }) => ({ companyId: id, today: dayOf(now, zone) })); // prettier-ignore

/** Works out how each active client is, keeps it, and tells of those whose level is another one. The first look tells only of bad news. */
export async function lookAtClients(tx: Transaction, readers: readonly ReadSigns[], companyIds: readonly string[], now: Date): Promise<DomainEvent[]> {
  const days = JSON.stringify((await daysOf(tx, companyIds, now)).map(({ companyId, today }) => ({ company_id: companyId, today })));
  const events: DomainEvent[] = [];
  for (let after: string | null = null; ; ) {
    const rows: Row[] = await tx.query<Row>(ACTIVE, [days, after]);
    const signs = await signsOf(tx, readers, rows, now);
    const found = rows.map((row) => ({ row, signs: signs.get(row.clientId) ?? [], health: healthOf(signs.get(row.clientId) ?? []) }));
    await tx.query(SAVE, [
      JSON.stringify(found.map(({ row, signs: own, health }) => ({
        company_id: row.companyId, id: row.clientId, level: health.level, score: health.score,
        signs: own.filter(({ points }) => points > 0).map(({ rule, points, says, link }) => ({ rule, points, says, link })),
      }))),
    ]);
    for (const { row, health } of found)
      if (health.level !== (row.level ?? 'good'))
        events.push({
          name: 'client.health_changed', companyId: row.companyId, subject: { type: 'client', id: row.clientId }, personId: row.personId,
          payload: { from: row.level ?? 'good', to: health.level, score: health.score },
        });
    if (rows.length < AT_ONCE) return events;
    after = rows.at(-1)?.clientId ?? null;
  }
} // prettier-ignore
