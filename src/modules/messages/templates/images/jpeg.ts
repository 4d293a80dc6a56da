/** Markers of ITU-T T.81, table B.1. */
const START = 0xd8;
const SCAN = 0xda;
const APP1 = 0xe1;
/** Colours depend on these two: an ICC profile, and what Adobe says of its colours. */
const KEPT = new Set([0xe0, 0xe2, 0xee]);
const EXIF = 'Exif\0\0';
const ORIENTATION = 0x0112;

/**
 * A JPEG without what a camera wrote into it (place, device, owner, small preview), turned as it was: mail is read by strangers. Null: these bytes are none.
 * Sizes are those of the picture as it is shown.
 */
export function cleanJpeg(bytes: Buffer): { readonly width: number; readonly height: number; readonly content: Buffer } | null {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== START || bytes[2] !== 0xff) return null;
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let size: { width: number; height: number } | null = null;
  let turned = 1;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // a byte that fills
      continue;
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return null;
    const segment = bytes.subarray(at, end);
    if (marker === SCAN) {
      if (size === null) return null;
      const [width, height] = turned >= 5 ? [size.height, size.width] : [size.width, size.height];
      if (turned > 1) kept.splice(1, 0, orientationOnly(turned));
      return { width, height, content: Buffer.concat([...kept, bytes.subarray(at)]) };
    }
    if (isFrame(marker) && segment.length >= 9) size = { height: segment.readUInt16BE(5), width: segment.readUInt16BE(7) };
    if (marker === APP1) turned = orientationOf(segment.subarray(4)) ?? turned;
    const ours = marker < 0xe0 || marker > 0xef ? marker !== 0xfe : KEPT.has(marker);
    if (ours) kept.push(segment);
    at = end;
  }
  return null;
}

/** Start of a frame: C0 to CF but for the tables C4, C8 and CC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** How the camera was held, 1 to 8 (EXIF 2.32, 4.6.4); null where it is not said. */
function orientationOf(app1: Buffer): number | null {
  if (app1.length < 20 || app1.toString('latin1', 0, 6) !== EXIF) return null;
  const tiff = app1.subarray(6);
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return null;
  for (let entry = first + 2, left = short(first); left > 0 && entry + 12 <= tiff.length; left -= 1, entry += 12) {
    if (short(entry) !== ORIENTATION) continue;
    const value = short(entry + 8);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}

/** An EXIF segment that says how the picture is turned and nothing else. */
function orientationOnly(value: number): Buffer {
  const segment = Buffer.alloc(36);
  segment.writeUInt16BE(0xffe1, 0);
  segment.writeUInt16BE(34, 2);
  segment.write(EXIF, 4, 'latin1');
  segment.write('MM', 10, 'latin1');
  segment.writeUInt16BE(42, 12);
  segment.writeUInt32BE(8, 14);
  segment.writeUInt16BE(1, 18);
  segment.writeUInt16BE(ORIENTATION, 20);
  segment.writeUInt16BE(3, 22); // of type SHORT
  segment.writeUInt32BE(1, 24);
  segment.writeUInt16BE(value, 28);
  return segment;
}
