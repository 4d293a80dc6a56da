// What must be true before Steward runs: packages installed, a Node that reads TypeScript, the web app built.
// Plain JavaScript without imports from node_modules: this runs on a fresh clone, on Node 20.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = resolve(fileURLToPath(new URL('.', import.meta.url)), '..');
const NEEDED_NODE = 24;
const WEB = join(ROOT, 'dist/web');
const WEB_STAMP = join(ROOT, 'dist/web.sha256');

/** Installs what package-lock.json names, when node_modules is missing or older than it. */
export function ensureInstalled() {
  if (isInstalled()) return;
  withLock(() => {
    if (isInstalled()) return; // another process was first
    say('Installing packages. This happens once and takes a minute or so.');
    install();
    if (nodeBinary() === undefined) npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
  });
}

/**
 * Exactly what the lock names. Where a registry lacks packages for other systems that the lock is meant to hold, `npm ci`
 * refuses its own lock; `npm install --no-save` takes the same versions then and changes no file of the checkout.
 */
function install() {
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const first = npm(['ci', ...options], { tolerate: true });
  if (first === undefined) return;
  if (!first.includes('in sync')) fail(first);
  npm(['install', '--no-save', ...options]);
}

/** npm keeps a copy of the lock in node_modules; every package of ours must be in it, but those for other machines. */
function isInstalled() {
  const wanted = packages(join(ROOT, 'package-lock.json'));
  const present = packages(join(ROOT, 'node_modules/.package-lock.json'));
  if (wanted === undefined || present === undefined || nodeBinary() === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    if (found === undefined) return entry.optional === true || (entry.dev === true && process.env.NODE_ENV === 'production');
    return found.version === entry.version;
  });
}

function packages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** A Node that runs TypeScript as it is: this one if it is new enough, else the one among the packages. */
export function nodeBinary() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_NODE) return process.execPath;
  const own = join(ROOT, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(own) ? own : undefined;
}

/** Builds the web app when its sources are not those of the last build. */
export function ensureBuilt() {
  const sources = hashOfSources();
  if (existsSync(join(WEB, 'index.html')) && readIfThere(WEB_STAMP) === sources) return;
  if (!existsSync(join(ROOT, 'node_modules/vite'))) {
    if (existsSync(join(WEB, 'index.html'))) return; // an image: built elsewhere, nothing here to build with
    fail('The web app is not built and vite is not installed. Run: npm ci --include=dev');
  }
  withLock(() => {
    if (existsSync(join(WEB, 'index.html')) && readIfThere(WEB_STAMP) === sources) return;
    say('Building the web app.');
    quietly(nodeBinary(), [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], 'The web app could not be built');
    writeFileSync(WEB_STAMP, sources);
  });
}

/** Operations too go into the web app (their names and paths), so all of src counts, but tests. */
function hashOfSources() {
  const hash = createHash('sha256');
  const visit = (path) => {
    if (!statSync(path).isDirectory()) {
      if (!/\.test\.tsx?$|\.md$/.test(path)) hash.update(path.slice(ROOT.length)).update(readFileSync(path));
      return;
    }
    for (const name of readdirSync(path).sort()) visit(join(path, name));
  };
  for (const name of ['src', 'vite.config.ts', 'package-lock.json']) if (existsSync(join(ROOT, name))) visit(join(ROOT, name));
  return hash.digest('hex');
}

/**
 * Becomes `node ...args`: replaces this process where Node can, else runs it as a child and ends as it ends.
 * Signals reach the child once, also when a terminal sends Ctrl-C to both.
 */
export function become(args, environment = {}) {
  const node = nodeBinary();
  if (node === undefined)
    fail(
      `Node ${NEEDED_NODE} is missing: the npm package "node" was installed without its script. Run: npm rebuild node --ignore-scripts=false`,
    );
  const env = { ...process.env, ...environment };
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    try {
      process.execve(node, [node, ...args], env);
    } catch {
      // not everywhere: run it as a child instead
    }
  }
  const child = spawn(node, args, { stdio: 'inherit', env });
  // On Windows the terminal tells the child itself, and kill() would end it at once instead of asking.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.platform !== 'win32' && child.kill(signal));
  const parent = process.ppid;
  if (args.includes(STOP_WITH_PARENT)) setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1_000).unref();
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
}

/** npm passes SIGTERM on to the shell between it and us only: when that shell is gone, we were asked to stop. */
export const STOP_WITH_PARENT = '--stop-with-parent';

/** Where Node keeps compiled code between starts; npm's cache directory inside node_modules. */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/node-compile'),
  // glibc keeps a heap for each thread: with two, the first load of a CRM of 100,000 holds 289 MB at most instead of 304.
  MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
};

/**
 * Node reserves generously. A small young generation takes 90 MB off what Steward holds at rest (256 → 165 MB), unmeasurable in speed;
 * an old one that grows by 30 % at most between two collections takes 100 MB off an import (480 → 375 MB at most, for a tenth more of
 * processor) and 50 off the first load of a CRM (332 → 278): docs/adr/0012-imports.md.
 */
export const SMALL_HEAP = ['--max-semi-space-size=16', '--heap-growing-percent=30'];

/** Options for running Steward's own TypeScript. */
export const OPTIONS = [...SMALL_HEAP, `--import=${pathToFileURL(join(ROOT, 'scripts/quick-imports.mjs')).href}`];

/** @returns what went wrong, when told to tolerate it */
function npm(args, { tolerate = false } = {}) {
  const script = process.env.npm_execpath; // npm's own program, when npm runs us
  const [command, all] = script?.endsWith('.js')
    ? [process.execPath, [script, ...args]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
  // Without the variables npm sets for the script it runs: they would be taken for options.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(global|prefix|local_prefix)|lifecycle|package)/i.test(name)),
  );
  return quietly(command, all, `npm ${args[0]} failed`, { env, tolerate });
}

function quietly(command, args, complaint, { env = process.env, tolerate = false } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    shell: command.endsWith('.cmd'),
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return undefined;
  const text = `${complaint}${error === undefined ? '' : ` (${error.message})`}:\n${stdout ?? ''}${stderr ?? ''}`;
  return tolerate ? text : fail(text);
}

/** One process at a time prepares a checkout. A lock whose process is gone counts for nothing. */
function withLock(work) {
  const lock = join(tmpdir(), `steward-prepare-${createHash('sha256').update(ROOT).digest('hex').slice(0, 12)}`);
  while (!tryLock(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  try {
    work();
  } finally {
    rmSync(lock, { force: true, recursive: true });
  }
}

function tryLock(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    const pid = Number(readIfThere(join(lock, 'pid')));
    if (pid > 0 ? !isAlive(pid) : age > 5_000) rmSync(lock, { force: true, recursive: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** For a person; standard output belongs to what a command answers. */
function say(text) {
  process.stderr.write(`${text}\n`);
}

export function fail(text) {
  say(text);
  process.exit(1);
}
