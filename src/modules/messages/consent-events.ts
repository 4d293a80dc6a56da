import { normaliseEmail } from '#modules/people/public.ts';
import type { EventHandler } from '#core/engine/types.ts';
import type { Statement } from '#core/database/database.ts';
import { suppress } from './suppress.ts';
import { addressHashes } from './tokens.ts';

const ADDRESSES: Statement = {
  name: 'messages.addresses_of_people',
  text: `select company_id as "companyId", person_id as "personId", email from person_emails where person_id = any($1::uuid[])`,
};
const FORGIVE: Statement = {
  name: 'messages.forgive_opt_out',
  text: `delete from suppressions where company_id = $1 and channel = 'email' and reason = 'opt_out' and (address = any($2::text[]) or address_hash = any($3::text[]))`,
};

/** Wherever a person opted out, the address is remembered, too: it outlives the person's row and a new import. */
export const onOptedOut: EventHandler = {
  event: 'person.opted_out',
  async handle(tx, events, runtime) {
    const rows = await tx.query<{ companyId: string; personId: string; email: string }>(ADDRESSES, [
      events.flatMap((event) => event.personId ?? []),
    ]);
    const named = events.flatMap((event) => {
      const email = typeof event.payload?.['email'] === 'string' ? normaliseEmail(event.payload['email']) : null;
      return email === null ? [] : [{ companyId: event.companyId, personId: event.personId ?? null, email }];
    });
    await suppress(
      tx,
      runtime,
      [...rows, ...named].map((row) => ({
        companyId: row.companyId,
        address: row.email,
        reason: 'opt_out',
        source: 'consent',
        personId: row.personId,
      })),
    );
  },
};

/** The person asked for mail again, with proof: the opt-out is lifted. Bounces and complaints stay. */
export const onOptedIn: EventHandler = {
  event: 'person.opted_in',
  async handle(tx, events, runtime) {
    const rows = await tx.query<{ companyId: string; email: string }>(ADDRESSES, [events.flatMap((event) => event.personId ?? [])]);
    for (const [companyId, ofCompany] of Map.groupBy(rows, (row) => row.companyId)) {
      const addresses = ofCompany.map((row) => row.email);
      await tx.query(FORGIVE, [companyId, addresses, addresses.flatMap((address) => addressHashes(runtime.secrets, address))]);
    }
  },
};
