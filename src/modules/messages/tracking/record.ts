import type { Statement, Transaction } from '#core/database/database.ts';
import type { Machine } from './agents.ts';
import type { Tracked } from './tokens.ts';

/** Of one message; a program that comes back for ever fills no disk. */
const MOST_OF_A_MESSAGE = 200;

// Only while the company wants to know, and only of mail that left.
const RECORD: Statement = {
  name: 'tracking.record',
  text: `insert into message_hits (id, company_id, message_id, person_id, kind, link, url, agent, machine, at)
         select $1, m.company_id, m.id, m.person_id, $4, $5::smallint, $6, $7, $8, $9 from messages m join tracking t on t.company_id = m.company_id
          where m.id = $3 and m.company_id = $2 and t.company_id = $2 and m.direction = 'outbound' and case when $4 = 'open' then t.opens else t.clicks end
            and (select count(*) from message_hits h where h.message_id = m.id) < ${MOST_OF_A_MESSAGE}`,
};

export interface Hit extends Tracked {
  readonly id: string;
  readonly kind: 'open' | 'click';
  readonly link: number | null;
  readonly url: string | null;
  readonly agent: string | null;
  readonly machine: Machine | null;
  readonly at: Date;
}

export async function recordHit(tx: Transaction, hit: Hit): Promise<void> {
  const { id, companyId, messageId, kind, link, url, agent, machine, at } = hit;
  const shown = agent?.replaceAll('\u0000', '').toWellFormed().slice(0, 300) ?? null;
  await tx.query(RECORD, [id, companyId, messageId, kind, link, url, shown, machine, at]);
}
