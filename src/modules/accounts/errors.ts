import { Conflict, Forbidden, Unauthenticated } from '#core/errors.ts';
import { constraintOf } from '#core/database/pg-error.ts';

/** Some account of this installation has this email address or user name. */
export class AlreadyTaken extends Conflict {
  override readonly code = 'already_taken';
}

/** The company would be left without anybody who can manage it. */
export class LastAdmin extends Conflict {
  override readonly code = 'last_admin';
}

/** Nobody signs up here without an invitation. */
export class RegistrationClosed extends Forbidden {
  override readonly code = 'registration_closed';
}

/** The link was used, withdrawn, or its time is over. */
export class LinkExpired extends Conflict {
  override readonly code = 'link_expired';
  override readonly status = 410;
}

/** User name and password do not belong together; which of them is wrong is not said. */
export function wrongPassword(): Unauthenticated {
  return new Unauthenticated('The user name or the password is not right. Try again, or reset the password');
}

/** A unique index refused: says which field, lets anything else pass. */
export function namingTheField(error: unknown): unknown {
  const constraint = constraintOf(error);
  if (constraint === 'users_email_key') return taken('email', 'This email address', error);
  if (constraint === 'users_username_key') return taken('username', 'This user name', error);
  return error;
}

function taken(path: string, what: string, cause: unknown): AlreadyTaken {
  return new AlreadyTaken(`${what} belongs to another account. Sign in with it, or take another one`, {
    fields: [{ path, message: 'is taken' }],
    cause,
  });
}
