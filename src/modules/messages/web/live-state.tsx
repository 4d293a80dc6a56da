import { Link } from '@tanstack/react-router';
import { Dot, type Tone } from '#web/kit/badge.tsx';
import { useRead } from '#web/kit/query.ts';
import { Tooltip } from '#web/kit/tooltip.tsx';

const looks: Record<string, [label: string, tone: Tone, says: string]> = {
  capture: ['Capture', 'neutral', 'No mail server is connected. Mails are written and kept here; nothing leaves.'],
  held: ['Held', 'warn', 'A mail server is connected. Nothing leaves until you launch sending.'],
  live: ['Live', 'ok', 'Mails leave through your mail server.'],
  paused: ['Paused', 'warn', 'All sending is paused.'],
};

/** Whether mail leaves the house, always in view. */
export function LiveState() {
  const status = useRead('sending.status', {}, { everyMs: 30_000 });
  if (status.data === undefined) return null;
  const [label, tone, says] = looks[status.data.state] ?? [status.data.state, 'neutral', ''];
  return (
    <Tooltip text={says} side="bottom">
      <Link
        to="/outbox"
        search={{ tab: 'sending' }}
        aria-label={`Sending: ${label}. ${says}`}
        className="flex h-8 items-center gap-2 rounded-md px-2.5 text-xs font-medium text-ink-2 hover:bg-hover hover:text-ink"
      >
        <Dot tone={tone} className={status.data.state === 'live' ? 'animate-breathe' : ''} />
        {label}
      </Link>
    </Tooltip>
  );
}
