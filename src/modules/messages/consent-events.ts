import { liftOptOuts, normaliseEmail } from '#modules/people/public.ts';
import type { EventHandler } from '#core/engine/types.ts';
import type { Statement } from '#core/database/database.ts';
import { suppress } from './suppress.ts';
import type { Channel } from './tables.ts';

const ADDRESSES: Statement = {
  name: 'messages.addresses_of_people',
  text: `select company_id as "companyId", person_id as "personId", email from person_emails where person_id = any($1::uuid[])`,
};
/** Of those who want mail now: an event may be older than a new opt-out. */
const WILLING: Statement = {
  name: 'messages.addresses_of_willing_people',
  text: `select e.company_id as "companyId", e.email from person_emails e join people p on p.id = e.person_id
          where e.person_id = any($1::uuid[]) and p.opted_out_at is null
            and exists (select from consent_state s join consent_log l on l.id = s.log_id where s.person_id = p.id and s.topic = 'marketing' and s.state = 'granted' and l.renews)`,
};

/** What waits for them: the gate is asked again at once, so that the outbox says now what it would say at its hour. */
const WAITING: Statement = {
  name: 'messages.waiting_for_people',
  text: `select company_id as "companyId", channel, effect_id as "effectId" from messages
          where person_id = any($1::uuid[]) and direction = 'outbound' and class = 'commercial' and state = 'queued' and effect_id is not null`,
};

/** Wherever a person opted out, the address is remembered, too: it outlives the person's row and a new import. */
export const onOptedOut: EventHandler = {
  event: 'person.opted_out',
  async handle(tx, events, runtime) {
    const people = events.flatMap((event) => event.personId ?? []);
    const rows = await tx.query<{ companyId: string; personId: string; email: string }>(ADDRESSES, [people]);
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
    const waiting = await tx.query<{ companyId: string; channel: Channel; effectId: string }>(WAITING, [people]);
    for (const [companyId, ofCompany] of Map.groupBy(waiting, (row) => row.companyId))
      for (const [kind, ofKind] of Map.groupBy(ofCompany, (row) => row.channel))
        await runtime.effects.hasten(tx, { companyId, kind, effectIds: ofKind.map(({ effectId }) => effectId) });
  },
};

/** The person asked for mail again, with proof: the opt-out is lifted. Bounces and complaints stay. */
export const onOptedIn: EventHandler = {
  event: 'person.opted_in',
  async handle(tx, events, runtime) {
    const rows = await tx.query<{ companyId: string; email: string }>(WILLING, [events.flatMap((event) => event.personId ?? [])]);
    for (const [companyId, ofCompany] of Map.groupBy(rows, (row) => row.companyId)) {
      await liftOptOuts(
        tx,
        runtime.secrets,
        companyId,
        ofCompany.map((row) => row.email),
      );
    }
  },
};
