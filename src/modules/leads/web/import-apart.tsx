import { Link } from '@tanstack/react-router';
import { count } from '#web/kit/format.ts';
import { useRead } from '#web/kit/query.ts';

const sum = (items: readonly { deals: number }[] | undefined) => (items ?? []).reduce((total, row) => total + row.deals, 0);

/** What of the file is incomplete: it is there, listed apart, and can be completed. */
export function DealsApart({ importId }: { importId: string }) {
  const undated = useRead('deals.totals', { import_id: importId, only: 'undated' });
  const alone = useRead('deals.totals', { import_id: importId, only: 'no_account' });
  if (undated.data === undefined || alone.data === undefined) return null;
  const link = 'underline decoration-line-strong underline-offset-4 hover:decoration-ink';
  return (
    <p className="num mt-2 text-sm text-ink-2">
      <Link to="/deals" search={{ import: importId, only: 'undated' }} className={link}>
        {count(sum(undated.data.items))} without a date
      </Link>{' '}
      and{' '}
      <Link to="/deals" search={{ import: importId, only: 'no_account' }} className={link}>
        {count(sum(alone.data.items))} without an organisation
      </Link>{' '}
      are listed apart: nothing was dropped.
    </p>
  );
}
