import type { Transaction } from '#core/database/database.ts';
import { nearest } from '#core/nearest.ts';
import type { Runtime } from '#core/runtime.ts';

/** A fact that a template may put out. */
export interface TemplateName {
  readonly path: string;
  readonly title: string;
  /** What lies below it nobody knows beforehand: `company.settings`, a step's output. Without a title it is not offered. */
  readonly open: boolean;
}

const SENDER: readonly TemplateName[] = [
  { path: 'sender.name', title: 'Name of the sender', open: false },
  { path: 'sender.email', title: 'Address of the sender', open: false },
];
/** Known only inside a workflow: its own names are checked there. */
const OF_WORKFLOWS = new Set(['steps', 'trigger', 'settings', 'loop', 'event', 'payload']);
const CUSTOM = 'person.custom';

/** What is known of anybody who gets a message, custom fields of the company by name. */
export async function templateNames(tx: Transaction, runtime: Runtime, companyId: string): Promise<readonly TemplateName[]> {
  const { subjects } = runtime.engine.vocabulary;
  const fields = [...(subjects.get('person')?.fields ?? []), ...(subjects.get('lead')?.fields ?? [])];
  const declared = (await Promise.all(runtime.fields.map(async (one) => (typeof one === 'function' ? one(tx, companyId) : [one])))).flat();
  const names = new Map<string, TemplateName>();
  for (const { path, title, type } of fields)
    if (path !== CUSTOM) names.set(path, { path, title, open: type === 'object' || type === 'list' });
  for (const { name, label } of declared) if (name.startsWith(`${CUSTOM}.`)) names.set(name, { path: name, title: label, open: false });
  const more = runtime.variables.flatMap((one) => one.names.map(({ path, title }) => ({ path, title, open: false })));
  const known = new Set([...names.keys()].map(rootOf));
  // What a workflow is about, a text may name as well: an invoice, a call. Only the workflow can tell.
  const roots = new Set([...subjects.values()].flatMap((subject) => (subject.fields ?? []).map(({ path }) => rootOf(path))));
  const others = [...roots].filter((root) => !known.has(root)).map((path) => ({ path, title: '', open: true }));
  return [...names.values(), ...SENDER, ...more, ...others];
}

const rootOf = (path: string): string => path.split('.')[0] ?? '';

/** Why nobody will know this name, with what may be meant; null: it is known, or only a workflow can tell. */
export function whyUnknown(name: string, names: readonly TemplateName[]): string | null {
  const [root = ''] = name.split('.');
  if (OF_WORKFLOWS.has(root)) return null;
  if (names.some(({ path, open }) => path === name || path.startsWith(`${name}.`) || (open && name.startsWith(`${path}.`)))) return null;
  const paths = names.map(({ path }) => path);
  const bare = paths.find((path) => path.endsWith(`.${name.toLowerCase()}`));
  const near = bare ?? nearest(name, paths);
  return `${name} is not known${near === null ? '; choose a name under Insert' : `; did you mean ${near}?`}`;
}
