import type { Statement } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Variables } from '#core/variables.ts';
import type { DraftFacts } from './facts.ts';

const OF_COMPANIES: Statement = {
  name: 'nurturing.variables',
  text: `select c.id as "companyId", coalesce(nullif(s.what_we_do, ''), c.settings ->> 'business_description', '') as "whatWeDo", coalesce(s.offer, '') as offer,
                coalesce(nullif(s.call_to_action, ''), c.settings ->> 'call_to_action', '') as "callToAction",
                coalesce(nullif(s.sender_name, ''), c.name) as "senderName", coalesce(s.sender_role, '') as "senderRole"
           from companies c left join nurturing_settings s on s.company_id = c.id where c.id = any ($1::uuid[])`,
};

type Named = Pick<DraftFacts['business'], 'whatWeDo' | 'offer' | 'callToAction' | 'senderName' | 'senderRole'>;

/** What the letters are written from, by the names that templates use. What a company has not said is null, so that a template can ask. */
export function namedFacts({ whatWeDo, offer, callToAction, senderName, senderRole }: Named): Facts {
  return {
    what_we_do: sentence(whatWeDo),
    offer: sentence(offer),
    call_to_action: sentence(callToAction),
    sender_name: senderName,
    sender_role: senderRole === '' ? null : senderRole,
  };
}

/** `{{ nurturing.offer }}` and its kin: what the settings of lead nurturing say. */
export const nurturingVariables: Variables = {
  root: 'nurturing',
  names: [
    { path: 'nurturing.what_we_do', title: 'What we do, from the settings of lead nurturing' },
    { path: 'nurturing.offer', title: 'What we offer a new lead' },
    { path: 'nurturing.call_to_action', title: 'Call to action' },
    { path: 'nurturing.sender_name', title: 'Who signs' },
    { path: 'nurturing.sender_role', title: 'Role of who signs' },
  ],
  async load(tx, people) {
    const companies = [...new Set(people.map(({ companyId }) => companyId))];
    const rows = await tx.query<Named & { companyId: string }>(OF_COMPANIES, [companies]);
    const known = new Map(rows.map((row) => [row.companyId, namedFacts(row)]));
    return new Map(
      people.flatMap(({ companyId, personId }) => {
        const facts = known.get(companyId);
        return facts === undefined ? [] : [[personId, facts] as const];
      }),
    );
  },
  // Nobody's company: the words say what stands there.
  sample: () =>
    namedFacts({
      whatWeDo: 'the sentence about what you do',
      offer: 'what you offer a new lead',
      callToAction: 'Your call to action',
      senderName: 'Who signs',
      senderRole: 'Their role',
    }),
};

/** Ends with a mark, so that what follows reads well; null where there is nothing. */
export function sentence(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /[.!?:)]$/.test(trimmed) || /https?:\/\/\S+$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
