import { Button } from './button.tsx';
import { cn } from './cn.ts';

/** What a list that is read page by page ends with while there is more of it. */
export function ShowMore({
  list,
  className,
}: {
  list: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; fetchNextPage(): Promise<unknown> };
  /** Where it does not stand under the rows of a panel. */
  className?: string;
}) {
  if (!list.hasNextPage) return null;
  return (
    <div className={cn('text-center', className ?? 'border-t p-3')}>
      <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        Show more
      </Button>
    </div>
  );
}
