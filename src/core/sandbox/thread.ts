import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import base from '@jitl/quickjs-ng-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSContext, type QuickJSSyncVariant } from 'quickjs-emscripten-core';
import type { Asked, Answered } from './evaluate.ts';

/** Pages of 64 KiB: 16 MiB to begin with, 48 MiB at most. The engine's own limit can't be relied on inside WebAssembly; this one is the host's. */
const MEMORY = { initial: 256, maximum: 768 };
const STACK_BYTES = 256 * 1024;
/** Longest result, as JSON. */
const MOST_BYTES = 1_000_000;

/** What of it is used here; TypeScript knows it of browsers only. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number }) => object;
};

const wasm = import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm');
const compiled = readFile(fileURLToPath(wasm)).then((bytes) => WebAssembly.compile(bytes));

/** A new engine with a memory of its own for each call: nothing that one leaves behind is there for the next. */
async function evaluate({ code, input, limitMs, now }: Asked): Promise<Answered> {
  // its types describe the CommonJS build, where the variant is `default`
  const variant = newVariant(base as unknown as QuickJSSyncVariant, {
    wasmModule: await compiled,
    wasmMemory: new WebAssembly.Memory(MEMORY),
  });
  const runtime = (await newQuickJSWASMModuleFromVariant(variant)).newRuntime();
  let until = Infinity;
  runtime.setMaxStackSize(STACK_BYTES);
  runtime.setInterruptHandler(() => performance.now() > until);
  const context = runtime.newContext();
  until = performance.now() + limitMs;
  // Read, not run: what is no expression is statements.
  const isExpression = context.evalCode(`(function () { 'use strict'; return (\n${code}\n); })`).error === undefined;
  const result = context.evalCode(programOf(isExpression ? `return (\n${code}\n);` : code, input, now), 'expression.js');
  if (result.error) return { fault: faultOf(context.dump(result.error), limitMs) };
  const json = textOf(context, result.value);
  if (json === undefined) return { fault: 'It gives nothing that JSON can hold' };
  return json.length > MOST_BYTES ? { fault: 'Its result is longer than 1 MB' } : { json };
}

function textOf(context: QuickJSContext, value: Parameters<QuickJSContext['getString']>[0]): string | undefined {
  return context.typeof(value) === 'string' ? context.getString(value) : undefined;
}

/**
 * The input comes as text and the result leaves as text: no object of one side is ever seen by the other. What would differ from one
 * time to the next (the clock, chance) is fixed before the expression runs.
 */
function programOf(body: string, input: string, now: number): string {
  return `(() => {
  const toJson = JSON.stringify, RealDate = Date;
  Math.random = () => { throw new Error('There is no chance here: the same input gives the same result'); };
  globalThis.Date = class Date extends RealDate { constructor(...parts) { if (parts.length === 0) super(${now}); else super(...parts); } static now() { return ${now}; } };
  delete globalThis.performance; delete globalThis.SharedArrayBuffer; delete globalThis.WeakRef; delete globalThis.FinalizationRegistry;
  const { steps, facts, settings, trigger, loop } = JSON.parse(${JSON.stringify(input)});
  const result = (function () { 'use strict';
${body}
  })();
  return toJson(result === undefined ? null : result);
})()`;
}

function faultOf(error: unknown, limitMs: number): string {
  const { name, message } =
    typeof error === 'object' && error !== null ? { name: '', message: '', ...error } : { name: 'Error', message: String(error) };
  if (message === 'interrupted') return `It takes longer than ${limitMs} ms`;
  if (message === 'out of memory') return 'It needs more memory than an expression may have';
  return `${String(name)}: ${String(message)}`.slice(0, 500);
}

parentPort?.on('message', (asked: Asked) => {
  evaluate(asked).then(
    (answered) => parentPort?.postMessage({ id: asked.id, ...answered }),
    (error: unknown) =>
      parentPort?.postMessage({
        id: asked.id,
        fault: `It broke its engine: ${error instanceof Error ? error.message.slice(0, 200) : 'no reason given'}`,
      }),
  );
});
