import { isForTests, isTest, isWeb, roomOf, sameRoom, type Room } from './rooms.ts';
import type { Import, Mark, Source } from './source.ts';

export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

interface Crossing {
  readonly from: Room;
  readonly to: Room;
  readonly file: Source;
  readonly import: Import;
  readonly target: string;
}

/** Each answers why a crossing is wrong, or null. `app → modules → core ← connectors`; `web → modules/<x>/web → web/kit`. */
const CROSSINGS: Readonly<Record<string, (crossing: Crossing) => string | null>> = {
  'core-knows-nobody': ({ from, to }) =>
    from.kind === 'core' && to.kind !== 'core' && !isWeb(to) ? 'core knows no module, no vendor, no page and not the app' : null,

  'connectors-know-core': ({ from, to }) =>
    from.kind === 'connector' && to.kind !== 'core' && !isWeb(to) && !sameRoom(from, to)
      ? 'a connector knows core and itself; connectors never meet'
      : null,

  'modules-know-core': ({ from, to }) =>
    from.kind === 'module' && (to.kind === 'app' || to.kind === 'connector' || to.kind === 'testing')
      ? `a module knows core and other modules, not ${to.kind}`
      : null,

  'modules-meet-at-public': ({ from, to, import: { specifier } }) => {
    if (from.kind !== 'module' || to.kind !== 'module' || sameRoom(from, to)) return null;
    return specifier === `#modules/${to.name}/public.ts` ? null : `modules meet at #modules/${to.name}/public.ts only`;
  },

  'server-without-web': ({ from, to }) => (!isWeb(from) && isWeb(to) ? 'the server knows no page' : null),

  'web-takes-types': ({ from, to, import: { typeOnly } }) =>
    isWeb(from) && !isWeb(to) && !typeOnly ? 'the browser takes only types from the server: import type' : null,

  'pages-stay-apart': ({ from, to, import: { typeOnly } }) => {
    if (!isWeb(from) || !isWeb(to) || typeOnly || sameRoom(from, to)) return null;
    if (from.kind === 'kit') return 'the kit knows neither pages nor shell';
    if (from.kind === 'pages' && to.kind !== 'kit') return 'a page knows the kit and its own module';
    return null;
  },

  'across-rooms-by-alias': ({ from, to, import: { specifier } }) => {
    const houses = (room: Room) => ('name' in room ? `${room.kind === 'connector'}/${room.name}` : isWeb(room) ? 'web' : room.kind);
    return specifier.startsWith('.') && houses(from) !== houses(to)
      ? 'across folders by #core/…, #modules/…, #web/…; ./ is for neighbours'
      : null;
  },
};

const CLOCKS = new Set(['src/core/clock.ts']);

/** Each answers why a piece of syntax is wrong in this file, or null. */
const MARKS: Readonly<Record<string, (mark: Mark, room: Room) => string | null>> = {
  'no-export-star': ({ kind }) => (kind === 'export *' ? 'name what you export' : null),
  'reason-beside': ({ kind, explained }) =>
    (kind === 'as' || kind === 'any') && !explained ? `${kind} needs a reason: a comment on this line or the one above` : null,
  'time-from-the-clock': ({ kind, explained }, room) =>
    kind === 'new Date()' && !explained && !isWeb(room)
      ? 'time comes from ctx.clock; where the real clock is meant, say so in a comment'
      : null,
  'randomness-from-crypto': ({ kind, explained }) => (kind === 'Math.random()' && !explained ? 'randomness comes from node:crypto' : null),
};

export const RULES = [...Object.keys(CROSSINGS), ...Object.keys(MARKS), 'no-cycle'];

export function check(sources: readonly Source[]): Violation[] {
  return [...sources.flatMap(checkFile), ...cycles(sources)];
}

function checkFile(file: Source): Violation[] {
  const from = roomOf(file.path);
  if (from === null) return [];
  const found: Violation[] = [];
  for (const entry of file.imports) {
    const to = entry.target === null ? null : roomOf(entry.target);
    // The test app may use everything.
    if (entry.target === null || to === null || from.kind === 'testing' || (isTest(file.path) && isForTests(entry.target))) continue;
    for (const [rule, judge] of Object.entries(CROSSINGS)) {
      const message = judge({ from, to, file, import: entry, target: entry.target });
      if (message !== null) found.push({ rule, path: file.path, line: entry.line, message: `${entry.specifier}: ${message}` });
    }
  }
  for (const mark of file.marks) {
    if (mark.kind !== 'export *' && (isTest(file.path) || from.kind === 'testing' || CLOCKS.has(file.path))) continue;
    for (const [rule, judge] of Object.entries(MARKS)) {
      const message = judge(mark, from);
      if (message !== null) found.push({ rule, path: file.path, line: mark.line, message });
    }
  }
  return found;
}

/** Import cycles at load time. Types vanish and lazy imports come later, so neither closes one. */
function cycles(sources: readonly Source[]): Violation[] {
  const graph = new Map(sources.map((file) => [file.path, file.imports.filter((entry) => !entry.typeOnly && !entry.lazy)]));
  const done = new Set<string>();
  const found: Violation[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    if (done.has(path)) return;
    for (const entry of graph.get(path) ?? []) {
      if (entry.target === null || !graph.has(entry.target)) continue;
      const at = [...trail, path].indexOf(entry.target);
      if (at === -1) walk(entry.target, [...trail, path]);
      else found.push({ rule: 'no-cycle', path, line: entry.line, message: [...trail.slice(at), path, entry.target].join(' → ') });
    }
    done.add(path);
  };
  for (const { path } of sources) walk(path, []);
  return found;
}
