/** What a column of a file of deals, or of products, may be. */
export const DEAL_TARGETS = [
  'deal.name', 'deal.external_id', 'deal.stage', 'deal.amount', 'deal.currency', 'deal.product', 'deal.organisation', 'deal.owner', 'deal.owner_email', 'deal.person_email',
  'deal.opened_at', 'deal.closed_at', 'deal.source', 'deal.next_step',
] as const; // prettier-ignore
export const PRODUCT_TARGETS = ['product.name', 'product.series', 'product.price', 'product.currency'] as const;
export type DealTarget = (typeof DEAL_TARGETS)[number];
export type ProductTarget = (typeof PRODUCT_TARGETS)[number];
