import type { FastifyBaseLogger } from 'fastify';

type Line = readonly unknown[];
type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** The log of one request. pino's child is made with the first line: few requests write one, and to make it takes 4 % of a quick answer. */
export class RequestLog implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: object;
  #made: FastifyBaseLogger | null = null;

  constructor(parent: FastifyBaseLogger, bindings: object) {
    this.#parent = parent;
    this.#bindings = bindings;
  }
  #write(level: Level, line: Line): void {
    const log = (this.#made ??= this.#parent.child({ ...this.#bindings }));
    Reflect.apply(log[level], log, line);
  }
  get level(): string {
    return this.#parent.level;
  }
  fatal(...line: Line): void {
    this.#write('fatal', line);
  }
  error(...line: Line): void {
    this.#write('error', line);
  }
  warn(...line: Line): void {
    this.#write('warn', line);
  }
  info(...line: Line): void {
    this.#write('info', line);
  }
  debug(...line: Line): void {
    this.#write('debug', line);
  }
  trace(...line: Line): void {
    this.#write('trace', line);
  }
  silent(...line: Line): void {
    this.#write('silent', line);
  }
  child(bindings: object): FastifyBaseLogger {
    return this.#parent.child({ ...this.#bindings, ...bindings });
  }
}
