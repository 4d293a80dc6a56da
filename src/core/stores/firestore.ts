import { z } from 'zod';
import type { TableShape } from '../database/catalogue.ts';
import { Conflict, Misconfigured } from '../errors.ts';
import { lineOfFields, lineToFields, type Fields } from './firestore-row.ts';
import type { Document, Firestore, Write } from './firestore-rest.ts';
import { NOTHING_YET, originOf, parseManifest, refuseOtherSource } from './half.ts';
import { Checkpoint, nameOf, type Batch, type Source, type Target } from './store.ts';

/** A longer row lies in parts of this many bytes below its document, which may have one MiB. */
const LONGEST_ROW = 200_000;
const PART_BYTES = 600_000;
const PARTS = '_parts';
const PROGRESS = '_progress';
/** One commit: Firestore takes 500 and ten MiB. */
const AT_ONCE = 400;
const BYTES_AT_ONCE = 4_000_000;
const COMMITS_AT_ONCE = 4;
const PAGE = 300;

const Root = z.object({ state: z.enum(['begun', 'whole']), origin: z.string(), manifest: z.string() });
type Root = z.output<typeof Root>;

/** @param root the document that it all hangs on, such as `steward/main`: a collection a table below it */
async function* readTable(store: Firestore, root: string, table: TableShape, after: string | null): AsyncGenerator<Batch> {
  let position = after;
  for (;;) {
    const documents = await store.list(root, nameOf(table), { after: position, limit: PAGE });
    const last = documents.at(-1);
    if (last === undefined) return;
    const lines: string[] = [];
    for (const document of documents) lines.push(await lineOfDocument(store, root, table, document));
    position = last.id;
    yield { lines, position };
    if (documents.length < PAGE) return;
  }
}

async function lineOfDocument(store: Firestore, root: string, table: TableShape, { id, fields }: Document): Promise<string> {
  const count = countOfParts(fields);
  if (count === 0) return lineOfFields(table, fields);
  const parts: Buffer[] = [];
  for (let at = 0; at < count; at += 1) {
    const part = await store.get(`${root}/${nameOf(table)}/${id}/${PARTS}/${partId(at)}`);
    const bytes = part?.['bytes'];
    if (bytes === undefined || !('bytesValue' in bytes))
      throw new Misconfigured(`${nameOf(table)}/${id} in Firestore lacks part ${at + 1} of ${count}`);
    parts.push(Buffer.from(bytes.bytesValue, 'base64'));
  }
  return Buffer.concat(parts).toString('utf8');
}

const partId = (at: number) => String(at).padStart(4, '0');

function countOfParts(fields: Fields): number {
  const count = fields[PARTS];
  return count !== undefined && 'integerValue' in count ? Number(count.integerValue) : 0;
}

/** The documents of a row: one, or with its parts. */
function writesOf(store: Firestore, root: string, table: TableShape, line: string): Write[] {
  const { id, fields } = lineToFields(table, line);
  const path = `${root}/${nameOf(table)}/${id}`;
  if (line.length < LONGEST_ROW) return [{ update: { name: store.nameOf(path), fields } }];
  const bytes = Buffer.from(line);
  const count = Math.ceil(bytes.length / PART_BYTES);
  const parts = Array.from({ length: count }, (_, at): Write => {
    const part = bytes.subarray(at * PART_BYTES, (at + 1) * PART_BYTES).toString('base64');
    return { update: { name: store.nameOf(`${path}/${PARTS}/${partId(at)}`), fields: { bytes: { bytesValue: part } } } };
  });
  return [...parts, { update: { name: store.nameOf(path), fields: { [PARTS]: { integerValue: String(count) } } } }];
}

/** As many as one commit takes, each. */
function chunked(writes: readonly Write[]): Write[][] {
  const chunks: Write[][] = [[]];
  let size = 0;
  for (const write of writes) {
    const bytes = Buffer.byteLength(JSON.stringify(write));
    if ((chunks.at(-1)?.length ?? 0) >= AT_ONCE || size + bytes > BYTES_AT_ONCE) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(write);
    size += bytes;
  }
  return chunks;
}

async function commitAll(store: Firestore, chunks: readonly Write[][]): Promise<void> {
  for (let at = 0; at < chunks.length; at += COMMITS_AT_ONCE)
    await Promise.all(
      chunks
        .slice(at, at + COMMITS_AT_ONCE)
        .filter((chunk) => chunk.length > 0)
        .map((chunk) => store.commit(chunk)),
    );
}

async function rootOf(store: Firestore, root: string): Promise<Root | null> {
  const fields = await store.get(root);
  if (fields === null) return null;
  const texts = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, 'stringValue' in value ? value.stringValue : null]));
  const parsed = Root.safeParse(texts);
  if (!parsed.success)
    throw new Conflict(`The document ${root} in Firestore is of another program. Name another root: firestore:project?root=steward/other`);
  return parsed.data;
}

const textFields = (texts: Root): Fields => Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, { stringValue: text }]));

/** What `openFirestoreTarget` wrote below this document. */
export async function openFirestoreSource(store: Firestore, root: string): Promise<Source> {
  const found = await rootOf(store, root);
  if (found?.state !== 'whole')
    throw new Misconfigured(
      found === null
        ? `There is no ${root} in this Firestore. Check project and root after --from`
        : `${root} in Firestore is not whole: the migration into it was cut off. Say that command again with --resume`,
    );
  const manifest = parseManifest(found.manifest, root);
  return {
    shape: () => Promise.resolve(manifest),
    recorded: (table) => manifest.tables.find((one) => nameOf(one) === nameOf(table)) ?? null,
    read: (table, after) => readTable(store, root, table, after),
    close: () => Promise.resolve(),
  };
}

/** A document a row, named by its key: written twice it is the same. A batch's checkpoint is part of its last commit. */
export function openFirestoreTarget(store: Firestore, root: string): Target {
  let origin = '';
  return {
    async begin(shape, resume) {
      origin = originOf(shape);
      const found = await rootOf(store, root);
      if (found === null) {
        await store.commit([{ update: { name: store.nameOf(root), fields: textFields({ state: 'begun', origin, manifest: '' }) } }]);
        return NOTHING_YET;
      }
      if (found.state === 'whole')
        throw new Conflict(
          `${root} in this Firestore holds a whole store, which stays as it is. Name another: firestore:project?root=steward/other`,
        );
      if (!resume) throw new Conflict(`A migration into ${root} in this Firestore was begun and is not whole. Go on with it: add --resume`);
      refuseOtherSource(found.origin, shape, root);
      return progressOf(store, root);
    },
    read: (table, after) => readTable(store, root, table, after),
    async write(table, lines, checkpoint) {
      const chunks = chunked(lines.flatMap((line) => writesOf(store, root, table, line)));
      await commitAll(store, chunks.slice(0, -1));
      const fields = { checkpoint: { stringValue: JSON.stringify(checkpoint) } };
      await store.commit([...(chunks.at(-1) ?? []), { update: { name: store.nameOf(`${root}/${PROGRESS}/${nameOf(table)}`), fields } }]);
    },
    async clear(table) {
      await store.commit([{ delete: store.nameOf(`${root}/${PROGRESS}/${nameOf(table)}`) }]);
      await empty(store, root, nameOf(table));
    },
    async finish(manifest) {
      await empty(store, root, PROGRESS);
      const fields = textFields({ state: 'whole', origin, manifest: JSON.stringify(manifest) });
      await store.commit([{ update: { name: store.nameOf(root), fields } }]);
    },
    close: () => Promise.resolve(),
  };
}

async function progressOf(store: Firestore, root: string): Promise<Map<string, Checkpoint>> {
  const documents = await store.list(root, PROGRESS, { after: null, limit: 1_000 });
  return new Map(
    documents.map(({ id, fields }) => {
      const checkpoint = fields['checkpoint'];
      return [id, Checkpoint.parse(JSON.parse(checkpoint !== undefined && 'stringValue' in checkpoint ? checkpoint.stringValue : ''))];
    }),
  );
}

/** Documents of a collection, with their parts, which a parent does not take along. */
async function empty(store: Firestore, parent: string, collection: string): Promise<void> {
  for (;;) {
    const documents = await store.list(parent, collection, { after: null, limit: PAGE, only: PARTS });
    if (documents.length === 0) return;
    const paths = documents.flatMap(({ id, fields }) => {
      const path = `${parent}/${collection}/${id}`;
      return [...Array.from({ length: countOfParts(fields) }, (_, at) => `${path}/${PARTS}/${partId(at)}`), path];
    });
    await commitAll(store, chunked(paths.map((path) => ({ delete: store.nameOf(path) }))));
  }
}
