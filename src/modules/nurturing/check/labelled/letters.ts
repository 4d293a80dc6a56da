import type { DraftFacts } from '../../facts.ts';

const nobody = { name: '', firstName: '', organisation: '', source: 'form', notes: '' };

/** Three businesses, and for each a letter that says only what its facts allow. */
export const businesses = {
  heating: {
    business: {
      companyName: 'Brightside Heating',
      whatWeDo: 'Repairs and services gas boilers for homes and small offices in Leeds',
      offer: 'A boiler check for 89 pounds (£89), spare parts at cost',
      furtherFacts: ['Open Monday to Saturday, 8:00 to 18:00', 'Gas Safe registered', 'Family business since 1998'],
      links: ['https://brightside.example/book'],
      senderName: 'Maya Collins',
      senderRole: 'Office manager',
      callToAction: 'Reply with a day that suits you',
      industry: 'Heating',
    },
    lead: {
      ...nobody,
      firstName: 'Ann',
      name: 'Ann Lee',
      organisation: 'Lee Bakery',
      notes: 'Boiler is 12 years old and makes a knocking noise. Two shops.',
    },
  },
  studio: {
    business: {
      companyName: 'Northlight Studio',
      whatWeDo: 'Designs and builds websites for craft businesses',
      offer: 'A fixed-price website in 4 weeks, from €2,400',
      furtherFacts: [
        'Hosting costs €20 a month',
        'Every site is tested with a screen reader',
        'We worked for Holzwerk Berlin and Atelier Fuchs',
        '30 % of the price is due at the start',
      ],
      links: ['https://northlight.example', 'hello@northlight.example'],
      senderName: 'Jonas Weber',
      senderRole: 'Designer',
      callToAction: 'Book a 20-minute call at https://northlight.example',
      industry: 'Design',
    },
    lead: {
      ...nobody,
      firstName: 'Omar',
      name: 'Omar Haddad',
      notes: 'Wants to sell furniture online. Someone told him you give 50% discount to first customers.',
    },
  },
  bakery: {
    business: {
      companyName: 'Crumb & Co',
      whatWeDo: 'Bakes bread and pastry and delivers to cafés before 7 in the morning',
      offer: 'A free tasting box for cafés',
      furtherFacts: ['Delivery is free for orders above $50', 'All flour is organic'],
      links: [],
      senderName: 'Rosa',
      senderRole: '',
      callToAction: 'Tell us where to send the tasting box',
      industry: 'Food',
    },
    lead: { ...nobody, firstName: '', name: '', organisation: 'Corner Café', notes: '' },
  },
} as const satisfies Record<string, DraftFacts>;

export type Business = keyof typeof businesses;

const opening: Record<Business, string> = {
  heating:
    'Thank you for writing to Brightside Heating. You told us that your boiler makes a knocking noise, and at its age it is worth a look before the cold weeks.',
  studio:
    'Thank you for asking about a website. Selling furniture online works best when the pictures are large and the way to the order is short, and that is the kind of site we design for craft businesses.',
  bakery:
    'Thank you for getting in touch. We bake bread and pastry and bring them to cafés before the doors open, so that you can start the day with warm shelves.',
};
const closing: Record<Business, string> = {
  heating:
    'We look after homes and small offices in Leeds, and a visit is easy to arrange around your opening hours. Would you reply with a day that suits you? Then I will put it in the book.',
  studio:
    'If you like, we can look at your ideas together and see what a first version would need. Would a 20-minute call suit you? You can pick a time at https://northlight.example.',
  bakery:
    'The simplest way to find out whether it suits your guests is to taste it. Where may we send the box, and what is the best time of day for you?',
};
const sign: Record<Business, string> = {
  heating: 'Kind regards,\nMaya Collins\nBrightside Heating',
  studio: 'Best wishes,\nJonas Weber',
  bakery: 'Warm greetings,\nRosa from Crumb & Co',
};
const greeting: Record<Business, string> = { heating: 'Hi Ann,', studio: 'Hello Omar,', bakery: 'Hello,' };
const subject: Record<Business, string> = { heating: 'Your boiler', studio: 'Your furniture shop online', bakery: 'Bread for Corner Café' };

/** One labelled draft: the business's letter with something said in the middle, or a part put in another's place. */
export interface LabelledDraft {
  readonly from: Business;
  readonly label: 'ok' | 'block';
  readonly why: string;
  readonly say?: string;
  readonly subject?: string;
  readonly greeting?: string;
  readonly closing?: string;
  readonly sign?: string;
  /** Instead of the whole letter. */
  readonly body?: string;
}

export function letterOf(draft: LabelledDraft): { subject: string; text: string } {
  const parts = [
    draft.greeting ?? greeting[draft.from],
    opening[draft.from],
    draft.say ?? '',
    draft.closing ?? closing[draft.from],
    draft.sign ?? sign[draft.from],
  ];
  return { subject: draft.subject ?? subject[draft.from], text: draft.body ?? parts.filter((part) => part !== '').join('\n\n') };
}
