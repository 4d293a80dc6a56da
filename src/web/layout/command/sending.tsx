import { Pause, Play, Send } from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Item } from './parts.tsx';

/** Stops all mail at once, or lets it go on; only what fits the state is offered. */
export function SendingCommands({ go }: { go: (act: () => unknown) => () => void }) {
  const status = useRead('sending.status', {});
  const may = useMay('manager');
  const navigate = useNavigate();
  const pause = useAct('sending.pause', {
    refresh: ['sending', 'messages', 'system'],
    done: 'All sending is paused. What is written waits.',
  });
  const resume = useAct('sending.resume', { refresh: ['sending', 'messages', 'system'], done: 'Sending goes on.' });
  const state = status.data?.state;
  return (
    <>
      {may && state === 'live' ? (
        <Item
          value="pause all sending stop mail hold"
          icon={<Pause />}
          onSelect={go(() => pause.mutate({ reason: 'Paused from the command menu' }))}
        >
          Pause all sending
        </Item>
      ) : null}
      {may && state === 'paused' ? (
        <Item value="resume sending mail go on" icon={<Play />} onSelect={go(() => resume.mutate({}))}>
          Resume sending
        </Item>
      ) : null}
      <Item
        value="sending launch settings mail pause resume state"
        icon={<Send />}
        onSelect={go(() => navigate({ to: '/outbox', search: { tab: 'sending' } }))}
      >
        Look at sending
      </Item>
    </>
  );
}
