import type { Input } from '#web/kit/api.ts';

/** What of the page stands in its address. */
export interface DealSearch {
  pipeline?: string | undefined;
  stage?: string | undefined;
  status?: string | undefined;
  owner?: string | undefined;
  product?: string | undefined;
  organisation?: string | undefined;
  import?: string | undefined;
  only?: string | undefined;
  q?: string | undefined;
  sort?: string | undefined;
  layout?: string | undefined;
  add?: string | undefined;
}
export type DealFilter = Input<'deals.totals'>;

export const ONLY = {
  overdue: 'Close date has passed',
  slipped: 'Close date was put off',
  rotting: 'Too long in one stage',
  undated: 'Without a date',
  no_account: 'Without an organisation',
} as const;
export const isOnly = (text: string | undefined): text is keyof typeof ONLY => text !== undefined && text in ONLY;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const id = (text: string | undefined) => (text !== undefined && UUID.test(text) ? text : undefined);

/** The filters of the address as the server takes them. */
export function filterOf(search: DealSearch): DealFilter {
  const { status, q, only } = search;
  const [pipeline, stage, owner, product, organisation, file] = [
    search.pipeline,
    search.stage,
    search.owner,
    search.product,
    search.organisation,
    search.import,
  ].map(id);
  return {
    ...(pipeline === undefined ? {} : { pipeline_id: pipeline }),
    ...(stage === undefined ? {} : { stage_id: stage }),
    ...(status === 'open' || status === 'won' || status === 'lost' ? { status } : {}),
    ...(owner === undefined ? {} : { owner_id: owner }),
    ...(product === undefined ? {} : { product_id: product }),
    ...(organisation === undefined ? {} : { organisation_id: organisation }),
    ...(file === undefined ? {} : { import_id: file }),
    ...(isOnly(only) ? { only } : {}),
    ...(q === undefined || q.trim() === '' ? {} : { q: q.trim() }),
  };
}

export const dealSorts = ['-created_at', '-updated_at', '-value', '-close_date'] as const;
