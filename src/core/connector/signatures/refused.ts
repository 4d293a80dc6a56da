import { AppError } from '#core/errors.ts';
import type { SignatureVerdict } from './types.ts';

/** The signature is missing, too old, or not that of this body under the secret. */
export class SignatureRefused extends AppError {
  readonly code = 'signature_refused';
  readonly status = 401;
}

type Reason = Extract<SignatureVerdict, { valid: false }>['reason'];

export const SIGNATURE_REASONS: Readonly<Record<Reason, string>> = {
  unsigned: 'The request carries no signature, and this address asks for one',
  stale: 'The request was signed too long ago, or its clock is wrong',
  mismatch: 'The signature is not that of this body under the secret that was entered here',
};
