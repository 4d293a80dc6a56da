import { Link } from '@tanstack/react-router';
import { Badge } from '#web/kit/badge.tsx';
import type { Input } from '#web/kit/api.ts';
import { money } from '#web/kit/money.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useList } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';

/** The deals of a person or an organisation; nothing where there is none. */
export function DealsPanel({ of }: { of: Pick<Input<'deals.list'>, 'person_id' | 'organisation_id'> }) {
  const deals = useList('deals.list', { ...of, sort: '-updated_at', limit: 10 });
  if (deals.rows.length === 0) return null;
  return (
    <Panel title="Deals" flush>
      <ul className="divide-y text-sm">
        {deals.rows.map((deal) => (
          <li key={deal.id}>
            <Link to="/deals/$dealId" params={{ dealId: deal.id }} className="block px-4 py-2.5 hover:bg-hover">
              <span className="flex items-baseline justify-between gap-3">
                <span className="min-w-0 truncate font-medium">{deal.name}</span>
                <span className="num shrink-0">{money(deal.amount_cents, deal.currency)}</span>
              </span>
              <span className="mt-0.5 flex items-center justify-between gap-3 text-xs text-ink-3">
                <span className="truncate">{deal.owner ?? ''}</span>
                <Badge tone={deal.status === 'won' ? 'ok' : deal.status === 'lost' ? 'bad' : 'neutral'}>{deal.stage}</Badge>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <ShowMore list={deals} />
    </Panel>
  );
}
