import { Link } from '@tanstack/react-router';
import { Plus, Webhook } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Empty } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { EndpointState } from './states.tsx';

/** Other systems that are told what happens here. */
export function WebhooksSettings() {
  const webhooks = useList('webhooks.list', {}, { everyMs: 20_000 });
  const may = useMay('admin');
  const [making, setMaking] = useState(false);
  const add = may ? (
    <Button size="sm" onClick={() => setMaking(true)}>
      <Plus /> New webhook
    </Button>
  ) : undefined;
  return (
    <>
      <Panel title="Who is told" flush aside={add}>
        <Listed
          list={webhooks}
          failed="The webhooks could not be loaded."
          skeleton={2}
          none={
            <Empty icon={<Webhook />} title="Nobody is told yet">
              A webhook tells another system what happens here: a lead came in, somebody replied, a scheduled run is missing. Each message
              is signed, and tried for three days.
            </Empty>
          }
        >
          <ul className="divide-y">
            {webhooks.rows.map((webhook) => (
              <li key={webhook.id} className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3.5 hover:bg-hover">
                <div className="min-w-0 flex-1 basis-56">
                  <Link
                    to="/settings/webhooks/$webhookId"
                    params={{ webhookId: webhook.id }}
                    className="block truncate text-sm font-medium after:absolute after:inset-0"
                  >
                    {webhook.description === '' ? hostOf(webhook.url) : webhook.description}
                  </Link>
                  <div className="truncate text-xs text-ink-3">
                    {webhook.url} · {webhook.event_types.length === 0 ? 'every event' : `${webhook.event_types.length} kinds of event`}
                  </div>
                </div>
                <span className="text-xs text-ink-3">
                  {webhook.delivered_at === null ? (
                    'nothing delivered yet'
                  ) : (
                    <>
                      delivered <When at={webhook.delivered_at} className="num" />
                    </>
                  )}
                </span>
                <span className="text-sm sm:w-32">
                  <EndpointState state={webhook.state} />
                </span>
              </li>
            ))}
          </ul>
        </Listed>
      </Panel>
      {making ? <EndpointDialog endpoint={null} onClose={() => setMaking(false)} /> : null}
    </>
  );
}

export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
