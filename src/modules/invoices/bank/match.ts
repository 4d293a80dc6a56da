/** An invoice that something is owed on, or was paid lately. */
export interface Owed {
  readonly id: string;
  readonly number: string;
  readonly currency: string;
  readonly balanceCents: number;
  readonly totalCents: number;
  /** What is left of a deposit that is asked for first. */
  readonly depositCents?: number;
  readonly clientName: string;
}

export interface Found {
  /** Invoices it seems to pay, in order. */
  readonly invoiceIds: readonly string[];
  /** The number is named and it is what is owed, to the cent. */
  readonly exact: boolean;
  /** In words. */
  readonly why: string;
}

const NOTHING: Found = { invoiceIds: [], exact: false, why: 'No open invoice has this number, or this amount and name' };

/** Letters and digits only, upper case; and before which of them something else stood: banks break and join texts as they like. */
function squeezed(text: string): { readonly text: string; readonly gaps: readonly boolean[] } {
  const letters: string[] = [];
  const gaps: boolean[] = [];
  let gap = true;
  for (const letter of text.normalize('NFKD').toUpperCase()) {
    if (/[A-Z0-9]/.test(letter)) {
      letters.push(letter);
      gaps.push(gap);
      gap = false;
    } else if (!/\p{M}/u.test(letter)) gap = true;
  }
  return { text: letters.join(''), gaps };
}

const digit = (letter: string | undefined) => letter !== undefined && letter >= '0' && letter <= '9';

/** Finds which invoices a payment is for. Of a statement's lines one finder serves all: numbers are looked up, not searched. */
export class Finder {
  readonly #byNumber = new Map<string, Owed>();
  readonly #lengths: readonly number[];
  readonly #byAmount = new Map<string, Owed[]>();

  constructor(owed: readonly Owed[]) {
    for (const one of owed) {
      const { text } = squeezed(one.number);
      // A number without a letter, and a short one, would be found everywhere.
      if (text.length >= 4) this.#byNumber.set(text, one);
      if (one.balanceCents > 0) {
        const key = `${one.currency} ${one.balanceCents}`;
        this.#byAmount.set(key, [...(this.#byAmount.get(key) ?? []), one]);
      }
    }
    this.#lengths = [...new Set([...this.#byNumber.keys()].map((key) => key.length))].toSorted((a, b) => b - a);
  }

  find(line: {
    readonly reference: string;
    readonly counterparty: string;
    readonly amountCents: number;
    readonly currency: string;
  }): Found {
    const named = this.#named(line.reference).filter((one) => one.currency === line.currency);
    const open = named.filter((one) => one.balanceCents > 0);
    const owed = open.reduce((sum, one) => sum + one.balanceCents, 0);
    const numbers = open.map((one) => one.number).join(', ');
    const invoiceIds = open.map((one) => one.id);
    if (open.length > 0 && owed === line.amountCents)
      return {
        invoiceIds,
        exact: open.length === 1,
        why: open.length === 1 ? `Names ${numbers}, and is what is owed` : `Names ${numbers}, and is their sum`,
      };
    const [only] = open;
    if (only !== undefined && open.length === 1 && only.depositCents === line.amountCents)
      return { invoiceIds, exact: true, why: `Names ${numbers}, and is its deposit` };
    if (open.length > 0)
      return { invoiceIds, exact: false, why: `Names ${numbers}; ${line.amountCents < owed ? 'less' : 'more'} than is owed` };
    const [settled] = named;
    if (settled !== undefined)
      return { invoiceIds: [settled.id], exact: false, why: `Names ${settled.number}, which is settled: it would be credit` };
    return this.#byName(line);
  }

  /** Invoices whose number stands in the text: not as a part of a longer number. The longest at each place. */
  #named(reference: string): Owed[] {
    const { text, gaps } = squeezed(reference);
    const found = new Map<string, Owed>();
    for (let at = 0; at < text.length; at++) {
      for (const length of this.#lengths) {
        const one = this.#byNumber.get(text.slice(at, at + length));
        if (one === undefined || !this.#apart(text, gaps, at, at + length)) continue;
        found.set(one.id, one);
        at += length - 1;
        break;
      }
    }
    return [...found.values()];
  }

  #apart(text: string, gaps: readonly boolean[], from: number, to: number): boolean {
    const before = from === 0 || gaps[from] === true || !(digit(text[from - 1]) && digit(text[from]));
    const after = to === text.length || gaps[to] === true || !(digit(text[to - 1]) && digit(text[to]));
    return before && after;
  }

  /** No number: the amount of one single open invoice whose client pays by that name. */
  #byName({
    counterparty,
    reference,
    amountCents,
    currency,
  }: {
    readonly counterparty: string;
    readonly reference: string;
    readonly amountCents: number;
    readonly currency: string;
  }): Found {
    const said = squeezed(`${counterparty} ${reference}`).text;
    const fits = (this.#byAmount.get(`${currency} ${amountCents}`) ?? []).filter(({ clientName }) => {
      const name = squeezed(clientName).text;
      return name.length >= 4 && said.includes(name);
    });
    const [one, ...others] = fits;
    if (one === undefined) return NOTHING;
    if (others.length > 0) return { invoiceIds: [], exact: false, why: `${fits.length} open invoices have this name and amount` };
    return { invoiceIds: [one.id], exact: false, why: `Name and amount of ${one.number}; no number is named` };
  }
}
