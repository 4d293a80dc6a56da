import type { IncomingHttpHeaders } from 'node:http';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { machineByItself } from '#modules/messages/public.ts';
import type { DEVICES, FACES } from '../tables.ts';
import type { Shared } from './shared.ts';

/** Of one link; a program that comes back for ever fills no disk. */
const MOST_OF_A_SHARE = 1_000;

type Device = (typeof DEVICES)[number];

/** As coarse as it can be: nobody is recognised by it. */
export function deviceOf(agent: string | undefined): Device {
  if (agent === undefined || agent.trim() === '') return 'unknown';
  if (/iPad|Tablet|PlayBook|Silk|Android(?!.*Mobi)/i.test(agent)) return 'tablet';
  if (/Mobi|iPhone|iPod|Android/i.test(agent)) return 'phone';
  return /Mozilla\/5\.0 \(/.test(agent) ? 'computer' : 'unknown';
}

const RECORD: Statement = {
  name: 'documents.viewed',
  text: `with before as (select count(*) as total, count(*) filter (where machine is null) as people from document_views where share_id = $4 and company_id = $2)
         insert into document_views (id, company_id, document_id, share_id, face, device, machine, at) select $1, $2, $3, $4, $5, $6, $7, $8 from before where total < ${MOST_OF_A_SHARE}
         returning (select people from before)::int as before`,
};

/** Notes that somebody looked; the first person who does is an event. */
export async function recordView(tx: Transaction, runtime: Runtime, shared: Shared, seen: { readonly face: (typeof FACES)[number]; readonly method: string; readonly headers: IncomingHttpHeaders }): Promise<void> {
  const machine = machineByItself(seen.method, seen.headers);
  const values = [newId(), shared.companyId, shared.documentId, shared.shareId, seen.face, deviceOf(seen.headers['user-agent']), machine, runtime.clock.now()];
  const [row] = await tx.query<{ before: number }>(RECORD, values);
  if (row === undefined || row.before > 0 || machine !== null) return;
  await runtime.engine.emit(tx, [
    {
      name: 'document.viewed',
      companyId: shared.companyId,
      subject: { type: 'document', id: shared.documentId },
      ...(shared.personId === null ? {} : { personId: shared.personId }),
      payload: { document_id: shared.documentId, share_id: shared.shareId, kind: shared.kind, title: shared.title },
    },
  ]);
} // prettier-ignore
