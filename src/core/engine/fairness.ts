/** Runs of one company that go together before another company's turn. */
const TURN = 50;
const FORGET_AT = 10_000;

/**
 * Self-clocked fair queueing (Golestani 1994): each job gets a tag, the lowest tag goes first. A company's tags rise by one for
 * each TURN jobs it adds, starting from the tag now in service, so a backlog of a million lies behind a newcomer's ten.
 * The tag travels with the job as its negative priority, and so is shared by every process.
 */
export class Fairness {
  readonly #service = new Map<string, number>();
  readonly #last = new Map<string, number>();

  tag(queue: string, companyId: string): number {
    const key = `${queue} ${companyId}`;
    const next = Math.max(this.#service.get(queue) ?? 0, (this.#last.get(key) ?? 0) + 1 / TURN);
    if (this.#last.size > FORGET_AT) this.#last.clear();
    this.#last.set(key, next);
    return Math.floor(next);
  }

  /** The highest tag that was taken. */
  inService(queue: string): number {
    return this.#service.get(queue) ?? 0;
  }

  served(queue: string, tag: number): void {
    if (tag > (this.#service.get(queue) ?? 0)) this.#service.set(queue, tag);
  }
}
