const BLOCK = 64 * 1024;

/** Bytes that come in many small pieces, kept in few large ones: a Buffer of its own for each is many times its length. */
export class Blocks {
  readonly #full: Buffer[] = [];
  #block = Buffer.allocUnsafe(BLOCK);
  #used = 0;

  add(chunk: Uint8Array): void {
    if (chunk.length > this.#block.length - this.#used) {
      this.#full.push(this.#block.subarray(0, this.#used));
      this.#block = Buffer.allocUnsafe(Math.max(BLOCK, chunk.length));
      this.#used = 0;
    }
    this.#block.set(chunk, this.#used);
    this.#used += chunk.length;
  }

  bytes(): Buffer {
    return Buffer.concat([...this.#full, this.#block.subarray(0, this.#used)]);
  }
}
