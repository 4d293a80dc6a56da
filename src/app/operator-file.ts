import { randomBytes } from 'node:crypto';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What STEWARD_HOME/operator.json tells the CLI on the same machine: where the running server is, and a token that it takes for its operator. */
export const OperatorFile = z.object({ url: z.string(), token: z.string(), pid: z.number().int() });
export type OperatorFile = z.output<typeof OperatorFile>;

export const newOperatorToken = () => randomBytes(32).toString('base64url');

const fileOf = (home: string) => join(home, 'operator.json');

export async function writeOperatorFile(home: string, content: OperatorFile): Promise<void> {
  await rm(fileOf(home), { force: true }); // made anew, so that its mode is ours
  await writeFile(fileOf(home), `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' });
  await chmod(fileOf(home), 0o600);
}

/** The running server of this home, or undefined when none has said so. It may have died since: connect and see. */
export async function readOperatorFile(home: string): Promise<OperatorFile | undefined> {
  const text = await readFile(fileOf(home), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = OperatorFile.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

/** Removes this process's own file, not a successor's. */
export async function removeOperatorFile(home: string): Promise<void> {
  const current = await readOperatorFile(home);
  if (current?.pid === process.pid) await rm(fileOf(home), { force: true });
}
