import { randomFillSync } from 'node:crypto';

/** Asked for in stock: each call of the system costs as much as a hundred ids. */
const stock = Buffer.alloc(4_096);
let used = stock.length;

function randomBytes(count: number): Buffer {
  if (used + count > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += count;
  return stock.subarray(used - count, used);
}

let lastMs = 0;
let sequence = 0;

/**
 * A new UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then a 12-bit counter that keeps ids of one process in order
 * within a millisecond (method 1 of section 6.2), then random bits.
 */
export function newId(): string {
  const now = Date.now(); // ids are not business time: real clock on purpose
  if (now > lastMs) {
    lastMs = now;
    sequence = randomBytes(1).readUInt8();
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | sequence, 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
