import { Link } from '@tanstack/react-router';
import { Pause, Play, Rocket } from 'lucide-react';
import { useState } from 'react';
import { Dot, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { momentOf } from '#web/kit/time.tsx';
import { LaunchDialog } from './launch.tsx';

const words: Record<string, [title: string, tone: Tone, says: string]> = {
  capture: ['Capturing', 'neutral', 'No mail server is connected. Mails are written and kept here to read; nothing can leave.'],
  held: ['Held until you launch', 'warn', 'A mail server is connected. Look at what would be sent, then launch.'],
  live: ['Live', 'ok', 'Mails leave through your mail server, each one through the gate.'],
  demo: ['Demo', 'neutral', 'Mails pass the gate and go to a mail service that is made up. Nothing leaves.'],
  paused: ['Paused', 'warn', 'Nothing leaves until you resume. Writing goes on.'],
};

/** One line that says whether mail leaves, and the one button that changes it. */
export function SendingPanel({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const status = useRead('sending.status', {}, { everyMs: 30_000 });
  const may = useMay('manager');
  const [launching, setLaunching] = useState(false);
  const refresh = ['sending', 'messages', 'system'];
  const pause = useAct('sending.pause', { refresh, done: 'All sending is paused.' });
  const resume = useAct('sending.resume', { refresh, done: 'Sending goes on.' });
  if (status.data === undefined) return null;
  const { state } = status.data;
  const made = state === 'live' && 'demo' in document.documentElement.dataset;
  const [title, tone, says] = words[made ? 'demo' : state] ?? [state, 'neutral', ''];
  return (
    <section
      aria-label="Sending"
      className="mb-5 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border bg-panel px-4 py-3 shadow-raise"
    >
      <Dot tone={tone} className="size-2" />
      <div className="min-w-0 flex-1 basis-64">
        <div className="text-sm font-semibold">{title}</div>
        <div className="text-sm text-ink-2">
          {says}
          {state === 'live' && status.data.launched_at !== null ? ` Launched ${momentOf(status.data.launched_at)}.` : null}
        </div>
      </div>
      {state === 'capture' ? (
        <Button asChild>
          <Link to="/connections">Connect a mail server</Link>
        </Button>
      ) : !may ? null : state === 'held' ? (
        <Button kind="primary" onClick={() => setLaunching(true)}>
          <Rocket /> Look and launch
        </Button>
      ) : state === 'paused' ? (
        <Button kind="primary" busy={resume.isPending} onClick={() => resume.mutate({})}>
          <Play /> Resume sending
        </Button>
      ) : (
        <Confirm
          title="Pause all sending?"
          action="Pause everything"
          onConfirm={() => pause.mutate({})}
          trigger={(ask) => (
            <Button busy={pause.isPending} onClick={ask}>
              <Pause /> Pause all sending
            </Button>
          )}
        >
          <p>No mail leaves until you resume. Sequences go on writing; what they write waits in the queue.</p>
        </Confirm>
      )}
      <LaunchDialog
        open={launching || (open && state === 'held' && may)}
        onOpenChange={(next) => {
          setLaunching(next);
          if (!next) onOpen(false);
        }}
      />
    </section>
  );
}
