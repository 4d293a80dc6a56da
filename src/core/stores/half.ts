import { rename, stat } from 'node:fs/promises';
import { Conflict, Misconfigured } from '../errors.ts';
import { StoreManifest, type Checkpoint, type StoreShape } from './store.ts';

/** A store of files is written beside its name and renamed when it is whole, so that half of one never looks like one. */
export const halfOf = (path: string) => `${path}.partial`;

export const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** @throws Conflict when something stands there already, or a migration into it was begun and is not to go on */
export async function mayBegin(path: string, resume: boolean): Promise<'new' | 'begun'> {
  if (await exists(path)) throw new Conflict(`${path} is there already and stays as it is. Name another place, or move it away`);
  if (!(await exists(halfOf(path)))) return 'new';
  if (!resume)
    throw new Conflict(`A migration into ${path} was begun and is not whole. Go on with it: add --resume. Or remove ${halfOf(path)}`);
  return 'begun';
}

/** @throws Conflict when what was begun is of another source */
export function refuseOtherSource(begun: string | null, shape: StoreShape, where: string): void {
  if (begun !== originOf(shape))
    throw new Conflict(
      `What was begun in ${where} came from another installation or version. Remove it, or name the source that it came from`,
    );
}

/** Tells whether a migration goes on with the same source. */
export const originOf = ({ instance, migrations, tables }: StoreShape) => JSON.stringify([instance, migrations, tables]);

export async function makeWhole(path: string): Promise<void> {
  await rename(halfOf(path), path);
}

/** @throws Misconfigured when the text is no manifest of this or an earlier Steward */
export function parseManifest(text: string, where: string): StoreManifest {
  const parsed = StoreManifest.safeParse(parseJson(text));
  if (!parsed.success) throw new Misconfigured(`The manifest of ${where} is damaged, or from a newer Steward`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @throws Misconfigured when nothing whole is there */
export async function refuseMissing(path: string): Promise<void> {
  if (await exists(path)) return;
  const half = await exists(halfOf(path));
  throw new Misconfigured(
    half
      ? `${path} is not whole: the migration into it was cut off. Say that command again with --resume`
      : `There is no ${path}. Check the path after --from`,
  );
}

export const NOTHING_YET: ReadonlyMap<string, Checkpoint> = new Map();
