import { describe, expect, test } from 'vitest';
import type { Json } from '#core/engine/types.ts';
import { evaluate, ExpressionFailed } from './evaluate.ts';

const NOW = new Date('2026-06-02T08:00:00Z');
const run = (code: string, more: { trigger?: Json; limitMs?: number } = {}) =>
  evaluate(
    code,
    {
      steps: { ask: { body: [1, 2, 3] } },
      facts: { person: { name: 'Ann' } },
      settings: { top: 5 },
      trigger: more.trigger ?? {},
      loop: null,
    },
    more.limitMs ?? 250,
    NOW,
  );

describe('an expression', () => {
  test.each([
    ['1 + 1', 2],
    ['steps.ask.body.map((n) => n * settings.top)', [5, 10, 15]],
    ['({ name: facts.person.name, at: new Date().toISOString() })', { name: 'Ann', at: '2026-06-02T08:00:00.000Z' }],
    ['const half = settings.top / 2; return Math.round(half)', 3],
    ['if (loop === null) return "outside"; return "inside"', 'outside'],
    ['undefined', null],
    ['Date.now() - new Date("2026-06-02").getTime()', 28_800_000],
    ['[3, 1, 2].sort() // sorted', [1, 2, 3]],
  ])('%s', async (code, value) => {
    expect(await run(code)).toEqual(value);
  });

  test.each([
    ['steps.nobody.x', "TypeError: cannot read property 'x' of undefined"],
    ['1 +', 'SyntaxError'],
    ['Math.random()', 'There is no chance here'],
    ['throw new Error("no stock"); return 1', 'no stock'],
    ['1n', 'BigInt'],
    ['Symbol("x")', 'nothing that JSON can hold'],
    ['"x".repeat(2e6)', 'longer than 1 MB'],
  ])('that goes wrong says why: %s', async (code, says) => {
    await expect(run(code)).rejects.toThrow(ExpressionFailed);
    await expect(run(code)).rejects.toThrow(says);
  });
});

describe('nothing of this program', () => {
  test.each([
    'process',
    'require',
    'module',
    'global',
    'fetch',
    'WebAssembly',
    'setTimeout',
    'setInterval',
    'Worker',
    'XMLHttpRequest',
    'Buffer',
    'std',
    'os',
    'performance',
    'console',
  ])('%s is there', async (name) => {
    expect(await run(`typeof ${name}`)).toBe('undefined');
  });

  test.each([
    'globalThis.constructor.constructor("return typeof process")()',
    '(function () {}).constructor("return typeof process")()',
    'trigger.constructor.constructor("return typeof process")()',
    'Reflect.construct(Function, ["return typeof process"])()',
    '(async () => {}).constructor("return typeof process")() instanceof Promise ? "undefined" : "there"',
    'eval("typeof process")',
    'try { null.x } catch (error) { return error.constructor.constructor("return typeof process")() }',
  ])('is reached by %s', async (code) => {
    expect(await run(code)).toBe('undefined');
  });

  test('is loaded: neither modules nor files', async () => {
    await expect(run('import("node:fs")').then((value) => JSON.stringify(value))).resolves.toBe('{}');
    await expect(run('import fs from "node:fs"; return 1')).rejects.toThrow(ExpressionFailed);
  });

  test('changes when prototypes do, in there or by the input, and nothing stays for the next', async () => {
    await run('Object.prototype.polluted = 1; Array.prototype.map = () => "mine"; JSON.stringify = () => "{}"; return 1');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(await run('[typeof ({}).polluted, [1].map((n) => n)]')).toEqual(['undefined', [1]]);
    const trigger: Json = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
    expect(await run('[typeof ({}).polluted, typeof trigger.polluted]', { trigger })).toEqual(['undefined', 'undefined']);
    expect(await run('JSON.parse("{\\"__proto__\\": {\\"polluted\\": 1}}")')).toBeDefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(await run('globalThis.left = 1; return typeof left')).toBe('number');
    expect(await run('typeof left')).toBe('undefined');
  });

  test('is written into the program by the input', async () => {
    expect(await run('trigger.text', { trigger: { text: '"); while (true); ("\u2028\n`${1}`' } })).toBe(
      '"); while (true); ("\u2028\n`${1}`',
    );
  });
});

describe('an expression that does not stop', () => {
  test.each([
    'while (true);',
    'for (;;) { try { while (true); } catch {} }',
    '(function f() { f(); f(); })()',
    'const p = new Proxy({}, { get: () => { while (true); } }); return p.x',
    'return { toJSON() { while (true); } }',
    'Promise.resolve().then(function f() { return Promise.resolve().then(f); }); while (true);',
    '/^(a+)+$/.test("a".repeat(60) + "!")',
    'return [1, 2, 3].sort(() => { for (;;); })',
  ])('is stopped: %s', async (code) => {
    await expect(run(code, { limitMs: 50 })).rejects.toThrow(ExpressionFailed);
    expect(await run('1 + 1')).toBe(2);
  });

  test.each([
    'const all = []; while (true) all.push(new Array(1e5).fill(7));',
    'const all = []; while (true) all.push("x".repeat(1e5) + all.length);',
    'const all = []; while (true) all.push(new Uint8Array(1e6));',
    'let text = "x"; while (true) text += text;',
    'return new ArrayBuffer(1e9)',
    'return new Array(1e9).fill(0)',
    'return 10n ** (10n ** 6n)',
    'return "a".repeat(1e7).replace(/a/g, "b".repeat(200)).length',
    'return JSON.parse("[".repeat(1e6))',
  ])('or wants ever more is stopped before it hurts: %s', async (code) => {
    await expect(run(code, { limitMs: 100 })).rejects.toThrow(ExpressionFailed);
    expect(await run('1 + 1')).toBe(2);
  });
});

test('many at once are worked off one after the other, each with its own answer', async () => {
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => run(`${i} * 2`)));
  expect(all).toEqual(Array.from({ length: 40 }, (_, i) => i * 2));
});
