import { chmod, mkdir } from 'node:fs/promises';

/**
 * Makes the data directory unless it is there: closed to others. Root's may be passed through, because PostgreSQL runs under
 * another uid inside it; every file in it is 0600. A directory that somebody made before keeps the mode they gave it.
 */
export async function ensureHome(home: string): Promise<void> {
  const made = await mkdir(home, { recursive: true });
  if (made !== undefined && process.platform !== 'win32') await chmod(home, process.getuid?.() === 0 ? 0o711 : 0o700);
}
