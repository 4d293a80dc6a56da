import type { Statement, Transaction } from '#core/database/database.ts';
import type { EventHandler } from '#core/engine/types.ts';
import { nowAndThen } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { addressOf, dayOf } from './page.ts';

const ADD: Statement = {
  name: 'landing.count',
  text: `insert into landing_days as d (page_id, company_id, day, visits, machines)
         select p.id, p.company_id, x.day, x.visits, x.machines from jsonb_to_recordset($2::jsonb) as x(page_id uuid, day date, visits int, machines int)
           join landing_pages p on p.id = x.page_id and p.company_id = $1
         on conflict (page_id, day) do update set visits = d.visits + excluded.visits, machines = d.machines + excluded.machines`,
};

/** Looks at pages of one company, by day. */
interface Visits {
  readonly page_id: string;
  readonly day: string;
  readonly visits: number;
  readonly machines: number;
}

export const countVisits = (tx: Transaction, companyId: string, rows: readonly Visits[]) =>
  tx.query(ADD, [companyId, JSON.stringify(rows)]);

interface Waiting {
  readonly companyId: string;
  readonly pageId: string;
  readonly day: string;
  visits: number;
  machines: number;
}

interface Counter {
  /** Notes one look; nobody waits for it. */
  add(companyId: string, pageId: string, machine: boolean): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** A process that is killed loses the looks of so long, and what one write takes. */
const EVERY_MS = 1_000;

/** Looks are added up here and written together, once a second: what a page costs the database does not grow with who comes. */
export function openCounter(runtime: Runtime): Counter {
  let waiting = new Map<string, Waiting>();
  const add = (more: Waiting): void => {
    const key = `${more.pageId} ${more.day}`;
    const row = waiting.get(key);
    if (row === undefined) return void waiting.set(key, more);
    row.visits += more.visits;
    row.machines += more.machines;
  };
  const round = async (): Promise<void> => {
    const batch = waiting;
    waiting = new Map();
    for (const [companyId, rows] of Map.groupBy(batch.values(), (row) => row.companyId)) {
      const values = rows.map(({ pageId, day, visits, machines }) => ({ page_id: pageId, day, visits, machines }));
      try {
        await runtime.database.write(companyId, (tx) => countVisits(tx, companyId, values));
      } catch (error) {
        rows.forEach(add); // with the next
        runtime.log.warn({ err: error }, 'visits of landing pages could not be counted yet');
      }
    }
  };
  const stop = nowAndThen({ log: runtime.log, everyMs: EVERY_MS, what: 'count visits of landing pages', round, atEnd: true });
  return {
    add: (companyId, pageId, machine) => add({ companyId, pageId, day: dayOf(runtime.clock.now()), visits: machine ? 0 : 1, machines: machine ? 1 : 0 }),
    close: stop,
  };
} // prettier-ignore

const CONVERTED: Statement = {
  name: 'landing.converted',
  text: `insert into landing_days as d (page_id, company_id, day, conversions)
         select p.id, p.company_id, x.day, count(*)::int from jsonb_to_recordset($1::jsonb) as x(company_id uuid, slug text, day date)
           join landing_pages p on p.company_id = x.company_id
            and p.id = coalesce((select n.id from landing_pages n where n.slug = x.slug), (select r.page_id from landing_redirects r where r.slug = x.slug))
          group by p.id, p.company_id, x.day
         on conflict (page_id, day) do update set conversions = d.conversions + excluded.conversions returning d.page_id as id, d.company_id as "companyId"`,
};
/** Once a goal: who comes second waits for the row and finds the moment set. */
const REACHED: Statement = {
  name: 'landing.goal_reached',
  text: `update landing_pages p set goal_reached_at = $2
           from jsonb_to_recordset($1::jsonb) as x(id uuid, "companyId" uuid)
           cross join lateral (select sum(conversions)::int as sent from landing_days d where d.page_id = x.id and d.company_id = x."companyId") s
          where p.id = x.id and p.company_id = x."companyId" and p.goal_reached_at is null and s.sent >= p.goal
          returning p.id, p.company_id as "companyId", p.title, p.slug, p.goal, s.sent`,
};

interface Reached {
  readonly id: string;
  readonly companyId: string;
  readonly title: string;
  readonly slug: string;
  readonly goal: number;
  readonly sent: number;
}

/** The address that a form stood on, if it is a landing page. */
const slugOf = (address: unknown): string | null =>
  typeof address === 'string' ? (/^https?:\/\/[^/]+\/go\/([a-z0-9-]{1,60})\/?(?:[?#].*)?$/.exec(address)?.[1] ?? null) : null;

/** A form was sent: once for each submission, however often the button was pressed, since the event is told once. */
export const countConversions: EventHandler = {
  event: 'form.submitted',
  name: 'landing.conversions',
  async handle(tx, events, runtime) {
    const sent = events.flatMap((event) => {
      const slug = slugOf(event.payload?.['landing_page']);
      return slug === null ? [] : [{ company_id: event.companyId, slug, day: dayOf(event.at) }];
    });
    if (sent.length === 0) return;
    const counted = await tx.query<{ id: string; companyId: string }>(CONVERTED, [JSON.stringify(sent)]);
    const reached = await tx.query<Reached>(REACHED, [JSON.stringify(counted), runtime.clock.now()]);
    if (reached.length > 0)
      await runtime.engine.emit(tx, reached.map(({ id, companyId, title, slug, goal, sent: forms }) => ({
        companyId, name: 'page.goal_reached', subject: { type: 'landing_page', id }, payload: { page_id: id, title, url: addressOf(runtime.config, slug), goal, forms },
      })));
  },
}; // prettier-ignore
