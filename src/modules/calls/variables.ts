import type { Statement } from '#core/database/database.ts';
import type { Variables } from '#core/variables.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { callLink } from './word.ts';

const FIRST: Statement = {
  name: 'calls.first_kinds',
  text: `select distinct on (k.company_id) k.company_id as "companyId", k.id from call_kinds k where k.company_id = any ($1::uuid[]) order by k.company_id, k.position, k.created_at, k.id`,
};

/** `{{ booking.link }}`: where the person who gets the mail books a call of the first kind. */
export const callVariables: Variables = {
  root: 'booking',
  names: [{ path: 'booking.link', title: 'Link by which they book a call with you' }],
  async load(tx, people, runtime) {
    const companies = [...new Set(people.map(({ companyId }) => companyId))];
    const kinds = new Map((await tx.query<{ companyId: string; id: string }>(FIRST, [companies])).map((row) => [row.companyId, row.id]));
    return new Map(
      people.flatMap(({ companyId, personId }) => {
        const kindId = kinds.get(companyId);
        return kindId === undefined ? [] : [[personId, { link: callLink(runtime, { companyId, personId, kindId }) }] as const];
      }),
    );
  },
  sample: (runtime) => ({ link: `${publicUrl(runtime.config)}/call/example` }),
};
