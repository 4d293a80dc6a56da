import { Command, CommanderError, Option } from 'commander';
import { flagsOf, inputFrom, UsageError, type Flag } from './cli-flags.ts';
import { forPeople } from './cli-print.ts';
import type { AnyOperation } from './operation.ts';

/** The CLI face: an operation's words become a command, its input fields flags. It speaks REST, wherever Steward runs. */

/** One REST call. `body` is parsed JSON, or null. */
export interface Transport {
  request(call: RestCall): Promise<RestAnswer>;
  /** A file, as it comes. @throws AppError when there is none */
  download?(path: string): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}
export interface RestCall {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Where a command writes and whom it asks. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Width of stdout, null when it is no terminal. */
  readonly columns: number | null;
  /** A person sits at stdin and stderr. */
  readonly interactive: boolean;
  confirm(question: string): Promise<boolean>;
  /** Typed without echo. */
  askSecret(question: string): Promise<string>;
}

/** A command of this machine only: no operation, no REST. */
export interface LocalCommand {
  readonly words: string;
  readonly summary: string;
  /** Adds flags. `--json` and `--help` are there already. */
  configure?(command: Command): void;
  /** `named`: what was given without a flag, where `configure` declares an argument. Answers what is printed: null for nothing. */
  run(options: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<unknown>;
  /** Is what it found good? Default: it is. Else the exit code is 1. */
  good?(result: unknown): boolean;
}

export interface Cli {
  readonly operations: readonly AnyOperation[];
  readonly local: readonly LocalCommand[];
  readonly version: string;
  readonly terminal: Terminal;
  /** @param company what `--company` says */
  connect(company: string | null): Promise<Transport>;
}

/** Steward said no: exit code 1. */
export const REFUSED = 1;
/** The command line does not fit: exit code 2. */
export const MISUSED = 2;
/** Silence before a long call says that it still works. */
const PROGRESS_AFTER_MS = 1_500;

/** Runs one command line. Answers the exit code; never throws for what a person can mend. */
export async function runCli(cli: Cli, argv: readonly string[]): Promise<number> {
  let exit = 0;
  const program = programOf(cli, argv, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    const json = argv.includes('--json');
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (json) cli.terminal.out(`${JSON.stringify({ code: 'misused', detail: error.message.replace(/^error: /, '') })}\n`);
      return MISUSED;
    }
    if (error instanceof UsageError) {
      if (json) cli.terminal.out(`${JSON.stringify({ code: 'misused', detail: error.message })}\n`);
      cli.terminal.err(`${error.message}\nSee the flags with --help.\n`);
      return MISUSED;
    }
    return failed(cli.terminal, error, json);
  }
}

function programOf(cli: Cli, argv: readonly string[], setExit: (code: number) => void): Command {
  const { terminal } = cli;
  const program = new Command('steward')
    .description('Runs the chores of a small business, and can prove what it did.')
    .version(cli.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .showHelpAfterError('See what there is with --help.')
    .helpCommand(false);
  program.configureHelp({ sortSubcommands: true });

  for (const command of cli.local) {
    const leaf = leafOf(program, command.words, command.summary);
    command.configure?.(leaf);
    leaf.option('--json', 'print one JSON document').action(async () => {
      const options: Record<string, unknown> = { ...leaf.opts(), ...(leaf.args.length === 0 ? {} : { named: leaf.args }) };
      const result = await command.run(options, terminal);
      if (result !== null) print(terminal, result, options['json'] === true);
      if (command.good?.(result) === false) setExit(REFUSED);
    });
  }
  const typed = argv.filter((word) => !word.startsWith('-'));
  for (const operation of cli.operations) {
    if (operation.cli === undefined) continue;
    const leaf = leafOf(program, operation.cli, operation.summary);
    // Flags cost a JSON schema: only the command that was typed gets its own.
    const words = operation.cli.split(' ');
    if (words.every((word) => typed.includes(word))) withFlags(cli, leaf, operation, setExit);
  }
  describeGroups(program);
  return program;
}

/** A word that only leads to others says which. */
function describeGroups(command: Command): void {
  for (const group of command.commands.filter((found) => found.commands.length > 0)) {
    if (group.description() === '') group.description(group.commands.map((found) => found.name()).join(', '));
    describeGroups(group);
  }
}

/** Finds or makes the command of these words: `marketing lead capture` is three deep. */
function leafOf(program: Command, words: string, summary: string): Command {
  const names = words.split(' ');
  let at = program;
  for (const [index, name] of names.entries()) {
    const found = at.commands.find((command) => command.name() === name);
    const last = index === names.length - 1;
    if (found === undefined) {
      const made = at
        .command(name)
        .helpCommand(false)
        .allowExcessArguments(false)
        .description(last ? summary : '');
      if (!last) made.action(() => made.error(`error: say what to do with ${name}`));
      at = made;
    } else {
      at = found;
      if (last) at.description(summary);
    }
  }
  return at;
}

function withFlags(cli: Cli, leaf: Command, operation: AnyOperation, setExit: (code: number) => void): void {
  const flags = flagsOf(operation);
  for (const flag of flags) leaf.addOption(optionOf(flag));
  leaf.option('--json', 'print one JSON document');
  leaf.option('--company <name>', 'name or id of the company, where there are several');
  if (operation.destructive === true) leaf.option('--yes', 'do not ask');
  leaf.action(async (options: Record<string, unknown>) => {
    const typed = new Map<string, unknown>();
    for (const flag of flags) {
      const value = options[camel(flag.name)] ?? (await missing(cli.terminal, flag));
      if (value !== undefined) typed.set(flag.name, value);
    }
    const input = inputFrom(flags, typed);
    if (operation.destructive === true && options['yes'] !== true && cli.terminal.interactive) {
      const sure = await cli.terminal.confirm(`${operation.summary.replace(/\.$/, '')}. This cannot be undone. Go on?`);
      if (!sure) return setExit(REFUSED);
    }
    setExit(await call(cli, operation, input, options));
  });
}

async function missing(terminal: Terminal, flag: Flag): Promise<unknown> {
  if (!flag.required) return undefined;
  if (flag.secret && terminal.interactive) return terminal.askSecret(flag.name);
  throw new UsageError(`--${flag.alias ?? flag.name} is required`);
}

function optionOf(flag: Flag): Option {
  const names = flag.alias === null ? `--${flag.name}` : `--${flag.alias}, --${flag.name}`;
  const value = { text: '<text>', number: '<number>', boolean: '[true|false]', list: '<a,b>', json: '<json>', file: '<path>' }[flag.kind];
  const need = flag.required ? ' (required)' : '';
  const option = new Option(`${names} ${value}`, `${flag.description}${need}`.trim());
  if (flag.choices.length > 0) option.choices([...flag.choices, ...(flag.nullable ? ['null'] : [])]);
  if (flag.kind === 'list') option.argParser((text: string, before: unknown) => [...(Array.isArray(before) ? before : []), text]);
  return option;
}

async function call(
  cli: Cli,
  operation: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const company = typeof options['company'] === 'string' ? options['company'] : null;
  const done = progress(cli.terminal, operation.summary);
  try {
    const transport = await cli.connect(company);
    try {
      const answer = await transport.request(restCall(operation, input));
      done();
      if (answer.status < 400) {
        print(cli.terminal, answer.body, options['json'] === true, operation.columns);
        return 0;
      }
      if (options['json'] === true) cli.terminal.out(`${JSON.stringify(answer.body)}\n`);
      cli.terminal.err(problemText(answer, operation.cli ?? ''));
      return REFUSED;
    } finally {
      await transport.close();
    }
  } finally {
    done();
  }
}

/** The same request that a REST client would make. */
export function restCall(operation: AnyOperation, input: Readonly<Record<string, unknown>>): RestCall {
  const [method = 'GET', template = '/'] = operation.http.split(' ');
  const rest = new Map(Object.entries(input));
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    return encodeURIComponent(String(value));
  });
  if (method !== 'GET' && method !== 'DELETE') return { method, path, body: Object.fromEntries(rest) };
  const query = new URLSearchParams(
    [...rest].map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
  for (const [name, value] of rest) if (Array.isArray(value)) query.set(name, value.join(','));
  return { method, path: query.size === 0 ? path : `${path}?${query}` };
}

function print(terminal: Terminal, body: unknown, json: boolean, named?: readonly string[]): void {
  terminal.out(
    json
      ? `${JSON.stringify(body ?? { done: true }, null, terminal.columns === null ? undefined : 2)}\n`
      : `${forPeople(body, terminal.columns, named)}\n`,
  );
}

/** The problem's sentence says what to do next; more faulty fields get a line each. */
function problemText({ status, body }: RestAnswer, words: string): string {
  const problem = isObject(body) ? body : {};
  const detail = typeof problem['detail'] === 'string' ? problem['detail'] : `Steward answered ${status}`;
  const fields = Array.isArray(problem['fields']) ? problem['fields'].filter(isObject) : [];
  const lines =
    fields.length > 1 ? fields.map((fault) => `  --${String(fault['path']).replaceAll('_', '-')}: ${String(fault['message'])}`) : [];
  const next = problem['code'] === 'invalid_input' ? [`See the flags with: steward ${words} --help`] : [];
  return `${[detail, ...lines, ...next].join('\n')}\n`;
}

function failed(terminal: Terminal, error: unknown, json: boolean): number {
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
  if (json) terminal.out(`${JSON.stringify({ code, detail })}\n`);
  terminal.err(`${detail}\n`);
  return REFUSED;
}

/** Says on stderr that long work still runs. Answers its stop. */
function progress(terminal: Terminal, what: string): () => void {
  if (!terminal.interactive) return () => {};
  let seconds = 0;
  let shown = false;
  const timer = setInterval(() => {
    seconds += PROGRESS_AFTER_MS / 1000;
    shown = true;
    terminal.err(`\r${what.replace(/\.$/, '')} … ${Math.round(seconds)} s`);
  }, PROGRESS_AFTER_MS);
  return () => {
    clearInterval(timer);
    if (shown) terminal.err('\r\u001b[K');
    shown = false;
  };
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
