import type { Item } from '#web/kit/api.ts';

export type Topic = Item<'topics.list'>;
export type Country = Item<'countries.list'>;
export type Basis = Topic['bases'][number];
export type Regime = Country['regime'];

/** What suffices besides consent. */
export const bases: readonly (readonly [Basis, string, string])[] = [
  ['inquiry', 'Their own enquiry', 'A form, a mail, a call, or a colleague who wrote them down. For six months.'],
  ['soft_opt_in', 'They are a client', 'Soft opt-in: about products like those they bought. Not in every country.'],
  ['legitimate_interest', 'Legitimate interest', 'Where the law lets it: firms in some countries, everybody in the United States.'],
  ['contract', 'A contract', 'What a client must hear to get what they bought. In every country.'],
];

export const basisName: Readonly<Record<string, string>> = {
  consent: 'Consent',
  inquiry: 'Own enquiry',
  soft_opt_in: 'Client (soft opt-in)',
  legitimate_interest: 'Legitimate interest',
  contract: 'Contract',
};

/** The strictest first. */
export const regimes: readonly (readonly [Regime, string])[] = [
  ['consent', 'Consent only'],
  ['soft_opt_in', 'Consent, or clients'],
  ['corporate', 'Consent, clients, or firms'],
  ['opt_out', 'Everybody until they say no'],
];
export const regimeName = new Map(regimes);
