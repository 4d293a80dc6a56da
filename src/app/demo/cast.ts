import type { Dice } from './random.ts';

/** Somebody who might buy a heat pump. Addresses end in `.example` (RFC 2606): no mail could reach anybody. */
export interface Prospect {
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly company: string | null;
  readonly source: string;
  readonly notes: string;
  readonly city: string;
  readonly heating: (typeof HEATINGS)[number];
  /** The year their house was built. */
  readonly built: number;
  readonly tags: readonly string[];
}

export const HEATINGS = ['oil', 'gas', 'district heating', 'wood', 'electric'] as const;

const FIRST = 'Anna Bernd Clara David Elif Finn Greta Hassan Ida Jonas Katja Leon Mila Nils Olga Paul Quirin Rosa Samir Tilda Uwe Vera Wanda Yusuf Zoe Aylin Bruno Carla Dennis Emilia Frieda Georg Hanna Imke Jan Kira Lars Marta Noah Petra Ralf Sina Timo Ute Viktor'.split(' '); // prettier-ignore
const LAST = 'Albers Becker Celik Dietrich Engel Fischer Graf Hartmann Ivanov Jansen Kowalski Lehmann Mueller Neumann Okafor Peters Quast Richter Schulz Thomsen Ulrich Vogel Weber Yilmaz Zimmermann Arslan Brandt Claasen Dreyer Ebert Frank Gruber Hansen Kaya Lorenz Maier Nowak Otto Petersen Roth Sommer Tran Winter'.split(' '); // prettier-ignore
const TRADE = ['Bäckerei', 'Hotel', 'Praxis', 'Autohaus', 'Gärtnerei', 'Tischlerei', 'Kita', 'Druckerei', 'Café', 'Kanzlei', 'Hausverwaltung', 'Brauerei']; // prettier-ignore
const PLACE = ['am Hafen', 'Seeblick', 'Nordstern', 'Lindenhof', 'am Deich', 'Morgenrot', 'Alte Post', 'Sonnenberg', 'Möwe', 'Eichenhain'];
const CITY = ['Hamburg', 'Kiel', 'Lübeck', 'Bremen', 'Rostock', 'Flensburg', 'Schwerin', 'Oldenburg'];
const WISH = ['heat pump for an old house', 'new gas boiler out of order', 'maintenance contract', 'floor heating upstairs', 'quote for a heat pump with solar', 'radiators stay cold', 'advice on subsidies', 'replacing an oil heating', 'hot water takes ages', 'heating for a new building']; // prettier-ignore

const plain = (text: string) => text.toLowerCase().replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue').replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, ''); // prettier-ignore

/** The `index`-th one; no two have one address. */
export function prospect(dice: Dice, index: number): Prospect {
  const [first, last] = [dice.pick(FIRST), dice.pick(LAST)];
  const business = dice.chance(0.42) ? `${dice.pick(TRADE)} ${dice.pick(PLACE)}` : null;
  const domain = business === null ? 'post.example' : `${plain(business)}.example`;
  return {
    name: `${first} ${last}`,
    email: `${plain(first)}.${plain(last)}${index}@${domain}`,
    phone: dice.chance(0.6) ? `+494066969${String(index % 1_000).padStart(3, '0')}` : null, // kept for films: nobody has it
    company: business,
    source: dice.weighted({ website: 8, referral: 4, fair: 3, 'google ads': 4, newsletter: 2 }),
    notes: dice.pick(WISH),
    city: dice.pick(CITY),
    heating: dice.weighted({ oil: 4, gas: 8, 'district heating': 2, wood: 1, electric: 1 }),
    built: dice.between(1905, 2022),
    tags: [...(business === null ? [] : ['business']), ...(dice.chance(0.2) ? ['solar'] : []), ...(dice.chance(0.1) ? ['urgent'] : [])],
  };
}

export type ReplyKind = 'interested' | 'later' | 'away' | 'stop' | 'wrong' | 'question';

/** What they write back; written for the demo. */
export const REPLIES: Readonly<Record<ReplyKind, readonly string[]>> = {
  interested: [
    'Yes, that sounds good. Could you call me on Thursday afternoon?',
    'I am interested. When could somebody come and have a look?',
    'Thanks for getting back so quickly. Please send me an offer.',
    'Great, let us talk. Next week would be best for me.',
  ],
  later: [
    'Thank you, but not right now. Please ask me again in spring.',
    'We have decided to wait until next year. Get back to us then.',
    'Not at the moment, we are still renovating.',
  ],
  away: [
    'I am out of the office until Monday and will answer your mail then.',
    'Thank you for your message. I am on holiday and back next week.',
  ],
  stop: ['Please take me off your list.', 'Unsubscribe me, please. No more mails.', 'Stop writing to me.'],
  wrong: ['I am not the right person for this, please ask our building manager.', 'You have the wrong person, I no longer work there.'],
  question: ['What does the maintenance contract cover exactly?', 'How loud is such a heat pump? Our neighbours are close.'],
};

export const CALL_NOTES = [
  'Called: house of 1978, gas boiler from 2003. Wants an offer for a heat pump.',
  'Spoke on the phone. Budget is fine, the landlord must agree.',
  'Left a message on the machine.',
  'Long call about subsidies. Sends the last three heating bills.',
  'Visited: space for the outdoor unit beside the garage.',
];
