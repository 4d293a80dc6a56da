/**
 * Versions (`updated_at`) that this page's own writes left behind. What is on the screen may be a version older for as long as it is
 * read again: a change made on it then is made on what this page itself wrote, and is nobody's conflict.
 */
export class OwnVersions {
  /** By record and version: the one that a write of ours made of it. */
  readonly #next = new Map<string, string>();
  /** The last write of each record that is under way. */
  readonly #last = new Map<string, Promise<unknown>>();

  /**
   * Writes against a version of a record, after those of the same record that are under way: two clicks in a row are two changes,
   * not one and a conflict. `write` gets the version that ours made of the one on the screen.
   */
  async write<Answer>(record: string, version: string, write: (version: string) => Promise<Answer>): Promise<Answer> {
    const before = this.#last.get(record) ?? Promise.resolve();
    const mine = before.then(async () => {
      const known = this.#known(record, version);
      const answer = await write(known);
      this.#learn(record, known, answer);
      return answer;
    });
    // One that was refused lets the next one pass: what it says then is for the server to judge.
    const over = mine.catch(() => undefined);
    this.#last.set(record, over);
    void over.then(() => {
      if (this.#last.get(record) === over) this.#last.delete(record);
    });
    return mine;
  }

  #known(record: string, version: string): string {
    let known = version;
    for (let next = this.#next.get(`${record} ${known}`); next !== undefined; next = this.#next.get(`${record} ${known}`)) known = next;
    return known;
  }

  #learn(record: string, from: string, answer: unknown): void {
    if (typeof answer !== 'object' || answer === null || !('updated_at' in answer) || typeof answer.updated_at !== 'string') return;
    // Versions only grow, so that no way leads in a circle.
    if (answer.updated_at > from) this.#next.set(`${record} ${from}`, answer.updated_at);
  }
}
