/** So large a part of a full batch makes a company's work a backlog. */
const LARGE_SHARE = 4;

/**
 * Companies with a backlog, as this process has seen it: they go in a lane of their own, so that the others do not stand behind their batches
 * (docs/adr/0031-lanes.md). Nobody has one: there is one lane, and nothing is different.
 */
export class Lanes {
  #large: readonly string[] = [];

  get large(): readonly string[] {
    return this.#large;
  }

  /** After a batch of the lane that takes everybody, or of the one for the large: how many it took of each company, and how many it could. */
  took(companies: readonly string[], most: number): void {
    const counts = new Map<string, number>();
    for (const company of companies) counts.set(company, (counts.get(company) ?? 0) + 1);
    const before = this.#large;
    if (companies.length >= most) this.#large = [...counts].filter(([, count]) => count >= most / LARGE_SHARE).map(([company]) => company);
    // A company that no longer fills its part of the lane has no backlog any more.
    else this.#large = before.filter((company) => (counts.get(company) ?? 0) >= Math.floor(most / before.length));
  }
}
