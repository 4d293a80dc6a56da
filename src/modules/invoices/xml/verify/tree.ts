import { SaxesParser } from 'saxes';

export interface Node {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
  readonly text: string;
}

interface Open extends Node {
  readonly children: Node[];
  text: string;
}

const local = (name: string) => name.slice(name.indexOf(':') + 1);

/** The document's element. @throws of what is no XML. For tests. */
export function treeOf(xml: string): Node {
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const path = [top];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const node: Open = { name: local(name), attributes, children: [], text: '' };
    path.at(-1)?.children.push(node);
    path.push(node);
  });
  parser.on('text', (part) => {
    const node = path.at(-1);
    if (node !== undefined) node.text += part;
  });
  parser.on('closetag', () => void path.pop());
  parser.write(xml).close();
  const [root] = top.children;
  if (root === undefined) throw new Error('the XML is empty');
  return root;
}

/** All below `node` by a path of names such as `A/B`. */
export function all(node: Node, path: string): Node[] {
  return path.split('/').reduce((nodes: readonly Node[], name) => nodes.flatMap(({ children }) => children.filter((child) => child.name === name)), [node]) as Node[]; // prettier-ignore
}

export const textsOf = (node: Node, path: string) => all(node, path).map(({ text }) => text.trim());
export const textOf = (node: Node, path: string) => textsOf(node, path)[0] ?? '';
