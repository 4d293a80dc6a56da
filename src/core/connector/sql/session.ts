import { CredentialsRejected, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import type { Secret } from '#core/secrets.ts';

export interface SqlCredentials {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  /** `any`: encrypted, the certificate is not checked. */
  readonly tls: 'verify' | 'any' | 'off';
}

export const STATEMENT_MS = 60_000;
export const CONNECT_MS = 15_000;

/** What a driver said when it failed. */
export interface SqlFault {
  /** Without the password. */
  readonly says: string;
  /** Empty: the driver gave none. */
  readonly code: string;
  readonly number: number | null;
  readonly error: Error;
}

/** `unknown`: a fault of ours, thrown as it came. */
export type SqlMeaning = 'rejected' | 'slow' | 'busy' | 'no_tls' | 'refused' | 'away' | 'unknown';

/** The house's error for a driver's; `judge` knows the codes of that database. */
export function meaningOf(error: unknown, { password }: SqlCredentials, judge: (fault: SqlFault) => SqlMeaning): Error {
  if (!(error instanceof Error)) return new VendorUnavailable('The database can’t be reached');
  const hidden = password.reveal();
  const says = hidden === '' ? error.message : error.message.replaceAll(hidden, '[secret]');
  const code = 'code' in error ? String(error.code) : '';
  const number = [numberIn(error, 'number'), numberIn(error, 'errno')].find((found) => found !== null) ?? null;
  switch (judge({ says, code, number, error })) {
    case 'rejected':
      return new CredentialsRejected(`The database does not let us in: ${says}`);
    case 'slow':
      return new VendorUnavailable(`The query took longer than ${STATEMENT_MS / 1_000} s: give its columns an index`);
    case 'busy':
      return new VendorUnavailable(`The database is away or busy: ${says}`);
    case 'no_tls':
      return new VendorRefused(`The database speaks no TLS that can be checked: ${says}`);
    case 'refused':
      return new VendorRefused(`The database refused: ${says}`);
    case 'away':
      return new VendorUnavailable(`The database can’t be reached: ${says}`);
    case 'unknown':
      return error;
  }
}

function numberIn(error: Error, key: 'number' | 'errno'): number | null {
  const found: unknown = key in error ? Reflect.get(error, key) : null;
  return typeof found === 'number' ? found : null;
}
