import { call } from '#web/kit/api.ts';
import { base64Of } from '#web/kit/base64.ts';

/** Widths that devices take: a phone, a tablet, a desk. */
const WIDTHS = [480, 960, 1600] as const;

/**
 * Keeps a picture in the widths that it will be shown in, made here in the browser: a phone loads no more than it shows. A photo becomes JPEG;
 * what is see-through stays PNG. Answers the SHA-256 of each size, the smallest first.
 */
export async function keepSizes(file: File): Promise<string[]> {
  const bitmap = await createImageBitmap(file);
  const type = file.type === 'image/png' && seeThrough(bitmap) ? 'image/png' : 'image/jpeg';
  const widths = [...WIDTHS.filter((width) => width < bitmap.width), Math.min(bitmap.width, WIDTHS[2])];
  const kept: string[] = [];
  for (const width of new Set(widths)) {
    const blob = await drawn(bitmap, width, type);
    const { picture } = await call('documents.add_picture', { content_base64: await base64Of(new File([blob], 'picture', { type })) });
    if (!kept.includes(picture)) kept.push(picture);
  }
  bitmap.close();
  return kept;
}

function canvasOf(bitmap: ImageBitmap, width: number): { canvas: HTMLCanvasElement; pen: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = Math.max(1, Math.round((bitmap.height * width) / bitmap.width));
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('This browser cannot make pictures smaller.');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return { canvas, pen };
}

const drawn = (bitmap: ImageBitmap, width: number, type: string): Promise<Blob> =>
  new Promise((resolve, reject) => {
    const failed = () => reject(new Error('This picture could not be read. Save it as PNG or JPEG.'));
    canvasOf(bitmap, width).canvas.toBlob((blob) => (blob === null ? failed() : resolve(blob)), type, 0.82);
  });

/** Looked at small: a corner that is clear is clear there, too. */
function seeThrough(bitmap: ImageBitmap): boolean {
  const { canvas, pen } = canvasOf(bitmap, 64);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 255) < 250) return true;
  return false;
}
