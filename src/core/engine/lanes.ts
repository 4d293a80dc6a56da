/** So large a part of a full batch makes a company's work a backlog. */
const LARGE_SHARE = 4;
/** A company stays in the lane this long (milliseconds) after it last filled its part: a backlog that comes in waves is one. */
const LINGER_MS = 1_000;

/**
 * Companies with a backlog of one kind of work, as this process has seen it: they go in a lane of their own, so that the others do not stand behind
 * their batches (docs/adr/0031-lanes.md). Nobody has one: there is one lane, and nothing is different.
 */
export class Lanes {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Whoever was large when a batch was last counted: changes in `took` and `kept` alone. */
  get large(): readonly string[] {
    return [...this.#until.keys()];
  }

  /** After a batch of everybody, or of those beside the lane: how many it took of each company, and how many it could. */
  took(companies: readonly string[], most: number): void {
    if (companies.length < most) return;
    for (const [company, count] of counted(companies)) if (count >= most / LARGE_SHARE) this.#until.set(company, this.#now() + LINGER_MS);
  }

  /** After a batch of the lane: a company that has not filled its part of it for a while has no backlog any more. */
  kept(companies: readonly string[], most: number): void {
    const counts = counted(companies);
    const part = Math.max(1, Math.floor(most / Math.max(1, this.#until.size)));
    const now = this.#now();
    for (const [company, until] of this.#until) {
      if ((counts.get(company) ?? 0) >= part) this.#until.set(company, now + LINGER_MS);
      else if (until <= now) this.#until.delete(company);
    }
  }
}

function counted(companies: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const company of companies) counts.set(company, (counts.get(company) ?? 0) + 1);
  return counts;
}

/** The lanes of all kinds of work: whoever has a backlog of one kind goes in the lane with all that follows from it. */
export class Backlogs {
  readonly events: Lanes;
  readonly runs: Lanes;
  readonly wakes: Lanes;

  constructor(now?: () => number) {
    this.events = new Lanes(now);
    this.runs = new Lanes(now);
    this.wakes = new Lanes(now);
  }

  get large(): readonly string[] {
    return [...new Set([...this.events.large, ...this.runs.large, ...this.wakes.large])];
  }
}
