/**
 * Errors that a caller may see. The class is the retry policy; the code is stable API (docs/errors.md lists them).
 * Rendered as RFC 9457 problem JSON by the REST face, as one sentence by the CLI.
 */

/** What a caller should do next: `never` change the input; `later` the same call may work after a while. */
export type Retry = 'never' | 'later';

/** Where in the input the fault lies: dotted path in JSON names, e.g. `lead.email`. */
export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

export abstract class AppError extends Error {
  abstract readonly code: string;
  abstract readonly status: number;
  readonly retry: Retry = 'never';
  readonly fields: readonly FieldFault[];
  /** Seconds until a retry makes sense, sent as Retry-After. */
  readonly retryAfterS: number | undefined;

  constructor(message: string, options: { fields?: readonly FieldFault[]; retryAfterS?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.fields = options.fields ?? [];
    this.retryAfterS = options.retryAfterS;
  }
}

/** The input does not fit the operation's schema. */
export class InvalidInput extends AppError {
  readonly code = 'invalid_input';
  readonly status = 422;
}

/** No such row in this company. Also the answer for another company's id. */
export class NotFound extends AppError {
  readonly code: string = 'not_found';
  readonly status = 404;
}

/** Nobody is signed in, or the credential is no longer good. */
export class Unauthenticated extends AppError {
  readonly code = 'unauthenticated';
  readonly status = 401;
}

/** Signed in, but this role or key scope may not do that. */
export class Forbidden extends AppError {
  readonly code: string = 'forbidden';
  readonly status = 403;
}

/** The row is not in a state that allows this, or such a row exists already. */
export class Conflict extends AppError {
  readonly code: string = 'conflict';
  readonly status: number = 409;
}

/** The installation has no company yet: set it up first. */
export class NoCompany extends AppError {
  readonly code = 'no_company';
  readonly status = 409;
}

/** `If-Match` named a version that is no longer current. */
export class VersionChanged extends AppError {
  readonly code = 'version_changed';
  readonly status = 412;
}

/** The Idempotency-Key was used before with another request. */
export class KeyReused extends AppError {
  readonly code = 'idempotency_key_reused';
  readonly status = 422;
}

/** Too many calls; try again after `retryAfterS`. */
export class TooManyRequests extends AppError {
  readonly code = 'too_many_requests';
  readonly status = 429;
  override readonly retry = 'later';
}

/** The instance can't serve this now: starting, draining, database away. */
export class Unavailable extends AppError {
  readonly code: string = 'unavailable';
  readonly status: number = 503;
  override readonly retry = 'later';
}

/** This installation is a copy, or somebody held it: nothing leaves and nothing fires until an admin releases it. */
export class HeldInstance extends Unavailable {
  override readonly code = 'held';
  override readonly status = 423;
}

/** Set-up of this installation is wrong; the message names the setting and the next step. */
export class Misconfigured extends AppError {
  readonly code = 'misconfigured';
  readonly status = 500;
}
