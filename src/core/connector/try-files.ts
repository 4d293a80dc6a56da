import { newId } from '../ids.ts';
import type { FilesPort } from '../ports/files.ts';
import { VendorRefused } from './errors.ts';

/** Puts a file, finds it in the list, reads it back and deletes it: all that will be asked of the place. @throws VendorRefused naming what it can't do */
export async function tryFiles(files: FilesPort): Promise<void> {
  const name = `steward-try-${newId()}`;
  const text = 'Steward tried whether files can be kept here, and deletes this one again.\n';
  await files.put(name, Buffer.from(text));
  try {
    if (!(await files.list(name, null)).files.some((file) => file.name === name))
      throw new VendorRefused('A file that was put there is not in the list of what is there');
    if ((await files.get(name))?.toString() !== text) throw new VendorRefused('A file that was put there can’t be read back');
  } finally {
    await files.remove(name);
  }
}
