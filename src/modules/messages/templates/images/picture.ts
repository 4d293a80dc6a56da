import { cleanJpeg } from './jpeg.ts';

/** What mail programs show. WebP is none of it: Outlook shows an empty box. SVG is none: it can run scripts. */
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif'] as const;
type ImageType = (typeof IMAGE_TYPES)[number];

/** Bytes. Phones on the way load each picture of each mail. */
export const LARGEST_IMAGE = 2_000_000;
/** Pixels a side. */
const LONGEST_SIDE = 8_000;

interface Picture {
  readonly contentType: ImageType;
  /** In pixels, as it is shown. */
  readonly width: number;
  readonly height: number;
  /** What is kept: of a JPEG without where and with what it was taken. */
  readonly content: Buffer;
}

/** Ends the name in the address. */
export const ENDINGS: Readonly<Record<string, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif' };

/** The picture that some bytes are, whatever their name says; or what is wrong with them, as the end of a sentence. */
export function readPicture(bytes: Buffer): Picture | string {
  if (bytes.length > LARGEST_IMAGE)
    return `is larger than ${LARGEST_IMAGE / 1_000_000} MB; make it smaller: 1,200 pixels across are enough`;
  const found = pngOf(bytes) ?? gifOf(bytes) ?? jpegOf(bytes);
  if (found === null) return refusal(bytes);
  const { width, height } = found;
  if (width < 1 || height < 1) return 'is damaged; save it anew as PNG or JPEG';
  if (width > LONGEST_SIDE || height > LONGEST_SIDE)
    return `is ${width} by ${height} pixels; ${LONGEST_SIDE.toLocaleString('en')} a side is the most, and 1,200 across are enough`;
  return found;
}

function refusal(bytes: Buffer): string {
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP')
    return 'is WebP, which Outlook does not show; save it as PNG or JPEG';
  if (/^\s*(<\?xml|<!doctype svg|<!--|<svg)/i.test(bytes.toString('utf8', 0, 200)))
    return 'is SVG, which mail programs do not show; save it as PNG';
  if (bytes.toString('latin1', 4, 8) === 'ftyp') return 'is HEIC or AVIF, which mail programs do not show; save it as JPEG';
  return 'is no PNG, JPEG or GIF; choose another one';
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** RFC 2083, 3.1 and 4.1.1: the header comes first. */
function pngOf(bytes: Buffer): Picture | null {
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(PNG) || bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { contentType: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), content: bytes };
}

/** GIF89a, section 18: the logical screen. */
function gifOf(bytes: Buffer): Picture | null {
  if (bytes.length < 13 || !/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return null;
  return { contentType: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8), content: bytes };
}

function jpegOf(bytes: Buffer): Picture | null {
  const clean = cleanJpeg(bytes);
  return clean === null ? null : { contentType: 'image/jpeg', ...clean };
}
