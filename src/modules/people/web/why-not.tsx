import { Link } from '@tanstack/react-router';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { When } from '#web/kit/time.tsx';

/** Messages this person did not get, and why. */
export function WhyNot({ personId }: { personId: string }) {
  const blocked = useRead('messages.list', { person_id: personId, state: 'blocked', limit: 10 });
  const rows = blocked.data?.items ?? [];
  if (rows.length === 0) return null;
  return (
    <Panel title="Not sent, and why">
      <ul className="space-y-3 text-sm">
        {rows.map((message) => (
          <li key={message.id}>
            <Link to="/outbox" search={{ message: message.id }} className="font-medium hover:underline">
              {message.subject === '' ? 'A message' : message.subject}
            </Link>
            <div className="text-xs text-ink-2">
              {message.state_reason ?? 'Blocked'} · <When at={message.created_at} className="num" />
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
