/** What other modules may use of deals. */
export { ensureOwners, ensurePipeline, ensureProductPrices, ensureProducts, firstPipeline } from './ensure.ts';
export { ProductNotFound } from './errors.ts';
export { soldProducts } from './products.ts';
export { dealKey, looksLike } from './key.ts';
export { knownDeals } from './save/known.ts';
export { deleteDeals, saveDeals } from './save/save.ts';
export type { DealActor, DealDraft, DealFields, SaveContext, SavedDeals } from './save/types.ts';
export { DEMO_LEADS } from './daily/demo.ts';
export { markStale, writeDaily } from './daily/files.ts';
export type { DailyPlace } from './daily/files.ts';
export { Snapshot, snapshotOf } from './daily/snapshot.ts';
