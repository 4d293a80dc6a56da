export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes looked at to guess UTF-16 without a byte order mark. */
const SAMPLE = 4_096;
/** Bytes that become rows at once: what is read ahead lies in memory, however large the pieces of a file are. */
const AT_ONCE = 65_536;

/** What the first bytes say: a byte order mark, or the zero bytes of UTF-16. Null when they say neither. */
function markedEncoding(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, SAMPLE);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length / 6 && even < odd / 4) return 'utf-16le';
  if (even > sample.length / 6 && odd < even / 4) return 'utf-16be';
  return null;
}

/** A mark, else UTF-8 when all of the file is valid, else what Excel writes in the West. Reads on only as far as it must. */
export async function encodingOf(pieces: AsyncIterable<Uint8Array>): Promise<Encoding> {
  const strict = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  try {
    for await (const piece of pieces) {
      const marked = first ? markedEncoding(piece) : null;
      if (marked !== null) return marked;
      first = false;
      strict.decode(piece, { stream: true });
    }
    strict.decode();
    return 'utf-8';
  } catch (error) {
    if (error instanceof TypeError) return 'windows-1252';
    throw error;
  }
}

/** Text without byte order mark and NUL characters; what cannot be read becomes U+FFFD. */
export async function* decoded(pieces: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of pieces)
    for (let from = 0; from < piece.length; from += AT_ONCE)
      yield clean(decoder.decode(piece.subarray(from, from + AT_ONCE), { stream: true }));
  yield clean(decoder.decode());
}

function clean(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
}
