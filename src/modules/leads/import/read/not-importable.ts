import { AppError } from '#core/errors.ts';

/** The file holds nothing that could be imported. */
export class NotImportable extends AppError {
  readonly code = 'not_importable';
  readonly status = 422;
}
