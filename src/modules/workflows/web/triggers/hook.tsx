import { Link, useParams } from '@tanstack/react-router';
import { Ear, RotateCcw, Settings2 } from 'lucide-react';
import { useState } from 'react';
import type { Item, Output } from '#web/kit/api.ts';
import { Badge, Status, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { CopyLine } from '#web/kit/copy.tsx';
import { Json } from '#web/kit/json.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { Page } from '#web/kit/page.tsx';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { EditHook, PRESETS } from './edit-hook.tsx';

type Hook = Output<'hooks.get'>;

export function HookPage() {
  const { hookId } = useParams({ from: '/shell/triggers/hooks/$hookId' });
  const hook = useRead('hooks.get', { hook_id: hookId }, { everyMs: 3_000 });
  if (hook.error !== null && hook.data === undefined)
    return <Failure what="The webhook could not be loaded." error={hook.error} retry={() => void hook.refetch()} />;
  if (hook.data === undefined)
    return (
      <Page title="Webhook" width="text">
        <SkeletonRows rows={6} />
      </Page>
    );
  return <Shown hook={hook.data} />;
}

function Shown({ hook }: { hook: Hook }) {
  const may = useMay('manager');
  const [editing, setEditing] = useState(false);
  const renew = useAct('hooks.renew', { refresh: ['hooks'], done: 'The old address is gone.' });
  return (
    <Page
      title={`${hook.workflow_title} / ${hook.key}`}
      lead="Calls to this address start the workflow. An answer of 202 means: it is stored, and will run."
      back={{ to: '/triggers', label: 'Triggers' }}
      width="text"
      actions={
        may ? (
          <Button onClick={() => setEditing(true)}>
            <Settings2 /> Settings
          </Button>
        ) : undefined
      }
    >
      <div className="space-y-6">
        {hook.active ? null : (
          <Note tone="neutral">Its workflow is switched off: calls are refused, save while you listen for a test event.</Note>
        )}
        <Panel
          title="Address"
          aside={
            may ? (
              <Confirm
                title="Give it a new address?"
                action="New address"
                danger
                onConfirm={() => renew.mutate({ hook_id: hook.id })}
                trigger={(ask) => (
                  <Button size="sm" busy={renew.isPending} onClick={ask}>
                    <RotateCcw /> New address
                  </Button>
                )}
              >
                <p>The old one stops working at once. Tell the sender the new one.</p>
              </Confirm>
            ) : undefined
          }
        >
          <CopyLine label="Address" text={`${location.origin}${hook.path}`} />
          <Facts
            className="mt-4"
            rows={[
              ['Methods', hook.methods.join(', ')],
              [
                'Sender',
                hook.signature === null
                  ? 'Whoever knows the address'
                  : `Signed: ${PRESETS[String(hook.signature['preset'])] ?? 'as set here'}`,
              ],
              ['Answer', hook.respond === 'at_once' ? '202 at once' : `The outcome of the run, after at most ${hook.wait_s} s`],
              [
                'Limits',
                `${Math.round(hook.max_bytes / 1024).toLocaleString('en')} kB a call${hook.per_minute === null ? '' : `, ${hook.per_minute.toLocaleString('en')} a minute`}`,
              ],
            ]}
          />
        </Panel>
        <Listen hook={hook} may={may} />
        <Sample hook={hook} />
        <Requests hook={hook} may={may} />
      </div>
      {editing ? <EditHook hook={hook} onClose={() => setEditing(false)} /> : null}
    </Page>
  );
}

function Listen({ hook, may }: { hook: Hook; may: boolean }) {
  const listen = useAct('hooks.listen', { refresh: ['hooks'] });
  if (!may) return null;
  if (hook.listening_until === null)
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-dashed px-4 py-3.5">
        <p className="min-w-0 flex-1 basis-56 text-sm text-ink-2">
          See what a call looks like before you build on it: the next one is recorded, also while the workflow is off.
        </p>
        <Button busy={listen.isPending} onClick={() => listen.mutate({ hook_id: hook.id })}>
          <Ear /> Listen for a test event
        </Button>
      </div>
    );
  return (
    <Note
      tone="ok"
      action={
        <Button size="sm" busy={listen.isPending} onClick={() => listen.mutate({ hook_id: hook.id, minutes: 0 })}>
          Stop
        </Button>
      }
    >
      Listening. Let the sender call the address now; this page shows it as soon as it comes.
    </Note>
  );
}

function Sample({ hook }: { hook: Hook }) {
  const sample = useRead('hooks.sample', { hook_id: hook.id }, { everyMs: 5_000 });
  const data = sample.data;
  if (data === undefined || data.received_at === null) return null;
  return (
    <Panel
      title="What later steps can use"
      aside={
        <span className="text-xs text-ink-3">
          from the last call, <When at={data.received_at} className="num" />
        </span>
      }
      flush
    >
      <div className="max-h-80 overflow-y-auto" role="region" aria-label="Values of the last call" tabIndex={0}>
        <table className="w-full table-fixed text-sm">
          <caption className="sr-only">Values of the last call with their paths</caption>
          <thead className="sr-only">
            <tr>
              <th>Path</th>
              <th>Type</th>
              <th>Example</th>
            </tr>
          </thead>
          <tbody>
            {data.paths.map((one) => (
              <tr key={one.path} className="border-b last:border-b-0">
                <td className="w-1/2 truncate px-4 py-1.5">
                  <code className="text-xs" title={one.path}>
                    {one.path}
                  </code>
                </td>
                <td className="hidden w-20 px-2 text-xs text-ink-3 sm:table-cell">{one.type}</td>
                <td className="truncate px-4 text-xs text-ink-2">{one.type === 'object' || one.type === 'list' ? '' : one.example}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const VERDICTS: Readonly<Record<string, [label: string, tone: Tone]>> = {
  accepted: ['Accepted', 'ok'],
  test: ['Test', 'accent'],
  unsigned: ['No signature', 'bad'],
  stale: ['Signed too long ago', 'bad'],
  mismatch: ['Wrong signature', 'bad'],
  method: ['Wrong method', 'bad'],
  too_large: ['Too long', 'bad'],
  too_many: ['Too many', 'warn'],
  off: ['Workflow off', 'warn'],
};

function Requests({ hook, may }: { hook: Hook; may: boolean }) {
  const requests = useList('hooks.requests', { hook_id: hook.id }, { everyMs: 5_000 });
  return (
    <Panel title="Latest calls" aside={<span className="text-xs text-ink-3">the last 50 of a week</span>} flush>
      <Listed
        list={requests}
        failed="The calls could not be loaded."
        skeleton={3}
        none={
          <Empty title="Nothing came in yet" className="py-10">
            Listen for a test event, then let the sender call the address.
          </Empty>
        }
      >
        <ul className="divide-y">
          {requests.rows.map((request) => (
            <RequestRow key={request.id} request={request} may={may && hook.active} />
          ))}
        </ul>
      </Listed>
    </Panel>
  );
}

function RequestRow({ request, may }: { request: Item<'hooks.requests'>; may: boolean }) {
  const replay = useAct('hooks.replay', { refresh: ['hooks'], done: 'The workflow runs with it once more.' });
  const [label, tone] = VERDICTS[request.verdict] ?? [request.verdict, 'neutral'];
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm">
        <span className="min-w-0 flex-1 basis-40">
          <span className="font-medium">{request.method}</span> <When at={request.at} className="num text-ink-2" />
          <span className="text-xs text-ink-3"> · {request.bytes.toLocaleString('en')} bytes</span>
          {request.replay_of === null ? null : <Badge className="ml-2">replay</Badge>}
        </span>
        <Status tone={tone} className="text-sm">
          {label}
        </Status>
        {request.run_id === null ? null : (
          <Link to="/runs/$runId" params={{ runId: request.run_id }} className="text-accent-ink underline">
            Run
          </Link>
        )}
        {may && request.replayable ? (
          <Button size="sm" busy={replay.isPending} onClick={() => replay.mutate({ request_id: request.id })}>
            Replay
          </Button>
        ) : null}
      </div>
      <div className="mt-2">
        <Json label="What came" value={{ headers: request.headers, query: request.query, body: request.body }} />
      </div>
    </li>
  );
}
