import { crc32, createDeflateRaw } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly chunks: AsyncIterable<string | Buffer> | Iterable<string | Buffer>;
}

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: bigint;
  readonly size: bigint;
  readonly offset: bigint;
}

/** Sizes follow the data (bit 3), names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATE = 8;
const MOST_32 = 0xffff_ffffn;
/** 1980-01-01: the same content is the same file. */
const DAY = 0x21;

/**
 * A zip file as it grows, in constant memory: nothing is known of an entry before it is written. `big` writes sizes of 64 bits, which
 * Excel does not read and an archive of gigabytes needs.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function* zip(
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
  { big }: { readonly big: boolean },
): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0n;
  const count = (buffer: Buffer) => {
    offset += BigInt(buffer.length);
    return buffer;
  };
  for await (const entry of entries) {
    const name = Buffer.from(entry.name);
    const start = offset;
    yield count(localHeader(name, big));
    let [crc, size, packed] = [0, 0n, 0n];
    const deflate = createDeflateRaw({ level: 6 });
    const pump = (async () => {
      for await (const chunk of entry.chunks) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        crc = crc32(bytes, crc);
        size += BigInt(bytes.length);
        if (!deflate.write(bytes)) await new Promise((resolve) => deflate.once('drain', resolve));
      }
      deflate.end();
    })();
    pump.catch((error: unknown) => deflate.destroy(error instanceof Error ? error : new Error(String(error))));
    // A deflate stream gives Buffers; its type says any.
    for await (const piece of deflate as AsyncIterable<Buffer>) {
      packed += BigInt(piece.length);
      yield count(piece);
    }
    await pump;
    if (!big && (size > MOST_32 || offset > MOST_32)) throw new Error('This file grew beyond 4 GB');
    yield count(descriptor(crc, packed, size, big));
    written.push({ name, crc, packed, size, offset: start });
  }
  const directory = Buffer.concat(written.map((entry) => centralHeader(entry, big)));
  const start = offset;
  yield count(directory);
  if (big) yield count(endOfDirectory64(written.length, BigInt(directory.length), start, offset));
  yield endOfDirectory(written.length, directory.length, start);
}

function localHeader(name: Buffer, big: boolean): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(big ? 45 : 20, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(DAY, 12);
  if (big) {
    header.writeUInt32LE(0xffff_ffff, 18);
    header.writeUInt32LE(0xffff_ffff, 22);
  }
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(big ? 20 : 0, 28);
  return Buffer.concat([header, name, ...(big ? [extra64([0n, 0n])] : [])]);
}

function extra64(values: readonly bigint[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) extra.writeBigUInt64LE(value, 4 + 8 * i);
  return extra;
}

function descriptor(crc: number, packed: bigint, size: bigint, big: boolean): Buffer {
  const bytes = Buffer.alloc(big ? 24 : 16);
  bytes.writeUInt32LE(0x0807_4b50, 0);
  bytes.writeUInt32LE(crc, 4);
  if (big) {
    bytes.writeBigUInt64LE(packed, 8);
    bytes.writeBigUInt64LE(size, 16);
  } else {
    bytes.writeUInt32LE(Number(packed), 8);
    bytes.writeUInt32LE(Number(size), 12);
  }
  return bytes;
}

function centralHeader({ name, crc, packed, size, offset }: Written, big: boolean): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(big ? 45 : 20, 4);
  header.writeUInt16LE(big ? 45 : 20, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(DEFLATE, 10);
  header.writeUInt16LE(DAY, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(big ? 0xffff_ffff : Number(packed), 20);
  header.writeUInt32LE(big ? 0xffff_ffff : Number(size), 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(big ? 28 : 0, 30);
  header.writeUInt32LE(big ? 0xffff_ffff : Number(offset), 42);
  return Buffer.concat([header, name, ...(big ? [extra64([size, packed, offset])] : [])]);
}

function endOfDirectory64(entries: number, size: bigint, start: bigint, here: bigint): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x0606_4b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(BigInt(entries), 24);
  end.writeBigUInt64LE(BigInt(entries), 32);
  end.writeBigUInt64LE(size, 40);
  end.writeBigUInt64LE(start, 48);
  end.writeUInt32LE(0x0706_4b50, 56);
  end.writeBigUInt64LE(here, 64);
  end.writeUInt32LE(1, 72);
  return end;
}

/** Numbers that do not fit say so (all ones): the 64-bit record before has them. */
function endOfDirectory(entries: number, size: number, start: bigint): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(Math.min(entries, 0xffff), 8);
  end.writeUInt16LE(Math.min(entries, 0xffff), 10);
  end.writeUInt32LE(Math.min(size, 0xffff_ffff), 12);
  end.writeUInt32LE(start > MOST_32 ? 0xffff_ffff : Number(start), 16);
  return end;
}
