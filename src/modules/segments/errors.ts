import { Conflict, NotFound } from '#core/errors.ts';

/** No such segment in this company. */
export class SegmentNotFound extends NotFound {
  override readonly code = 'segment_not_found';
}

/** Another segment has this name. */
export class SegmentNameTaken extends Conflict {
  override readonly code = 'segment_name_taken';
}

/** A workflow starts from it. */
export class SegmentInUse extends Conflict {
  override readonly code = 'segment_in_use';
}

/** Only lists that are kept by hand take and lose people by hand. */
export class SegmentNotStatic extends Conflict {
  override readonly code = 'segment_not_static';
}
