import { Worker } from 'node:worker_threads';
import type { Json } from '#core/engine/types.ts';
import { AppError } from '#core/errors.ts';

/** An expression that can't be read, throws, takes too long or wants too much. */
export class ExpressionFailed extends AppError {
  readonly code = 'expression_failed';
  readonly status = 422;
}

export interface Asked {
  readonly id: number;
  readonly code: string;
  /** JSON of what the expression sees. */
  readonly input: string;
  readonly limitMs: number;
  /** What the clock says in there. */
  readonly now: number;
}
export type Answered = { readonly json: string } | { readonly fault: string };

/** Native parts of the engine ask nobody whether the time is over: this much later the thread itself is ended (milliseconds). */
const GRACE_MS = 500;
/** The first expression of a process waits for thread and engine to load (milliseconds). */
const LOADING_MS = 10_000;
/** Without work, the thread and its memory go (milliseconds). */
const IDLE_MS = 60_000;

interface Waiting {
  readonly asked: Asked;
  readonly resolve: (answered: Answered) => void;
}

/**
 * JavaScript that users write, where nothing can be reached: QuickJS compiled to WebAssembly, in a thread of its own (docs/adr/0016-expressions.md).
 * One expression at a time; a thread whose expression does not stop is ended with it.
 */
class Sandbox {
  readonly #queue: Waiting[] = [];
  #thread: Worker | null = null;
  #current: Waiting | null = null;
  #warm = false;
  #timer: NodeJS.Timeout | undefined;

  run(asked: Asked): Promise<Answered> {
    return new Promise((resolve) => {
      this.#queue.push({ asked, resolve });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current !== null) return;
    clearTimeout(this.#timer);
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#timer = setTimeout(() => this.#drop(), IDLE_MS).unref();
      return;
    }
    this.#current = next;
    this.#thread ??= this.#open();
    this.#timer = setTimeout(() => this.#overdue(), next.asked.limitMs + GRACE_MS + (this.#warm ? 0 : LOADING_MS));
    this.#thread.postMessage(next.asked);
  }

  #open(): Worker {
    const thread = new Worker(new URL('./thread.ts', import.meta.url), {
      env: {},
      argv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 },
    });
    thread.unref();
    thread.on('message', (message: Answered & { readonly id: number }) => {
      if (thread !== this.#thread || message.id !== this.#current?.asked.id) return;
      this.#warm = true;
      this.#answer(message);
    });
    thread.on('error', (error) => {
      if (thread !== this.#thread) return;
      this.#drop();
      this.#answer({ fault: `It broke its engine: ${String(error).slice(0, 200)}` });
    });
    return thread;
  }

  #overdue(): void {
    const limitMs = this.#current?.asked.limitMs ?? 0;
    this.#drop();
    this.#answer({ fault: `It takes longer than ${limitMs} ms` });
  }

  #answer(answered: Answered): void {
    const { resolve } = this.#current ?? {};
    this.#current = null;
    clearTimeout(this.#timer);
    resolve?.(answered);
    this.#next();
  }

  #drop(): void {
    void this.#thread?.terminate();
    this.#thread = null;
    this.#warm = false;
  }
}

const sandbox = new Sandbox();
let serial = 0;

/** What an expression sees, by name; nothing else is there. */
export interface Seen {
  readonly steps: Json;
  readonly facts: Json;
  readonly settings: Json;
  readonly trigger: Json;
  readonly loop: Json;
}

/**
 * The value of an expression, or of statements with a `return`.
 * @param limitMs CPU time it may take @param now what the clock says to it
 * @throws ExpressionFailed with a sentence for whoever wrote it
 */
export async function evaluate(code: string, seen: Seen, limitMs: number, now: Date): Promise<Json> {
  const answered = await sandbox.run({ id: ++serial, code, input: JSON.stringify(seen), limitMs, now: now.getTime() });
  if ('fault' in answered) throw new ExpressionFailed(answered.fault);
  // what JSON.stringify wrote
  return JSON.parse(answered.json) as Json;
}
