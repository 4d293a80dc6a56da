import { ApiError, call } from '#web/kit/api.ts';
import type { Upload } from './import.tsx';

/** As the server takes them, in bytes. */
const part = 4 * 1024 * 1024;

/** Sends a file in parts and lets the server read it. `onProgress` gets a share from 0 to 1. @throws ApiError */
export async function uploadFile(file: Blob, filename: string, onProgress: (share: number) => void): Promise<Upload> {
  if (file.size === 0) throw new ApiError(0, 'empty', 'The file is empty. Choose one with a heading such as name,email.');
  const { id } = await call('imports.begin', { filename });
  for (let index = 0; index * part < file.size; index += 1) {
    const piece = file.slice(index * part, (index + 1) * part);
    await call('imports.part', { import_id: id, part: index, content_base64: await base64(piece) });
    onProgress(Math.min(1, ((index + 1) * part) / file.size));
  }
  return call('imports.read', { import_id: id });
}

/** The bytes, whatever their encoding: the server finds out. */
function base64(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () =>
      reject(new ApiError(0, 'unreadable', 'The browser could not read the file. Is it still there?')),
    );
    reader.readAsDataURL(piece);
  });
}
