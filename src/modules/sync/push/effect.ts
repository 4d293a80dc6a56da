import { z } from 'zod';
import { VendorRefused } from '#core/connector/errors.ts';
import type { Statement } from '#core/database/database.ts';
import type { Effect, EffectKind, HandVerdict, Receipt } from '#core/effects/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { openSource } from '../port.ts';
import { getSource } from '../source.ts';
import { WRITE_KIND } from './reserve.ts';

const Payload = z.object({
  source_id: z.uuid(),
  external_id: z.string().nullable(),
  values: z.record(z.string(), z.string()),
  fields: z.record(z.string(), z.string().nullable()),
  email: z.string().nullable(),
});

const STATE: Statement = {
  name: 'sync.write.states',
  text: `select s.id, s.company_id as "companyId", s.state, s.direction from sync_sources s join jsonb_to_recordset($1::jsonb) as e(id uuid, company_id uuid) on e.id = s.id and e.company_id = s.company_id`,
};

/** What was written is what both sides have now; the next pass finds it the same and leaves it alone. */
const SETTLE: Statement = {
  name: 'sync.write.settle',
  text: `insert into sync_links as l (company_id, source_id, external_id, person_id, hash, base, changed_at, in_step_at, seen_at)
    select e.company_id, e.source_id, e.external_id, e.person_id, '', e.fields, null, $2, $2
      from jsonb_to_recordset($1::jsonb) as e(company_id uuid, source_id uuid, external_id text, person_id uuid, fields jsonb)
      join sync_sources s on s.id = e.source_id and s.company_id = e.company_id join people p on p.id = e.person_id and p.company_id = e.company_id
    on conflict (source_id, external_id) do update set base = l.base || excluded.base, person_id = coalesce(l.person_id, excluded.person_id) where l.company_id = excluded.company_id`,
};
const REFUSED: Statement = {
  name: 'sync.write.refused',
  text: `update sync_sources s set error = e.reason from jsonb_to_recordset($1::jsonb) as e(company_id uuid, source_id uuid, reason text) where s.id = e.source_id and s.company_id = e.company_id`,
};

/** A change of a person that is written to where the person comes from, too. Absolute values: the same again changes nothing more. */
export const writeEffect: EffectKind = {
  kind: WRITE_KIND,
  concurrency: 4,
  async check(tx, effects) {
    const wanted = effects.map((effect) => ({ id: payloadOf(effect).source_id, company_id: effect.companyId }));
    const found = await tx.query<{ id: string; state: string; direction: string }>(STATE, [JSON.stringify(wanted)]);
    const states = new Map(found.map((row) => [row.id, row]));
    return effects.map((effect): HandVerdict => {
      const source = states.get(payloadOf(effect).source_id);
      if (source === undefined) return { go: false, refuse: 'The source was deleted' };
      if (source.direction !== 'both') return { go: false, refuse: 'Nothing is written back to this source any more' };
      return { go: true };
    });
  },
  async perform(effect, runtime, signal) {
    const payload = payloadOf(effect);
    const { port, object } = await opened(runtime, effect, signal);
    try {
      if (port.write === undefined) throw new VendorRefused('Nothing can be written there');
      const known = payload.external_id ?? (await ofAddress(port, object, payload.email));
      return receiptOf((await port.write({ object, externalId: known, values: payload.values, key: effect.key })).externalId);
    } finally {
      await port.close?.();
    }
  },
  async find(effect, runtime) {
    const payload = payloadOf(effect);
    if (payload.external_id !== null) return 'repeat';
    const { port, object } = await opened(runtime, effect, AbortSignal.timeout(60_000));
    try {
      const found = await ofAddress(port, object, payload.email);
      // Searches of vendors lag behind: not found is no proof.
      return found === null ? 'unknown' : receiptOf(found);
    } finally {
      await port.close?.();
    }
  },
  async settled(tx, outcomes, runtime) {
    const done = outcomes.flatMap(({ effect, outcome }) => {
      const payload = payloadOf(effect);
      const externalId = outcome.state === 'confirmed' ? (outcome.receipt.externalId ?? payload.external_id) : null;
      return externalId === null
        ? []
        : [
            {
              company_id: effect.companyId,
              source_id: payload.source_id,
              external_id: externalId,
              person_id: effect.subject.id,
              fields: payload.fields,
            },
          ];
    });
    if (done.length > 0) await tx.query(SETTLE, [JSON.stringify(done), runtime.clock.now()]);
    const refused = outcomes.flatMap(({ effect, outcome }) =>
      outcome.state === 'refused'
        ? [
            {
              company_id: effect.companyId,
              source_id: payloadOf(effect).source_id,
              reason: `A change was not taken there: ${outcome.reason}`.slice(0, 500),
            },
          ]
        : [],
    );
    if (refused.length > 0) await tx.query(REFUSED, [JSON.stringify(refused)]);
  },
};

type Port = Awaited<ReturnType<typeof openSource>>['port'];

async function opened(runtime: Runtime, effect: Effect, signal: AbortSignal): Promise<{ port: Port; object: string }> {
  const source = await runtime.database.read(effect.companyId, (tx) => getSource(tx, effect.companyId, payloadOf(effect).source_id));
  return { port: (await openSource(runtime, source, signal)).port, object: source.object };
}

const ofAddress = async (port: Port, object: string, email: string | null): Promise<string | null> =>
  email === null ? null : ((await port.findByEmail?.(object, email)) ?? null);

const receiptOf = (externalId: string): Receipt => ({ externalId, detail: {} });

function payloadOf(effect: Effect): z.output<typeof Payload> {
  return Payload.parse(effect.payload);
}
