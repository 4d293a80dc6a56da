import { Link } from '@tanstack/react-router';
import { Dot, type Tone } from '#web/kit/badge.tsx';
import { useRead } from '#web/kit/query.ts';

const looks: Record<string, [label: string, tone: Tone, says: string]> = {
  capture: ['Capture', 'neutral', 'No mail server is connected. Mails are written and kept here; nothing leaves.'],
  held: ['Held', 'warn', 'A mail server is connected. Nothing leaves until you launch sending.'],
  live: ['Live', 'ok', 'Mails leave through your mail server.'],
  demo: ['Nothing leaves', 'neutral', 'Mails go to a mail service that is made up.'],
  paused: ['Paused', 'warn', 'All sending is paused.'],
};

/** Whether mail leaves the house, always in view. */
export function LiveState() {
  const status = useRead('sending.status', {}, { everyMs: 30_000 });
  if (status.data === undefined) return null;
  const made = status.data.state === 'live' && 'demo' in document.documentElement.dataset;
  const [label, tone, says] = looks[made ? 'demo' : status.data.state] ?? [status.data.state, 'neutral', ''];
  return (
    <Link
      to="/outbox"
      search={{ tab: 'sending' }}
      aria-label={`Sending: ${label}. ${says}`}
      className="group relative flex h-8 items-center gap-2 rounded-md px-2.5 text-xs font-medium text-ink-2 hover:bg-hover hover:text-ink"
    >
      <Dot tone={tone} className={status.data.state === 'live' ? 'animate-breathe' : ''} />
      {label}
      <span
        aria-hidden
        className="pointer-events-none invisible absolute top-full right-0 mt-1.5 w-max max-w-72 rounded-md bg-ink px-2 py-1 font-normal text-panel opacity-0 shadow-pop transition-opacity delay-300 group-hover:visible group-hover:opacity-100 group-focus-visible:visible group-focus-visible:opacity-100"
      >
        {says}
      </span>
    </Link>
  );
}
