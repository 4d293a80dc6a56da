import { AppError, Conflict, NotFound } from '#core/errors.ts';

/** No such deal in this company. */
export class DealNotFound extends NotFound {
  override readonly code = 'deal_not_found';
}
/** No such pipeline in this company. */
export class PipelineNotFound extends NotFound {
  override readonly code = 'pipeline_not_found';
}
/** No such stage in this company. */
export class StageNotFound extends NotFound {
  override readonly code = 'stage_not_found';
}
/** No such product in this company. */
export class ProductNotFound extends NotFound {
  override readonly code = 'product_not_found';
}
/** No such owner of deals in this company. */
export class DealOwnerNotFound extends NotFound {
  override readonly code = 'deal_owner_not_found';
}
/** The name is taken by another pipeline, stage, product or owner. */
export class DealNameTaken extends Conflict {
  override readonly code = 'deal_name_taken';
}
/** Deals stand in it: move them first. */
export class StageInUse extends Conflict {
  override readonly code = 'stage_in_use';
}
/** An amount in a currency for which no rate is known. */
export class RateMissing extends AppError {
  readonly code = 'rate_missing';
  readonly status = 422;
}
