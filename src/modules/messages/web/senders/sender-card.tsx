import { MoreHorizontal, Pause, Pencil, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Status, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { count, countOf } from '#web/kit/format.ts';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';
import { Ramp } from './ramp.tsx';
import type { Sender } from './senders-settings.tsx';

/** One sender: today, the way up, what came back, and what can be done. */
export function SenderCard({ sender, onEdit }: { sender: Sender; onEdit: () => void }) {
  const may = useMay('admin');
  const [tone, word] = stateOf(sender);
  return (
    <section aria-label={sender.address} className="rounded-xl border bg-panel shadow-raise">
      <header className="flex items-start gap-3 px-4 pt-3.5">
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-sm font-semibold">{sender.address}</h2>
          <p className="truncate text-sm text-ink-2">
            {sender.name} · {sender.connection_title ?? 'its connection is gone'}
          </p>
        </div>
        <Status tone={tone} className="h-8 text-sm text-ink-2">
          {word}
        </Status>
        {may ? <Acts sender={sender} onEdit={onEdit} /> : null}
      </header>
      {sender.health === 'well' ? null : <Health sender={sender} />}
      <div className="grid gap-x-8 gap-y-5 p-4 sm:grid-cols-2">
        <Today sender={sender} />
        <Ramp sender={sender} />
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 border-t px-4 py-3 text-sm sm:grid-cols-4">
        <Figure label="Waiting" value={count(sender.waiting)} />
        <Figure label="Sent, 7 days" value={count(sender.sent)} />
        <Figure label="Came back" value={shareOf(sender.bounced, sender.sent)} />
        <Figure label="Complaints" value={shareOf(sender.complained, sender.sent)} />
      </dl>
    </section>
  );
}

function stateOf({ state, health, connection_id: connection, connection_state: works }: Sender): [Tone, string] {
  if (state === 'paused') return ['neutral', 'Paused'];
  if (connection === null || works === 'rejected') return ['bad', 'Cannot send'];
  if (health === 'stopped') return ['bad', 'Stopped'];
  return health === 'slowed' ? ['warn', 'Slowed'] : ['ok', 'Sending'];
}

function shareOf(part: number, all: number): string {
  return part === 0 || all === 0 ? count(part) : `${count(part)} (${((part / all) * 100).toFixed(part / all < 0.01 ? 2 : 1)} %)`;
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className="num mt-0.5">{value}</dd>
    </div>
  );
}

function Today({ sender: { today, carries } }: { sender: Sender }) {
  const most = today.allowed ?? today.limit;
  const used = today.allowed === null ? today.taken : today.commercial;
  const part = most === null || most === 0 ? 0 : Math.min(1, used / most);
  return (
    <div>
      <h3 className="text-xs text-ink-3">Today</h3>
      <p className="num mt-1 text-xl font-semibold tracking-tight">
        {count(used)}
        <span className="text-sm font-normal text-ink-3">{most === null ? ' sent, no limit' : ` of ${countOf(most, 'mail')}`}</span>
      </p>
      {most === null ? null : (
        <div
          role="meter"
          aria-label="Used of today"
          aria-valuemin={0}
          aria-valuemax={most}
          aria-valuenow={used}
          className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
        >
          <div className={part >= 1 ? 'h-full bg-warn-dot' : 'h-full bg-accent'} style={{ width: `${part * 100}%` }} />
        </div>
      )}
      <p className="mt-2 text-xs text-ink-3">
        {carries.length === 2 ? 'Carries commercial and transactional mail' : `Carries ${carries.join()} mail alone`}
        {today.limit !== null && today.limit !== most ? `, ${count(today.limit)} in all` : ''}
      </p>
    </div>
  );
}

function Health({ sender }: { sender: Sender }) {
  const may = useMay('admin');
  const resume = useAct('senders.resume', { refresh: ['senders', 'messages', 'sending'], done: 'It goes on.' });
  const stopped = sender.health === 'stopped';
  return (
    <div className="px-4 pt-3">
      <Note
        tone={stopped ? 'bad' : 'warn'}
        action={
          may ? (
            <Button busy={resume.isPending} onClick={() => resume.mutate({ sender_id: sender.id })}>
              Let it go on
            </Button>
          ) : undefined
        }
      >
        {stopped ? 'No commercial mail leaves by it' : 'It sends at a quarter of its pace'}: {sender.health_says ?? 'too much came back'}.
        {stopped ? '' : ' It recovers by itself.'}
      </Note>
    </div>
  );
}

function Acts({ sender, onEdit }: { sender: Sender; onEdit: () => void }) {
  const [retiring, setRetiring] = useState(false);
  const refresh = ['senders', 'messages', 'sending'];
  const change = useAct('senders.update', { refresh, done: 'Saved.', part: true });
  const to = (state: Sender['state']) => change.mutate({ sender_id: sender.id, state, if_match: sender.updated_at });
  const paused = sender.state === 'paused';
  return (
    <>
      <Menu
        trigger={
          <Button kind="quiet" size="icon" aria-label={`What to do with ${sender.address}`}>
            <MoreHorizontal />
          </Button>
        }
      >
        <MenuItem icon={<Pencil />} onSelect={onEdit}>
          Edit
        </MenuItem>
        <MenuItem icon={paused ? <Play /> : <Pause />} onSelect={() => to(paused ? 'active' : 'paused')}>
          {paused ? 'Resume' : 'Pause'}
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onSelect={() => setRetiring(true)}>
          Retire
        </MenuItem>
      </Menu>
      <Dialog
        open={retiring}
        onOpenChange={setRetiring}
        title={`Retire ${sender.address}?`}
        footer={
          <>
            <Button onClick={() => setRetiring(false)}>Keep it</Button>
            <Button
              kind="danger"
              onClick={() => {
                setRetiring(false);
                to('retired');
              }}
            >
              Retire it
            </Button>
          </>
        }
      >
        <p className="text-sm text-ink-2">It sends no more, and its conversations go on by another sender. What it sent stays.</p>
      </Dialog>
    </>
  );
}
