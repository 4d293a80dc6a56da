/** SQLSTATE of a PostgreSQL error, also when Drizzle wrapped it; null for anything else. @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
export function errorCode(error: unknown): string | null {
  const source = pgError(error);
  return source === null ? null : source.code;
}

/** The constraint that refused, or null. */
export function constraintOf(error: unknown): string | null {
  return pgError(error)?.constraint ?? null;
}

interface PgError {
  readonly code: string;
  readonly constraint: string | null;
}

function pgError(error: unknown, depth = 0): PgError | null {
  if (!(error instanceof Error) || depth > 4) return null;
  if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) && 'severity' in error) {
    return { code: error.code, constraint: 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : null };
  }
  return pgError(error.cause, depth + 1);
}
