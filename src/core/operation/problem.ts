import { AppError, type FieldFault } from '#core/errors.ts';
import { errorCode } from '#core/database/pg-error.ts';

/** RFC 9457 problem details. `code` is stable; `type` leads to its entry in the docs. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields?: readonly FieldFault[];
  readonly request_id?: string;
}

/** What Fastify itself refuses, in our words. @see https://fastify.dev/docs/latest/Reference/Errors/ */
const FASTIFY: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body_too_large', 'The request body is larger than this operation takes'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported_media_type', 'Send JSON: content-type: application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'malformed_request', 'The content-length does not fit the body'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'malformed_request', 'The body is not valid JSON'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'malformed_request', 'The body is empty, but its content-type is application/json'],
  FST_ERR_CTP_EMPTY_TYPE: [415, 'unsupported_media_type', 'Send JSON: content-type: application/json'],
  FST_ERR_BAD_URL: [400, 'malformed_request', 'The path is not a valid URL'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'uri_too_long', 'The path is too long'],
  FST_REQ_FILE_TOO_LARGE: [413, 'body_too_large', 'The file is larger than this operation takes'],
};

/** Faults that PostgreSQL finds in values which passed the schema. Anything else from the database is ours: 500. */
const POSTGRES: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  '22P02': [422, 'invalid_input', 'A value has the wrong form'],
  '22003': [422, 'invalid_input', 'A number is out of range'],
  '22008': [422, 'invalid_input', 'A date is out of range'],
  '22021': [422, 'invalid_input', 'A text has a character that cannot be stored'],
  '22P05': [422, 'invalid_input', 'A text has a character that cannot be stored'],
  '23503': [422, 'invalid_input', 'Something that this refers to does not exist'],
  '23505': [409, 'conflict', 'Such a row exists already'],
  '23514': [422, 'invalid_input', 'A value is outside of what is allowed'],
  '40001': [503, 'unavailable', 'Another change came in between; try again'],
  '40P01': [503, 'unavailable', 'Another change came in between; try again'],
  '57014': [503, 'unavailable', 'The database took too long; try again, or ask for less at once'],
  '57P01': [503, 'unavailable', 'The database is restarting; try again in a moment'],
  '57P02': [503, 'unavailable', 'The database is restarting; try again in a moment'],
  '57P03': [503, 'unavailable', 'The database is starting; try again in a moment'],
  '53300': [503, 'unavailable', 'The database has no connection free; try again in a moment'],
};

const LOST_CONNECTION = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT']);

/** Any thrown thing as a problem. What is not ours to show becomes `internal` with nothing of its text. */
export function toProblem(error: unknown): Problem {
  if (error instanceof AppError) return problem(error.status, error.code, error.message, error.fields);
  const code = codeOf(error);
  const known = FASTIFY[code] ?? POSTGRES[errorCode(error) ?? ''];
  if (known !== undefined) return problem(...known);
  if (LOST_CONNECTION.has(code) || isLostConnection(error))
    return problem(503, 'unavailable', 'The database is away; try again in a moment');
  if (error instanceof SyntaxError && statusOf(error) === 400) return problem(400, 'malformed_request', 'The body is not valid JSON');
  const status = statusOf(error);
  if (status !== null && status >= 400 && status < 500)
    return problem(status, 'malformed_request', error instanceof Error ? error.message : 'The request is malformed');
  return problem(500, 'internal', 'Something went wrong here. It is in the log under the request id; nothing was changed');
}

function problem(status: number, code: string, detail: string, fields: readonly FieldFault[] = []): Problem {
  const base = { type: `/docs/errors#${code}`, title: code.replaceAll('_', ' '), status, code, detail };
  return fields.length > 0 ? { ...base, fields } : base;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function statusOf(error: unknown): number | null {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null;
}

function isLostConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /connection terminated|connection error|client has encountered|timeout exceeded when trying to connect/i.test(error.message)
  );
}
