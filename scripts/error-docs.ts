import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

/** docs/errors.md from the error classes themselves. `node scripts/error-docs.ts` writes it; a test fails when it is old. */
const root = fileURLToPath(new URL('..', import.meta.url));
export const ERRORS_PAGE = `${root}/docs/errors.md`;

interface ErrorClass {
  readonly name: string;
  readonly base: string;
  readonly code: string | null;
  readonly status: number | null;
  readonly retry: string | null;
  readonly meaning: string;
}

interface Entry {
  readonly code: string;
  readonly status: number;
  readonly retry: string;
  readonly meaning: string;
}

export function errorsPage(): string {
  const classes = new Map(
    sources()
      .flatMap((path) => classesOf(path, readFileSync(`${root}/${path}`, 'utf8')))
      .map((found) => [found.name, found]),
  );
  const entries = [...classes.values()].filter((found) => descendsFromAppError(found, classes)).map((found) => entryOf(found, classes));
  return render([...entries, ...transportErrors()]);
}

const sources = () =>
  globSync('src/**/*.ts', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.endsWith('.test.ts') && !path.startsWith('src/testing/'));

function classesOf(path: string, text: string): ErrorClass[] {
  if (!text.includes(' extends ')) return [];
  const { program, comments } = parseSync(path, text);
  return program.body.flatMap((statement) => {
    const declared = statement.type === 'ExportNamedDeclaration' && statement.declaration !== null ? statement.declaration : statement;
    if (declared.type !== 'ClassDeclaration' || declared.id === null || declared.superClass?.type !== 'Identifier') return [];
    const literal = (name: string) => {
      const property = declared.body.body.find(
        (member) => member.type === 'PropertyDefinition' && member.key.type === 'Identifier' && member.key.name === name,
      );
      const value = property?.type === 'PropertyDefinition' ? property.value : null;
      return value?.type === 'Literal' ? value.value : null;
    };
    const comment = comments.findLast(
      (found) => found.type === 'Block' && found.end <= statement.start && text.slice(found.end, statement.start).trim() === '',
    );
    const [code, status, retry] = [literal('code'), literal('status'), literal('retry')];
    return [
      {
        name: declared.id.name,
        base: declared.superClass.name,
        code: typeof code === 'string' ? code : null,
        status: typeof status === 'number' ? status : null,
        retry: typeof retry === 'string' ? retry : null,
        meaning: (comment?.value ?? '')
          .replace(/^\s*\*+ ?/gm, '')
          .replace(/\s+/g, ' ')
          .trim(),
      },
    ];
  });
}

function descendsFromAppError(found: ErrorClass, classes: ReadonlyMap<string, ErrorClass>): boolean {
  const base = classes.get(found.base);
  return found.base === 'AppError' || (base !== undefined && descendsFromAppError(base, classes));
}

/** What a class does not say, its base says. @throws for a class without a docstring or a code */
function entryOf(found: ErrorClass, classes: ReadonlyMap<string, ErrorClass>): Entry {
  const inherited = <Key extends 'code' | 'status' | 'retry'>(key: Key, from: ErrorClass | undefined): ErrorClass[Key] | null =>
    from === undefined ? null : (from[key] ?? inherited(key, classes.get(from.base)));
  const [code, status] = [inherited('code', found), inherited('status', found)];
  if (code === null || status === null) throw new Error(`${found.name} has no literal code or status`);
  if (found.meaning === '') throw new Error(`${found.name} has no docstring: say what it means to a caller`);
  return { code, status, retry: inherited('retry', found) ?? 'never', meaning: found.meaning };
}

/** What the HTTP server and PostgreSQL refuse before an operation does: the tables of problem.ts. */
function transportErrors(): Entry[] {
  const text = readFileSync(`${root}/src/core/operation/problem.ts`, 'utf8');
  return [...text.matchAll(/[[(](\d{3}), '(\w+)', '((?:[^'\\]|\\.)+)'[\])]/g)].map(([, status, code, meaning]) => ({
    code: code ?? '',
    status: Number(status),
    retry: status === '503' ? 'later' : 'never',
    meaning: `${meaning ?? ''}.`.replaceAll("\\'", "'"),
  }));
}

function render(entries: readonly Entry[]): string {
  const byCode = new Map<string, Entry[]>();
  for (const entry of entries) byCode.set(entry.code, [...(byCode.get(entry.code) ?? []), entry]);
  const sections = [...byCode.entries()]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([code, same]) => {
      const statuses = [...new Set(same.map((entry) => entry.status))].toSorted((a, b) => a - b).join(' or ');
      const retry = same.every((entry) => entry.retry === 'later') ? 'The same call may work later.' : '';
      const meanings = [...new Set(same.map((entry) => entry.meaning))].slice(0, 3);
      return `## ${code}\n\nStatus ${statuses}. ${retry}\n\n${meanings.map((meaning) => (meanings.length > 1 ? `- ${meaning}` : meaning)).join('\n')}\n`.replaceAll(
        / +\n/g,
        '\n',
      );
    });
  return `${HEAD}\n${sections.join('\n')}`;
}

const HEAD = `# Errors

Made from the code by \`node scripts/error-docs.ts\`; a test keeps the two the same.

Over HTTP an error is [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem JSON:

\`\`\`json
{
  "type": "/docs/errors#invalid_input",
  "title": "invalid input",
  "status": 422,
  "code": "invalid_input",
  "detail": "email: invalid email address",
  "fields": [{ "path": "email", "message": "invalid email address" }],
  "request_id": "01a1fc14-a175-70f7-9071-39c715df78d7"
}
\`\`\`

\`code\` is stable: write programs against it. \`detail\` is one sentence for a person, with the next step. \`fields\` names
faulty input by its path in the JSON. The command line prints \`detail\` on stderr and exits with 1 (2 when the command itself
does not fit); MCP answers a tool error with \`code\`, \`detail\` and \`fields\`.
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(ERRORS_PAGE, errorsPage());
