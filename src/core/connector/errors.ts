import { AppError } from '#core/errors.ts';

/** The vendor no longer accepts these credentials: sends wait, a person is told. */
export class CredentialsRejected extends AppError {
  readonly code = 'credentials_rejected';
  readonly status = 409;
}

/** The vendor understood and said no. Asking again changes nothing. */
export class VendorRefused extends AppError {
  readonly code = 'vendor_refused';
  readonly status = 422;
}

/** The vendor can't be reached or is busy, and nothing was handed over. Later may work. */
export class VendorUnavailable extends AppError {
  readonly code = 'vendor_unavailable';
  readonly status = 503;
  override readonly retry = 'later';
}

/** The request left, the answer did not come: it may have happened. Never repeated blindly. */
export class MaybeDone extends AppError {
  readonly code = 'maybe_done';
  readonly status = 504;
}
