export interface PipelineSearch {
  at?: string | undefined;
  month?: string | undefined;
  measure?: string | undefined;
  bar?: string | undefined;
  by?: string | undefined;
  ages?: string | undefined;
  owner?: string | undefined;
  product?: string | undefined;
  source?: string | undefined;
  stage?: string | undefined;
}

/** Of one owner, product or source, or of all. */
export function sliceOf(search: PipelineSearch): { owner_id?: string; product_id?: string; source?: string } {
  if (search.owner !== undefined) return { owner_id: search.owner };
  if (search.product !== undefined) return { product_id: search.product };
  return search.source === undefined ? {} : { source: search.source };
}

/** The first instant of a month (UTC, as months are added up) and that of the next one. */
export function periodOf(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { from: new Date(Date.UTC(year, number - 1, 1)).toISOString(), to: new Date(Date.UTC(year, number, 1)).toISOString() };
}
