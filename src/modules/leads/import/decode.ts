import { isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes looked at to guess UTF-16 without a byte order mark. */
const SAMPLE = 4_096;

/** Byte order mark, else the zero bytes of UTF-16, else UTF-8 when all of it is valid, else what Excel writes in the West. */
export function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, SAMPLE);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length / 6 && even < odd / 4) return 'utf-16le';
  if (even > sample.length / 6 && odd < even / 4) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

/** Text without byte order mark and NUL characters; what cannot be read becomes U+FFFD. */
export function decode(bytes: Buffer, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(bytes).replaceAll('\u0000', '');
}
