import { Link } from '@tanstack/react-router';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { countOf, words } from '#web/kit/format.ts';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Facts } from '#web/kit/panel.tsx';
import { When } from '#web/kit/time.tsx';

type Effect = Item<'effects.list'>;

/** Acts outside of which nobody knows whether they happened: their answer was lost. Only a person can find out. */
export function Doubts() {
  const doubts = useList('effects.list', { state: 'in_doubt', limit: 20 }, { everyMs: 30_000 });
  if (doubts.rows.length === 0) return null;
  return (
    <section aria-labelledby="doubts" className="mb-6">
      <h2 id="doubts" className="mb-2 text-sm font-semibold">
        Did {doubts.rows.length === 1 ? 'this' : 'these'} happen?
      </h2>
      <ul aria-label="Acts in doubt" className="space-y-4">
        {doubts.rows.map((effect) => (
          <Doubt key={effect.id} effect={effect} />
        ))}
      </ul>
    </section>
  );
}

/** Kinds of acts as a person would say them. */
const KINDS: Readonly<Record<string, string>> = {
  http: 'HTTP request',
  connector: 'Act in a service',
  webhook: 'Webhook',
  email: 'Mail',
  sms: 'SMS',
};

function Doubt({ effect }: { effect: Effect }) {
  const may = useMay('manager');
  const decide = useAct('effects.decide', { refresh: ['messages', 'effects', 'system', 'people', 'runs'], done: 'Settled.' });
  const mail = useRead('messages.get', { message_id: effect.subject.id }, { enabled: effect.subject.type === 'message' });
  const ofRun = effect.subject.type === 'run';
  const run = useRead('runs.get', { run_id: effect.subject.id }, { enabled: ofRun });
  const input = { effect_id: effect.id };
  const title =
    mail.data === undefined
      ? run.data === undefined
        ? (KINDS[effect.kind] ?? words(effect.kind))
        : `${KINDS[effect.kind] ?? words(effect.kind)} of “${run.data.workflow_title}”`
      : mail.data.channel === 'sms'
        ? `SMS to ${mail.data.to_phone ?? ''}`
        : `“${mail.data.subject}” to ${mail.data.to_email}`;
  return (
    <li aria-label={title} className="rounded-xl border bg-panel shadow-raise">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b px-4 py-3">
        <h3 className="min-w-0 flex-1 basis-60 text-sm font-semibold break-words">{title}</h3>
        <Badge tone="bad">in doubt</Badge>
      </header>
      <div className="space-y-3 px-4 py-3">
        <Facts
          rows={[
            ...(run.data === undefined
              ? []
              : [
                  [
                    'Step',
                    <Link key="run" to="/runs/$runId" params={{ runId: run.data.id }} className="text-ink-2 underline hover:text-ink">
                      {run.data.step_title ?? 'of this run'}
                    </Link>,
                  ] as const,
                ]),
            [
              'Handed over',
              effect.handed_at === null ? 'no time is known' : <When key="handed" at={effect.handed_at} exact className="num" />,
            ],
            ['Tried', countOf(effect.attempts, 'time')],
            ['Why', effect.reason ?? 'The answer was lost'],
            ...(mail.data === undefined
              ? []
              : [
                  [
                    'Mail',
                    <Link key="mail" to="/outbox" search={{ message: effect.subject.id }} className="text-ink-2 underline hover:text-ink">
                      as it was handed over
                    </Link>,
                  ] as const,
                ]),
          ]}
        />
        <p className="text-sm text-ink-2">
          Look into the other side’s log, or ask the person, then say what is true. Until then nothing is repeated.
        </p>
        {may ? (
          <div className="flex flex-wrap gap-2">
            <Button busy={decide.isPending} onClick={() => decide.mutate({ ...input, decision: 'happened' })}>
              It happened
            </Button>
            <Button disabled={decide.isPending} onClick={() => decide.mutate({ ...input, decision: 'send_again' })}>
              It did not: do it again
            </Button>
            <Button disabled={decide.isPending} onClick={() => decide.mutate({ ...input, decision: 'drop' })}>
              Leave it
            </Button>
          </div>
        ) : (
          <p className="text-sm text-ink-2">A manager decides this.</p>
        )}
      </div>
    </li>
  );
}
