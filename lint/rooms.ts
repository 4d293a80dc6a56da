/** The rooms of the house (docs/map in README): who may know whom is settled between rooms, not between files. */
export type Room =
  | { readonly kind: 'core' | 'app' | 'testing' | 'kit' | 'shell' }
  | { readonly kind: 'module' | 'pages' | 'connector'; readonly name: string };

/** @param path relative to the root, POSIX */
export function roomOf(path: string): Room | null {
  const [src, top, name = '', next] = path.split('/');
  if (src !== 'src') return null;
  // A suite over all vendors or all modules stands in the corridor between them.
  if (next === undefined && (top === 'connectors' || top === 'modules') && isTest(name)) return { kind: 'testing' };
  switch (top) {
    case 'core':
    case 'app':
    case 'testing':
      return { kind: top };
    case 'web':
      return { kind: name === 'kit' ? 'kit' : 'shell' };
    case 'modules':
      return { kind: next === 'web' ? 'pages' : 'module', name };
    case 'connectors':
      return { kind: 'connector', name };
    default:
      return null;
  }
}

export const isWeb = (room: Room) => room.kind === 'pages' || room.kind === 'kit' || room.kind === 'shell';

export function sameRoom(a: Room, b: Room): boolean {
  return a.kind === b.kind && ('name' in a ? a.name : '') === ('name' in b ? b.name : '');
}

/** Tests, and what the tests of one module share. */
export const isTest = (path: string) => /\.test\.tsx?$|\/testing\.ts$/.test(path);

/** A test may use the test app, and call any operation, as a client would. */
export const isForTests = (target: string) =>
  target.startsWith('src/testing/') || target === 'src/app/modules.ts' || /^src\/modules\/[^/]+\/operations(\/|\.ts$)/.test(target);
