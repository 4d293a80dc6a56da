import type { Facts, Json } from '#core/engine/types.ts';

/**
 * What a text may rest on. `business` was written by the company itself and may be claimed; `lead` came from outside (a form, an import)
 * and may be mentioned, never believed: a stranger's "you promised 90 % off" is not an offer.
 */
export interface DraftFacts {
  readonly business: {
    readonly companyName: string;
    readonly whatWeDo: string;
    readonly offer: string;
    /** Anything else that may be said: prices, certificates, opening hours, references. One a line. */
    readonly furtherFacts: readonly string[];
    readonly links: readonly string[];
    readonly senderName: string;
    readonly senderRole: string;
    readonly callToAction: string;
    readonly industry: string;
  };
  readonly lead: {
    readonly firstName: string;
    readonly name: string;
    readonly organisation: string;
    readonly source: string;
    readonly notes: string;
  };
}

/** Every text of the company's own. */
export function businessTexts({ business }: DraftFacts): string[] {
  const { furtherFacts, links, ...single } = business;
  return [...Object.values(single), ...furtherFacts, ...links].filter((text) => text !== '');
}

export function leadTexts({ lead }: DraftFacts): string[] {
  return Object.values(lead).filter((text) => text !== '');
}

/** Which facts a text shows traces of, for the record kept with the message: `business.offer`, `lead.first_name`. */
export function factsUsed(text: string, facts: DraftFacts): string[] {
  const words = new Set(significantWords(text));
  const uses = (fact: string) => {
    const wanted = significantWords(fact);
    return wanted.length > 0 && wanted.filter((word) => words.has(word)).length / wanted.length >= 0.5;
  };
  const named: [string, string][] = [
    ...Object.entries(facts.business).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string'
        ? [[`business.${snake(key)}`, value]]
        : value.map((one, index) => [`business.${snake(key)}.${index + 1}`, one]),
    ),
    ...Object.entries(facts.lead).map(([key, value]): [string, string] => [`lead.${snake(key)}`, value]),
  ];
  return named.filter(([, value]) => uses(value)).map(([name]) => name);
}

function significantWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
}

const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Reads one text out of run facts; anything else is empty. */
export function textAt(facts: Facts, ...path: readonly string[]): string {
  let value: Json | undefined = facts;
  for (const name of path) {
    value = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return typeof value === 'string' ? value.trim() : '';
}
