import { useNavigate, useParams } from '@tanstack/react-router';
import { Pencil, Send } from 'lucide-react';
import { useState } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Sheet } from '#web/kit/dialog.tsx';
import { Json } from '#web/kit/json.tsx';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { lengthOf, When } from '#web/kit/time.tsx';
import { EndpointDialog, SecretDialog } from './endpoint-dialog.tsx';
import { DELIVERIES, DeliveryState, EndpointState } from './states.tsx';
import { hostOf } from './webhooks.tsx';

type Endpoint = Output<'webhooks.get'>;
type Delivery = Item<'webhooks.deliveries'>;

export function WebhookSettings() {
  const { webhookId } = useParams({ from: '/shell/settings/webhooks/$webhookId' });
  const webhook = useRead('webhooks.get', { webhook_id: webhookId }, { everyMs: 5_000 });
  if (webhook.error !== null && webhook.data === undefined)
    return <Failure what="The webhook could not be loaded." error={webhook.error} retry={() => void webhook.refetch()} />;
  if (webhook.data === undefined) return <SkeletonRows rows={5} />;
  return <Shown webhook={webhook.data} />;
}

function Shown({ webhook }: { webhook: Endpoint }) {
  const may = useMay('admin');
  const [editing, setEditing] = useState(false);
  return (
    <Page
      title={webhook.description === '' ? hostOf(webhook.url) : webhook.description}
      back={{ to: '/settings/webhooks', label: 'Webhooks' }}
      actions={
        may ? (
          <>
            <Ping webhook={webhook} />
            <Button size="sm" onClick={() => setEditing(true)}>
              <Pencil /> Edit
            </Button>
          </>
        ) : undefined
      }
    >
      <div className="space-y-6">
        {webhook.state === 'disabled' ? <Note tone="bad">Switched off by Steward: {webhook.disabled_reason}</Note> : null}
        {webhook.state === 'failing' ? (
          <Note tone="warn">
            It took nothing since {webhook.failing_since === null ? 'a while' : <When at={webhook.failing_since} className="num" />}. What
            happens meanwhile waits in order{webhook.next_try_at === null ? '.' : ' and is tried '}
            {webhook.next_try_at === null ? null : <When at={webhook.next_try_at} className="num" />}
          </Note>
        ) : null}
        <Panel>
          <Facts
            rows={[
              ['State', <EndpointState key="state" state={webhook.state} />],
              [
                'Address',
                <span key="url" className="break-all">
                  {webhook.url}
                </span>,
              ],
              ['Events', webhook.event_types.length === 0 ? 'Every event' : webhook.event_types.join(', ')],
              ['At once', webhook.concurrency === 1 ? 'One, strictly in order' : `Up to ${webhook.concurrency}`],
              ['Waiting', webhook.waiting >= 1_000 ? '1,000 or more' : webhook.waiting],
            ]}
          />
          {may ? <Acts webhook={webhook} /> : null}
        </Panel>
        <Log webhook={webhook} may={may} />
        {editing ? <EndpointDialog endpoint={webhook} onClose={() => setEditing(false)} /> : null}
      </div>
    </Page>
  );
}

function Ping({ webhook }: { webhook: Endpoint }) {
  const ping = useAct('webhooks.ping', { refresh: ['webhooks'], done: 'A test message is on its way; see the log.' });
  return (
    <Button size="sm" busy={ping.isPending} disabled={!webhook.active} onClick={() => ping.mutate({ webhook_id: webhook.id })}>
      <Send /> Send a test
    </Button>
  );
}

function Acts({ webhook }: { webhook: Endpoint }) {
  const navigate = useNavigate();
  const refresh = ['webhooks'];
  const change = useAct('webhooks.update', { refresh, done: (answer) => (answer.active ? 'It is on.' : 'It is off. Nothing leaves.') });
  const rotate = useAct('webhooks.rotate_secret', { refresh });
  const remove = useAct('webhooks.delete', { refresh, done: 'Removed.', onDone: () => void navigate({ to: '/settings/webhooks' }) });
  return (
    <div className="mt-4 flex flex-wrap gap-1.5 border-t pt-4">
      <Button size="sm" busy={change.isPending} onClick={() => change.mutate({ webhook_id: webhook.id, active: !webhook.active })}>
        {webhook.active ? 'Switch off' : 'Switch on'}
      </Button>
      <Confirm
        title="Replace the secret?"
        action="New secret"
        onConfirm={() => rotate.mutate({ webhook_id: webhook.id })}
        trigger={(ask) => (
          <Button size="sm" busy={rotate.isPending} onClick={ask}>
            New secret
          </Button>
        )}
      >
        <p>For 24 hours both secrets sign every message, so that the receiver can change over without losing one.</p>
      </Confirm>
      <Confirm
        title="Remove the webhook?"
        action="Remove"
        danger
        onConfirm={() => remove.mutate({ webhook_id: webhook.id })}
        trigger={(ask) => (
          <Button size="sm" busy={remove.isPending} onClick={ask}>
            Remove
          </Button>
        )}
      >
        <p>What waits is not sent any more, and its log is deleted.</p>
      </Confirm>
      {rotate.isSuccess ? (
        <SecretDialog title="Copy the new secret now" secret={rotate.data.secret} onClose={() => rotate.reset()} />
      ) : null}
    </div>
  );
}

const STATES = ['delivered', 'retrying', 'failed', 'queued'] as const;
type Shown = 'all' | (typeof STATES)[number];

function Log({ webhook, may }: { webhook: Endpoint; may: boolean }) {
  const [state, setState] = useState<Shown>('all');
  const [open, setOpen] = useState<string | null>(null);
  const deliveries = useList(
    'webhooks.deliveries',
    { webhook_id: webhook.id, limit: 50, ...(state === 'all' ? {} : { state }) },
    { everyMs: 3_000 },
  );
  return (
    <section aria-label="Deliveries">
      <Tabs
        label="State of the deliveries"
        value={state}
        onChange={setState}
        items={[{ value: 'all' as const, label: 'All' }, ...STATES.map((one) => ({ value: one, label: DELIVERIES[one][0] }))]}
        aside={may && webhook.active && webhook.failed > 0 ? <ReplayFailed webhook={webhook} /> : null}
      />
      <Panel flush className="mt-3">
        <Listed
          list={deliveries}
          failed="The log could not be loaded."
          skeleton={3}
          none={
            <Empty title="Nothing here" className="py-10">
              {state === 'all'
                ? 'Nothing was sent yet. Send a test to see whether the receiver takes it.'
                : 'No delivery is in this state.'}
            </Empty>
          }
        >
          <ul className="divide-y">
            {deliveries.rows.map((delivery) => (
              <DeliveryRow key={delivery.id} delivery={delivery} onOpen={() => setOpen(delivery.id)} />
            ))}
          </ul>
        </Listed>
        {deliveries.hasNextPage ? (
          <div className="border-t p-3 text-center">
            <Button size="sm" busy={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>
              Earlier ones
            </Button>
          </div>
        ) : null}
      </Panel>
      {open === null ? null : <DeliverySheet id={open} may={may && webhook.active} onClose={() => setOpen(null)} />}
    </section>
  );
}

function ReplayFailed({ webhook }: { webhook: Endpoint }) {
  const replay = useAct('webhooks.replay_failed', {
    refresh: ['webhooks'],
    done: ({ replayed }) => `${replayed.toLocaleString('en')} ${replayed === 1 ? 'message goes' : 'messages go'} out again.`,
  });
  return (
    <Confirm
      title="Send what failed once more?"
      action="Send again"
      onConfirm={() => replay.mutate({ webhook_id: webhook.id, since: new Date(Date.now() - 30 * 86_400_000).toISOString() })}
      trigger={(ask) => (
        <Button size="sm" busy={replay.isPending} onClick={ask}>
          Send failed ones again
        </Button>
      )}
    >
      <p>Everything of the last 30 days that was given up, oldest first, under the same ids: a receiver knows what it had already.</p>
    </Confirm>
  );
}

function DeliveryRow({ delivery, onOpen }: { delivery: Delivery; onOpen: () => void }) {
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm hover:bg-hover">
      <button
        type="button"
        onClick={onOpen}
        className="min-w-0 flex-1 basis-44 truncate text-left font-medium after:absolute after:inset-0"
      >
        {delivery.type}
      </button>
      <span className="text-xs text-ink-3">
        {delivery.status === null ? '' : `${delivery.status} · `}
        {delivery.attempts === 1 ? 'one attempt' : `${delivery.attempts} attempts`}
      </span>
      <When at={delivery.created_at} className="num text-xs text-ink-3 whitespace-nowrap" />
      <span className="w-28">
        <DeliveryState state={delivery.state} />
      </span>
    </li>
  );
}

function DeliverySheet({ id, may, onClose }: { id: string; may: boolean; onClose: () => void }) {
  const delivery = useRead('webhooks.delivery', { delivery_id: id }, { everyMs: 3_000 });
  const replay = useAct('webhooks.replay', { refresh: ['webhooks'], done: 'It goes out once more.' });
  const data = delivery.data;
  const settled = data !== undefined && data.state !== 'queued' && data.state !== 'sending';
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={data?.type ?? 'Delivery'}
      footer={
        may && settled ? (
          <Button busy={replay.isPending} onClick={() => replay.mutate({ delivery_id: id })}>
            Send again
          </Button>
        ) : undefined
      }
    >
      {delivery.error !== null ? (
        <Failure what="The delivery could not be loaded." error={delivery.error} retry={() => void delivery.refetch()} />
      ) : data === undefined ? (
        <SkeletonRows rows={4} />
      ) : (
        <div className="space-y-5 p-5">
          <Facts
            rows={[
              ['State', <DeliveryState key="state" state={data.state} />],
              [
                'Message',
                <code key="id" className="text-xs break-all">
                  msg_{data.message_id}
                </code>,
              ],
              ...(data.next_at === null ? [] : [['Next attempt', <When key="next" at={data.next_at} />] as const]),
              ...(data.error === null ? [] : [['Why', data.error] as const]),
            ]}
          />
          <Json label="What is sent" value={data.body} />
          <h3 className="text-sm font-semibold">Attempts</h3>
          {data.log.length === 0 ? <p className="text-sm text-ink-2">None yet.</p> : null}
          <ol className="space-y-3">
            {data.log.map((attempt) => (
              <li key={attempt.id} className="rounded-lg border p-3 text-sm">
                <div className="flex flex-wrap justify-between gap-2">
                  <span className="font-medium">{attempt.status ?? 'No answer'}</span>
                  <span className="num text-xs text-ink-3">
                    <When at={attempt.at} exact className="num" /> · {lengthOf(attempt.ms)}
                  </span>
                </div>
                {attempt.error === null ? null : <p className="mt-1 text-xs text-bad">{attempt.error}</p>}
                <div className="mt-2 space-y-1.5">
                  <Json label="Request" value={attempt.request} />
                  {attempt.response === null ? null : <Json label="Answer" value={attempt.response} />}
                </div>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Sheet>
  );
}
