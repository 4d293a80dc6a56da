import { hash } from 'node:crypto';

const RANGE = 2 ** 48;

/** Rows as a set: how many, and the sum of the hashes of their lines (96 bits), which does not depend on their order. Sums of parts add up. */
export class RowSum {
  #high: number;
  #low: number;
  rows: number;

  constructor(rows = 0, hash = '') {
    this.rows = rows;
    this.#high = Number.parseInt(hash.slice(0, 12) || '0', 16);
    this.#low = Number.parseInt(hash.slice(12) || '0', 16);
  }

  /** @param line of COPY's text format, without its end */
  add(line: string | Buffer): void {
    const digest = hash('sha256', line, 'buffer');
    this.#high = (this.#high + digest.readUIntBE(0, 6)) % RANGE;
    this.#low = (this.#low + digest.readUIntBE(6, 6)) % RANGE;
    this.rows += 1;
  }

  /** 24 hex digits. */
  get hash(): string {
    return this.#high.toString(16).padStart(12, '0') + this.#low.toString(16).padStart(12, '0');
  }
}
