import { Dot, type Tone } from '#web/kit/badge.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useList } from '#web/kit/query.ts';
import { ShowMore } from '#web/kit/show-more.tsx';
import { When } from '#web/kit/time.tsx';
import type { Checkup } from './doctor-page.tsx';

type State = Checkup['findings'][number]['state'];
const TONES: Record<State, Tone> = { good: 'ok', note: 'neutral', warn: 'warn', bad: 'bad', unknown: 'neutral' };

/** What changed, and when. The first look changed nothing, and looks that found the same leave nothing. */
export function Changes({ address }: { address: string }) {
  const changes = useList('senders.checkup_history', { sender: address, limit: 20 });
  const rows = changes.rows.flatMap((one) =>
    one.changes.filter(({ from }) => from !== null).map((change) => ({ ...change, id: one.id, at: one.created_at })),
  );
  if (rows.length === 0) return null;
  return (
    <Panel title="What changed" flush>
      <ul className="divide-y">
        {rows.map((one) => (
          <li key={`${one.id} ${one.check}`} className="flex items-start gap-3 px-4 py-2.5 text-sm">
            <Dot tone={TONES[one.to]} className="mt-1.5" />
            <p className="min-w-0 flex-1 break-words text-ink-2">{one.says}</p>
            <When at={one.at} />
          </li>
        ))}
      </ul>
      <ShowMore list={changes} />
    </Panel>
  );
}
