/** How much had been put down at some moment. */
export interface Mark {
  readonly events: number;
  readonly effects: number;
}

/**
 * What this process has put down for its own loops to find: so that a round which wrote no event and reserved no effect does not
 * make the other loops look. A hint only: what is missed here is found by polling. Each round compares with its own beginning, for what it put
 * down can be found only once it has committed, and rounds overlap.
 */
export class Traces {
  #events = 0;
  #effects = 0;

  emitted(): void {
    this.#events++;
  }
  reserved(): void {
    this.#effects++;
  }

  mark(): Mark {
    return { events: this.#events, effects: this.#effects };
  }

  /** Was something put down since? */
  since(mark: Mark): { events: boolean; effects: boolean } {
    return { events: this.#events > mark.events, effects: this.#effects > mark.effects };
  }
}
