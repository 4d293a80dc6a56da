import type { Statement } from '#core/database/database.ts';
import type { Variables } from '#core/variables.ts';
import { publicUrl } from '#modules/accounts/public.ts';
import { linkFor } from './link.ts';

/** Of two clients of one person the one that is in use. */
const OF_PEOPLE: Statement = {
  name: 'portal.of_people',
  text: `select distinct on (c.person_id) c.person_id as "personId", c.company_id as "companyId", c.id as "clientId", coalesce(a.generation, 0)::int as generation
           from jsonb_to_recordset($1::jsonb) as w(company_id uuid, person_id uuid) join clients c on c.person_id = w.person_id and c.company_id = w.company_id
           left join portal_access a on a.client_id = c.id and a.company_id = c.company_id
          order by c.person_id, array_position(array['active', 'prospect', 'inactive'], c.status), c.created_at desc`,
};

interface Row {
  readonly personId: string;
  readonly companyId: string;
  readonly clientId: string;
  readonly generation: number;
}

/** `{{ portal.link }}`: the way to the page of the client who gets the mail. */
export const portalVariables: Variables = {
  root: 'portal',
  names: [{ path: 'portal.link', title: 'Link to the client’s own page' }],
  async load(tx, people, runtime) {
    const wanted = people.map(({ companyId, personId }) => ({ company_id: companyId, person_id: personId }));
    const rows = await tx.query<Row>(OF_PEOPLE, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.personId, { link: linkFor(runtime, row).url }]));
  },
  sample: (runtime) => ({ link: `${publicUrl(runtime.config)}/portal/example` }),
};
