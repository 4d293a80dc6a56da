/** How files begin (bytes as latin1 text), and what they then are. */
const SIGNATURES: readonly (readonly [start: string, type: string])[] = [
  ['%PDF-', 'application/pdf'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['II*\x00', 'image/tiff'],
  ['MM\x00*', 'image/tiff'],
  ['ID3', 'audio/mpeg'],
  ['OggS', 'application/ogg'],
  ['{\\rtf', 'application/rtf'],
  ['\x1f\x8b', 'application/gzip'],
  ['7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'application/x-ole-storage'],
];

/** Office files are ZIP archives; only the name tells which. */
const ZIPPED: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
};
const OLE: Readonly<Record<string, string>> = {
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  msg: 'application/vnd.ms-outlook',
};

/** What a file is by its first bytes, whatever its sender said. The name only tells apart what the bytes cannot. */
export function sniff(start: Buffer, name: string): string {
  const head = start.subarray(0, 16).toString('latin1');
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const found = SIGNATURES.find(([signature]) => head.startsWith(signature))?.[1];
  if (found === 'application/x-ole-storage') return OLE[extension] ?? found;
  if (found !== undefined) return found;
  if (head.startsWith('PK\x03\x04')) return ZIPPED[extension] ?? 'application/zip';
  if (head.startsWith('RIFF'))
    return head.slice(8, 12) === 'WEBP' ? 'image/webp' : head.slice(8, 12) === 'WAVE' ? 'audio/wav' : 'application/octet-stream';
  if (head.slice(4, 8) === 'ftyp')
    return /^(heic|heix|mif1)/.test(head.slice(8, 12)) ? 'image/heic' : head.slice(8, 11) === 'M4A' ? 'audio/mp4' : 'video/mp4';
  return isText(start) ? 'text/plain' : 'application/octet-stream';
}

/** UTF-8 without NUL; HTML and scripts are text like any other, so that a browser never runs them. */
function isText(start: Buffer): boolean {
  if (start.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start.subarray(0, 4_096), { stream: true });
    return true;
  } catch {
    return false;
  }
}
