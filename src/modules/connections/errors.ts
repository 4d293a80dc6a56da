import { NotFound } from '#core/errors.ts';

/** No such connection in this company. */
export class ConnectionNotFound extends NotFound {
  override readonly code = 'connection_not_found';
}
