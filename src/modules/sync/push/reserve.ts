import { createHash } from 'node:crypto';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Reservation } from '#core/effects/types.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Base } from '../links.ts';
import { reversed } from '../mapping/transform.ts';
import { countWrites, type RunRow } from '../run-row.ts';
import type { SourceRow } from '../source.ts';

/** What one effect writes. `values` by the vendor's field, `fields` by ours. */
interface WritePayload {
  readonly source_id: string;
  readonly external_id: string | null;
  readonly values: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string | null>>;
  readonly email: string | null;
}

export const WRITE_KIND = 'sync_write';
const BATCH = 500;

interface Candidate {
  readonly externalId: string | null;
  readonly id: string;
  readonly base: Base;
  readonly updatedAt: Date;
  readonly fields: Base;
}

const FIELDS = `jsonb_build_object('email', p.email, 'name', nullif(p.full_name, ''), 'first_name', p.first_name, 'last_name', p.last_name, 'phone', coalesce(p.phone, p.phone_raw),
  'organisation', o.name, 'language', p.language, 'time_zone', p.time_zone, 'country', p.country, 'opted_out', case when p.opted_out_at is null then null else 'yes' end)
  || coalesce((select jsonb_object_agg('custom.' || c.key, c.value #>> '{}') from jsonb_each(p.custom) c), '{}')`;

/** People who changed here since both sides agreed. Those who are in a run of the ledger wait: their place was moved on when it was reserved. */
const CHANGED: Statement = {
  name: 'sync.push.changed',
  text: `select l.external_id as "externalId", p.id, l.base, p.updated_at as "updatedAt", ${FIELDS} as fields
    from sync_links l join people p on p.id = l.person_id and p.company_id = $1 left join organisations o on o.id = p.organisation_id and o.company_id = $1
    where l.company_id = $1 and l.source_id = $2 and l.note is null and p.updated_at > coalesce(l.in_step_at, '-infinity') order by l.external_id limit $3`,
};
/** People with an address whom the source does not know: made there, when the source says so. */
const UNKNOWN: Statement = {
  name: 'sync.push.unknown',
  text: `select null as "externalId", p.id, '{}'::jsonb as base, p.updated_at as "updatedAt", ${FIELDS} as fields
    from people p left join organisations o on o.id = p.organisation_id and o.company_id = $1
    where p.company_id = $1 and p.email is not null and p.opted_out_at is null and p.created_at >= $4 and p.id > $5
      and not exists (select from sync_links l where l.person_id = p.id and l.source_id = $2 and l.company_id = $1)
      and not exists (select from effects e where e.company_id = $1 and e.key = 'sync:' || $2 || ':new:' || p.id) order by p.id limit $3`,
};
const MOVE: Statement = {
  name: 'sync.push.move',
  text: `update sync_links l set in_step_at = e.at from jsonb_to_recordset($3::jsonb) as e(external_id text, at timestamptz)
    where l.company_id = $1 and l.source_id = $2 and l.external_id = e.external_id`,
};

/** Reserves what is to be written there, in batches, each with the places of its links. Nothing is asked of the vendor here. */
export async function writeBack(runtime: Runtime, source: SourceRow, run: RunRow, holder: string): Promise<void> {
  const { companyId, id: sourceId } = source;
  if (source.kind !== 'people') return;
  for (;;) {
    const more = await runtime.database.write(companyId, async (tx) => {
      const rows = await tx.query<Candidate>(CHANGED, [companyId, sourceId, BATCH]);
      await reserve(tx, runtime, source, run, holder, rows);
      await tx.query(MOVE, [companyId, sourceId, JSON.stringify(rows.map((row) => ({ external_id: row.externalId, at: row.updatedAt })))]);
      return rows.length === BATCH;
    });
    if (!more) break;
  }
  if (!source.createThere) return;
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const last = await runtime.database.write(companyId, async (tx) => {
      const rows = await tx.query<Candidate>(UNKNOWN, [companyId, sourceId, BATCH, source.createdAt, after]);
      await reserve(tx, runtime, source, run, holder, rows);
      return rows.length === BATCH ? (rows.at(-1)?.id ?? null) : null;
    });
    if (last === null) return;
    after = last;
  }
}

async function reserve(
  tx: Transaction,
  runtime: Runtime,
  source: SourceRow,
  run: RunRow,
  holder: string,
  rows: readonly Candidate[],
): Promise<void> {
  const reservations = rows.flatMap((row): Reservation[] => {
    const { values, fields } = changesOf(source, row);
    if (Object.keys(values).length === 0) return [];
    const mark = createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 16);
    const payload: WritePayload = { source_id: source.id, external_id: row.externalId, values, fields, email: row.fields['email'] ?? null };
    return [
      {
        companyId: source.companyId,
        kind: WRITE_KIND,
        // A person is made once, however often that is decided; a change is one act for each state of the person.
        key:
          row.externalId === null
            ? `sync:${source.id}:new:${row.id}`
            : `sync:${source.id}:${row.externalId}:${row.updatedAt.getTime()}:${mark}`,
        subject: { type: 'person', id: row.id },
        connectionId: source.connectionId,
        payload: { ...payload },
      },
    ];
  });
  if (reservations.length > 0) await runtime.effects.reserve(tx, reservations);
  await countWrites(tx, run, holder, reservations.length, runtime.clock.now());
}

/** What differs from what both sides had. An opt-out travels, a way back never does; what a transform made can't be unmade. */
function changesOf(source: SourceRow, row: Candidate): { values: Record<string, string>; fields: Record<string, string | null> } {
  const values: Record<string, string> = {};
  const fields: Record<string, string | null> = {};
  for (const line of source.mapping) {
    const part = line.to === 'first_name' || line.to === 'last_name';
    const field = part ? 'name' : line.to;
    if (line.to === 'owner' || line.to === 'tags' || line.to === 'other_email') continue;
    const ours = row.fields[line.to] ?? null;
    if (line.to === 'opted_out') {
      if (ours === 'yes' && row.base['opted_out'] !== 'yes' && row.externalId !== null) {
        values[line.from] = Object.entries(line.values).find(([, said]) => said === 'yes')?.[0] ?? 'true';
        fields['opted_out'] = 'yes';
      }
      continue;
    }
    if ((row.fields[field] ?? null) === (row.base[field] ?? null)) continue;
    const back = reversed(line, ours ?? '');
    if (back === null || (field === 'email' && ours === null)) continue;
    values[line.from] = back;
    fields[field] = row.fields[field] ?? null;
  }
  return { values, fields };
}
