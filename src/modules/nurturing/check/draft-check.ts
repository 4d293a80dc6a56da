import { businessTexts, leadTexts, type DraftFacts } from '../facts.ts';
import { callToAction } from './call-to-action.ts';
import { claims } from './claims.ts';
import { contacts } from './contacts.ts';
import { names } from './names.ts';
import { placeholders } from './placeholders.ts';
import { shape } from './shape.ts';
import { vocabulary, type Vocabulary } from './vocabulary.ts';

export interface Draft {
  readonly subject: string;
  readonly text: string;
}

/** What is wrong with a draft, in words for the person who reads why it was not sent. */
export interface Fault {
  readonly rule: 'placeholder' | 'shape' | 'claim' | 'number' | 'contact' | 'name' | 'call_to_action';
  /** The words in question. */
  readonly found: string;
  readonly says: string;
}

/** What a rule of the check looks at. */
export interface Inspection {
  readonly draft: Draft;
  readonly facts: DraftFacts;
  readonly business: Vocabulary;
  /** The business's facts and the lead's together: may be mentioned. */
  readonly known: Vocabulary;
}

export interface DraftLimits {
  readonly minWords: number;
  readonly maxWords: number;
}

/** Asked for: 100 to 150 words. Blocked: what is clearly another kind of text. */
const LIMITS: DraftLimits = { minWords: 40, maxWords: 220 };

/**
 * May this text go out? Empty means yes. Looks for what a model makes up: prices, percentages, dates, numbers, guarantees, awards,
 * customers, addresses, an earlier talk; and for what is left over: placeholders, prefaces, a wrong name. Works without a model, on
 * facts alone, and errs on the side of the template. It cannot see a false sentence that uses only true words.
 */
export function checkDraft(draft: Draft, facts: DraftFacts, limits: DraftLimits = LIMITS): Fault[] {
  const business = vocabulary(businessTexts(facts));
  const inspection: Inspection = { draft, facts, business, known: vocabulary([...businessTexts(facts), ...leadTexts(facts)]) };
  return [
    ...shape(inspection, limits),
    ...placeholders(inspection),
    ...contacts(inspection),
    ...claims(inspection),
    ...names(inspection),
    ...callToAction(inspection),
  ];
}
