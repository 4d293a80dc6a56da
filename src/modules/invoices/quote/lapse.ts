import type { Statement } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';

const MOST = 500;

/** The last day of a quote is over and nobody answered: told once. invoices_lapsing serves it. */
const TELL: Statement = {
  name: 'quotes.tell_lapsed',
  text: `update invoices i set lapse_told_at = $1 from (select id from invoices where kind = 'quote' and state = 'issued' and lapses_at <= $1 and lapse_told_at is null
             order by lapses_at limit ${MOST} for update skip locked) l
          where i.id = l.id returning i.id, i.company_id as "companyId", i.number, i.valid_until::text as "validUntil"`,
};

/** One look at all companies: raises “A quote lapses” for those whose last day has passed. Answers how many. */
export async function tellLapsed(runtime: Runtime, going: () => boolean = () => true): Promise<number> {
  let told = 0;
  while (going()) {
    const at = runtime.clock.now();
    const found = await runtime.system.write(async (tx) => {
      const rows = await tx.query<{ id: string; companyId: string; number: string; validUntil: string }>(TELL, [at]);
      const events = rows.map(({ id, companyId, number, validUntil }) => ({
        name: 'quote.lapsed',
        companyId,
        subject: { type: 'invoice', id },
        payload: { number, valid_until: validUntil },
      }));
      if (events.length > 0) await runtime.engine.emit(tx, events);
      return rows.length;
    });
    told += found;
    if (found < MOST) break;
  }
  if (told > 0) runtime.engine.nudge();
  return told;
}
