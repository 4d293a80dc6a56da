import { AppError, Conflict, NotFound } from '#core/errors.ts';

/** This id was put together with another person; the fault of `person_id` is the new id. */
export class PersonMerged extends AppError {
  readonly code = 'person_merged';
  readonly status = 410;
}

/** No such merge in this company. */
export class MergeNotFound extends NotFound {
  override readonly code = 'merge_not_found';
}

/** Something that happened after the merge stands in the way of taking it back. */
export class MergeUndoRefused extends Conflict {
  override readonly code = 'merge_undo_refused';
}
