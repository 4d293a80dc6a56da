import type { z } from 'zod';
import type { AppError } from '#core/errors.ts';
import type { Ctx } from './context.ts';
import type { Role } from './principal.ts';

/**
 * - `read`: one read-only transaction. - `write`: one read-write transaction, audited.
 * - `public`: no sign-in needed. `run` finds the company itself (system database), then uses `ctx.inCompany`.
 * - `outside`: signed in, but `run` opens its own short transactions because it talks to the network in between (test a
 *   connection, run a back-up). Audited like a write.
 */
export type Access = 'read' | 'write' | 'public' | 'outside';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** `POST /api/users/{user_id}`: path parameters are snake_case and name input fields. */
export type HttpRoute = `${Method} /${string}`;

type ErrorClass = new (...args: never[]) => AppError;

/** Something a user can ask for: declared once, served as REST route, OpenAPI entry, CLI command and MCP tool. */
export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType, Name extends string = string> {
  /** Stable, dotted, plural noun first: `leads.create`. Also the MCP tool's name (dots become underscores) and the audit verb. */
  readonly name: Name;
  /** One sentence for the reference, the CLI's help and the model that reads the MCP tool. */
  readonly summary: string;
  readonly http: HttpRoute;
  /** Further paths that answer the same (`/users/me` beside `/api/users/me`). */
  readonly aliases?: readonly HttpRoute[];
  /** CLI words after `steward`, e.g. `leads create`. Omit to keep it off the CLI. */
  readonly cli?: string;
  /** What a person reads of a list on a terminal, in this order, as in the JSON: `to_email`. Default: everything that fits. `--json` has it all. */
  readonly columns?: readonly string[];
  readonly access: Access;
  /** The least role that may call it. Default `user`. */
  readonly role?: Role;
  /** Scope an API key needs: `<noun>:read` or `<noun>:write`. Default: from the name and the access. */
  readonly scope?: string;
  /** JSON is snake_case, code camelCase: declare camelCase here, the faces rename. Records keep their keys as they are. */
  readonly input: Input;
  readonly output: Output;
  /** Errors of this operation's own; the common ones (invalid, unauthenticated, forbidden, not found …) are implied. */
  readonly errors?: readonly ErrorClass[];
  /** Success status. Default 201 for a POST that creates (`write` + output with id), 204 for DELETE, else 200. */
  readonly status?: number;
  /** Can't be undone by another call: marked so for MCP clients, and asked twice on a terminal. */
  readonly destructive?: boolean;
  /** Requests a minute for one caller; default from config. Sign-in and forms set less. */
  readonly ratePerMinute?: number;
  /** Largest request body in bytes; default 1 MiB. */
  readonly bodyLimit?: number;
  /** Public operations only: pages of every site may call it by script (CORS), without credentials. */
  readonly anyOrigin?: boolean;
  /** The answer holds a secret that is shown once (a new API key): stored encrypted for replays. */
  readonly sensitiveOutput?: boolean;
  /** About the whole installation: the local operator need not say in which company. */
  readonly installation?: boolean;
  /** Leaves no audit row: who looks, what is being typed. For a write that says nothing of what somebody did. */
  readonly unaudited?: true;
  /** Keep this input field out of logs and audit (passwords are always out). */
  readonly secretFields?: readonly string[];
  run(ctx: Ctx, input: z.output<Input>): Promise<z.input<Output>>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- variance: a list of operations of every input and output
export type AnyOperation = Operation<any, any, string>;

/** Declares an operation. Identity at run time; it fixes the types of `input` and of what `run` must return. */
export function operation<Input extends z.ZodType, Output extends z.ZodType, const Name extends string>(
  declaration: Operation<Input, Output, Name>,
): Operation<Input, Output, Name> {
  return declaration;
}
