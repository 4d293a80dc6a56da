import type { Statement } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import { nowAndThen, together, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { lookAt } from './look.ts';
import { sendingAddresses } from './patients.ts';
import { lookForProbes } from './probe/look-for.ts';
import { saveCheckup } from './store.ts';

/** Senders that nobody has looked at yet: they are looked at like all others from then on. */
const ADOPT: Statement = {
  name: 'checkups.adopt',
  text: `select s.company_id as "companyId", s.id as "senderId", lower(s.address) as address from senders s
          where s.state <> 'retired' and not exists (select from sender_checkups c where c.company_id = s.company_id and c.address = lower(s.address)) limit 200`,
};
const ADOPTED: Statement = {
  name: 'checkups.adopted',
  text: `insert into sender_checkups (id, company_id, address, sender_id, due_at)
         select id, company_id, address, sender_id, $2 from json_to_recordset($1::json) as x (id uuid, company_id uuid, address text, sender_id uuid)
         on conflict (company_id, address) do nothing`,
};
/** Put off at once: whoever dies in the middle of it is not waited for, and two processes never take the same. */
const CLAIM: Statement = {
  name: 'checkups.claim',
  text: `update sender_checkups set due_at = $1::timestamptz + interval '1 hour' where id = any (array(
           select id from sender_checkups where due_at <= $1 order by due_at limit $2 for update skip locked))
         returning id, company_id as "companyId", address, named_selectors as "namedSelectors", seen_selectors as "seenSelectors"`,
};
const AT_ONCE = 10;

interface Due {
  readonly id: string;
  readonly companyId: string;
  readonly address: string;
  readonly namedSelectors: readonly string[];
  readonly seenSelectors: readonly string[];
}

/** Looks again at whatever is due. Answers how many were. */
export async function tendCheckups(runtime: Runtime): Promise<number> {
  const now = runtime.clock.now();
  const due = await runtime.system.write(async (tx) => {
    const fresh = await tx.query<{ companyId: string; senderId: string; address: string }>(ADOPT, []);
    if (fresh.length > 0) {
      const rows = fresh.map((one) => ({ id: newId(), company_id: one.companyId, address: one.address, sender_id: one.senderId }));
      await tx.query(ADOPTED, [JSON.stringify(rows), now]);
    }
    return tx.query<Due>(CLAIM, [now, AT_ONCE]);
  });
  for (const one of due) {
    const sending = await runtime.database.read(one.companyId, (tx) => sendingAddresses(tx, runtime, one.companyId));
    const address = sending.find((other) => other.address === one.address);
    // Nothing leaves by it any more: what is known of it stays, and is not asked for again.
    if (address === undefined) continue;
    const findings = await lookAt(runtime, address, one);
    await runtime.database.write(one.companyId, (tx) => saveCheckup(tx, one, findings, runtime.clock.now()));
  }
  return due.length;
}

/** Milliseconds, in real time. A probe is waited for by a person. */
const PROBE_LOOK_MS = 5_000;
const CHECKUP_LOOK_MS = 60_000;

/** The worker's share: probes that are on their way, and each address once a day. */
export function watchCheckups(runtime: Runtime): Stop {
  const { log, config } = runtime;
  if (config.demo) return together();
  return together(
    nowAndThen({ log, everyMs: PROBE_LOOK_MS, what: 'look for probes of the deliverability doctor', round: () => lookForProbes(runtime) }),
    nowAndThen({ log, everyMs: CHECKUP_LOOK_MS, what: 'look at the deliverability of senders', round: () => tendCheckups(runtime) }),
  );
}
