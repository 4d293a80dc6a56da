import type { QueryClient } from '@tanstack/react-query';
import type { Item } from '#web/kit/api.ts';

type Deal = Item<'deals.list'>;
interface Page {
  items: Deal[];
  next_cursor: string | null;
}

/** The stage that a page of a lane is read for. */
function stageOf(queryKey: readonly unknown[]): string | undefined {
  const [name, input, kind] = queryKey;
  if (name !== 'deals.list' || kind !== 'page' || typeof input !== 'object' || input === null || !('stage_id' in input)) return undefined;
  return typeof input.stage_id === 'string' ? input.stage_id : undefined;
}

/** A card leaves its lane and stands in the other one at once, by its value. Answers what takes it back. */
export function moveCard(client: QueryClient, deal: Deal, stageId: string, stage: string): () => void {
  const before = client.getQueriesData<Page>({ predicate: ({ queryKey }) => stageOf(queryKey) !== undefined });
  for (const [queryKey, page] of before) {
    if (page === undefined) continue;
    const rest = page.items.filter((one) => one.id !== deal.id);
    const comes = stageOf(queryKey) === stageId && queryKey[3] === 0;
    const items = comes ? [...rest, { ...deal, stage_id: stageId, stage }].toSorted((a, b) => b.base_cents - a.base_cents) : rest;
    if (comes || rest.length < page.items.length) client.setQueryData<Page>(queryKey, { ...page, items });
  }
  return () => {
    for (const [queryKey, page] of before) client.setQueryData(queryKey, page);
  };
}
