import { Badge } from '#web/kit/badge.tsx';
import { useRead } from '#web/kit/query.ts';
import { momentOf } from '#web/kit/time.tsx';

const WHY: Record<string, string> = {
  program: 'it says so itself',
  prefetch: 'it was loaded ahead',
  hidden_link: 'it followed a link that no reader sees',
  at_once: 'it came within seconds',
  all_links: 'it followed all links at once',
};

/** Openings and followed links of one message. Nothing where nothing was counted. */
export function Hits({ messageId }: { messageId: string }) {
  const hits = useRead('tracking.hits', { message_id: messageId });
  const rows = hits.data?.items ?? [];
  if (rows.length === 0) return null;
  return (
    <section>
      <h3 className="mb-2 text-sm font-semibold">Opened and followed</h3>
      <ul className="space-y-2 text-sm">
        {rows.map((hit) => (
          <li key={hit.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
            <span className="num text-xs text-ink-3">{momentOf(hit.at)}</span>
            <span className="min-w-0 break-words">
              {hit.kind === 'open' ? 'Opened' : hit.url === null ? 'Followed the hidden link' : `Followed ${hit.url}`}
            </span>
            {hit.machine === null ? null : (
              <>
                <Badge>Probably a machine</Badge>
                <span className="text-xs text-ink-3">{WHY[hit.machine] ?? ''}</span>
              </>
            )}
            {hit.judged ? null : <span className="text-xs text-ink-3">person or machine: known in a moment</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
