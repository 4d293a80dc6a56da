/**
 * What this process has put down for its own loops to find: so that a round which wrote no event and reserved no effect does not
 * make the other loops look. A hint only: what is missed here is found by polling.
 */
export class Traces {
  #events = false;
  #effects = false;

  emitted(): void {
    this.#events = true;
  }
  reserved(): void {
    this.#effects = true;
  }

  /** What was put down since the last call. */
  take(): { events: boolean; effects: boolean } {
    const found = { events: this.#events, effects: this.#effects };
    this.#events = false;
    this.#effects = false;
    return found;
  }
}
