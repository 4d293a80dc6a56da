import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FilesPort } from '#core/ports/files.ts';

const AT_ONCE = 1_000;

const missing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Files in a folder of this machine. A file is there whole or not at all, and on the disk before `put` answers. */
export function localFiles(root: string): FilesPort {
  const at = (name: string) => join(root, name);
  return {
    async put(name, bytes) {
      const path = at(name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        await file.writeFile(bytes);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
    },
    async get(name) {
      try {
        return await readFile(at(name));
      } catch (error) {
        if (missing(error)) return null;
        throw error;
      }
    },
    async remove(name) {
      await rm(at(name), { force: true });
    },
    async list(prefix, after) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const entries = await readdir(at(folder), { recursive: true, withFileTypes: true }).catch((error: unknown) => {
        if (missing(error)) return [];
        throw error;
      });
      const names = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .filter((name) => name.startsWith(prefix) && (after === null || name > after))
        .toSorted();
      const files = await Promise.all(
        names.slice(0, AT_ONCE).map((name) => stat(at(name)).then(({ size }) => ({ name, bytes: size }), () => ({ name, bytes: 0 }))),
      ); // prettier-ignore
      return { files, next: names.length > AT_ONCE ? (files.at(-1)?.name ?? null) : null };
    },
  };
}
