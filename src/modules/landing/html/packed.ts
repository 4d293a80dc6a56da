import { brotliCompressSync, constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';

export type Packing = 'br' | 'gzip' | null;

/** A page as bytes, compressed once for all visitors. */
export interface Packed {
  /** What this visitor's browser takes. `own`: what stands in the hole; nothing where there is none. */
  body(packing: Packing, own: string): Buffer;
  /** The best that a browser says it takes. */
  packingFor(accepted: string | undefined): Packing;
}

/** RFC 1952: magic, deflate, no flags, no time, any system. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
const LARGEST_STORED = 65_535;
/** Eleven takes some twenty times as long as nine, for a few bytes in a hundred. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } };

const ASKED = { br: /(?:^|,)\s*br\s*(?:;\s*q=([0-9.]+))?\s*(?:,|$)/i, gzip: /(?:^|,)\s*gzip\s*(?:;\s*q=([0-9.]+))?\s*(?:,|$)/i };

function accepts(header: string | undefined, name: 'br' | 'gzip'): boolean {
  const asked = header === undefined ? null : ASKED[name].exec(header);
  return asked !== null && Number(asked[1] ?? 1) > 0;
}

/** The same for everybody. */
export function packWhole(page: string): Packed {
  const plain = Buffer.from(page);
  const made: { br?: Buffer; gzip?: Buffer } = {};
  return {
    packingFor: (accepted) => (accepts(accepted, 'br') ? 'br' : accepts(accepted, 'gzip') ? 'gzip' : null),
    body: (packing) =>
      packing === 'br' ? (made.br ??= brotliCompressSync(plain, BROTLI)) : packing === 'gzip' ? (made.gzip ??= gzipSync(plain, { level: 9 })) : plain,
  };
} // prettier-ignore

/**
 * A page with one hole that is filled for each visitor. The parts around it are compressed once: deflate lets finished parts be joined where each ends on a
 * byte (a full flush), and what fills the hole goes between them as a stored block (RFC 1951, 3.2.4). Brotli has no such joint in Node.
 */
export function packAround(before: string, after: string): Packed {
  const [head, tail] = [Buffer.from(before), Buffer.from(after)];
  let made: { readonly head: Buffer; readonly tail: Buffer; readonly crc: number } | null = null;
  const around = () =>
    (made ??= {
      head: Buffer.concat([GZIP_HEAD, deflateRawSync(head, { level: 9, finishFlush: constants.Z_FULL_FLUSH })]),
      tail: deflateRawSync(tail, { level: 9 }),
      crc: crc32(head),
    });
  return {
    packingFor: (accepted) => (accepts(accepted, 'gzip') ? 'gzip' : null),
    body(packing, own) {
      const middle = Buffer.from(own);
      if (packing === null) return Buffer.concat([head, middle, tail]);
      const parts = around();
      const end = Buffer.allocUnsafe(8);
      end.writeUInt32LE(crc32(tail, crc32(middle, parts.crc)), 0);
      end.writeUInt32LE((head.length + middle.length + tail.length) >>> 0, 4);
      return Buffer.concat([parts.head, ...stored(middle), parts.tail, end]);
    },
  };
}

function stored(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += LARGEST_STORED) {
    const part = bytes.subarray(at, at + LARGEST_STORED);
    const head = Buffer.allocUnsafe(5);
    head.writeUInt8(0, 0); // not the last block, stored
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(part.length ^ 0xffff, 3);
    blocks.push(head, part);
  }
  return blocks;
}
