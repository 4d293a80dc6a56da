import { Plug } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge, Status, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { CopyLine } from '#web/kit/copy.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { words } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { ConnectDialog } from './connect.tsx';
import { Requests } from './requests.tsx';

type Connection = Item<'connections.list'>;
type Connector = Item<'connections.kinds'>;

const purposes: Record<string, string> = {
  http: 'Credentials that requests of workflows carry, to the hosts you name.',
  smtp: 'Sends mail through your own mail server.',
  resend: 'Sends mail with an API key of Resend. An answer that is lost is asked for again; the mail goes out once.',
  sendgrid: 'Sends mail with an API key of SendGrid.',
  gmail: 'Sends from a Gmail or Google Workspace mailbox and reads its replies. You sign in at Google.',
  twilio: 'Sends text messages and takes in the answers; STOP is kept to at once.',
  hubspot: 'Sends transactional mail by HubSpot’s single-send; commercial mail is refused.',
  hubspot_crm: 'Keeps HubSpot’s contacts, companies and deals in step; changes of people go both ways.',
  pipedrive: 'Keeps Pipedrive’s persons, organizations and deals in step; changes of people go both ways.',
  postgresql: 'Reads people or organisations from a database of yours by a query. It never writes there.',
  stripe: 'Clients pay invoices online; payments and refunds are booked by themselves.',
  s3: 'Keeps what came in from sources in a bucket of Amazon S3, MinIO, R2 or anything that speaks S3.',
  google_storage: 'Keeps what came in from sources in a bucket of Google Cloud Storage.',
  slack: 'Tells your Slack channels what happens, from workflows.',
  imap: 'Reads replies from your mailbox and puts them on the timeline.',
  google_calendar:
    'When colleagues are busy, and where calls are entered. Set it up once; each then connects their own under Settings → Calls.',
  openai: 'Writes texts; any OpenAI-compatible server works too.',
  anthropic: 'Writes texts.',
};

export function ConnectionsPage() {
  const connections = useList('connections.list', {});
  const connectors = useList('connections.kinds', {});
  const may = useMay('admin');
  const [open, setOpen] = useState<{ connector: Connector; connection: Connection | null } | null>(null);
  const failed = connections.error ?? connectors.error;
  return (
    <Page
      title="Connections"
      lead="Mail, SMS, chat, language models and other services. Credentials are encrypted; no mail leaves until you launch."
      width="text"
    >
      {failed !== null ? (
        <Failure
          what="The connections could not be loaded."
          error={failed}
          retry={() => {
            void connections.refetch();
            void connectors.refetch();
          }}
        />
      ) : connections.isPending || connectors.isPending ? (
        <SkeletonRows rows={4} />
      ) : (
        <div className="space-y-6">
          <Panel title="Connected" flush>
            {connections.rows.length === 0 ? (
              <Empty icon={<Plug />} title="Nothing is connected" className="py-10">
                {connectors.rows.length === 0
                  ? 'This is the demo: it reaches nobody. Start Steward without --demo to connect a mail server and more.'
                  : 'Steward works without: mails are captured, texts come from templates. Connect a mail server when you want to send.'}
              </Empty>
            ) : (
              <ul className="divide-y">
                {connections.rows.map((connection) => (
                  <ConnectionRow
                    key={connection.id}
                    connection={connection}
                    may={may}
                    onEdit={() => {
                      const connector = connectors.rows.find((one) => one.id === connection.connector);
                      if (connector !== undefined) setOpen({ connector, connection });
                    }}
                  />
                ))}
              </ul>
            )}
          </Panel>
          {may && connectors.rows.length > 0 ? (
            <Panel title="Connect" flush>
              <ul className="divide-y">
                {connectors.rows.map((connector) => (
                  <li key={connector.id} className="flex items-center gap-4 px-4 py-3">
                    <div className="min-w-0 flex-1">
                      <div className="text-sm font-medium">{connector.title}</div>
                      <div className="text-xs text-ink-3">{purposes[connector.id] ?? connector.ports.map(words).join(', ')}</div>
                    </div>
                    <Button size="sm" aria-label={`Connect ${connector.title}`} onClick={() => setOpen({ connector, connection: null })}>
                      Connect
                    </Button>
                  </li>
                ))}
              </ul>
            </Panel>
          ) : null}
        </div>
      )}
      {open === null ? null : (
        <ConnectDialog
          key={open.connection?.id ?? open.connector.id}
          connector={open.connector}
          connection={open.connection}
          onClose={() => setOpen(null)}
        />
      )}
    </Page>
  );
}

const states: Record<string, [label: string, tone: Tone]> = {
  ok: ['Works', 'ok'],
  untested: ['Not tested', 'neutral'],
  rejected: ['Credentials refused', 'bad'],
  unavailable: ['Not reachable', 'warn'],
};

/** What the vendor may call, to be copied there. */
function Webhooks({ connection: { webhooks, title } }: { connection: Connection }) {
  if (webhooks.length === 0) return null;
  const missing = webhooks.filter(({ ready }) => !ready).length;
  return (
    <details className="mt-2 text-sm">
      <summary className="cursor-pointer select-none text-ink-2 hover:text-ink">
        {webhooks.length === 1 ? 'Webhook address' : 'Webhook addresses'}
        {missing === 0 ? null : (
          <span className="text-ink-3"> · {missing === webhooks.length ? 'not set up' : `${missing} not set up`}</span>
        )}
      </summary>
      <ul className="mt-3 space-y-4">
        {webhooks.map((webhook) => (
          <li key={webhook.url} className="space-y-1.5">
            <div className="flex flex-wrap items-center justify-between gap-x-3">
              <span className="font-medium">{webhook.title}</span>
              <Status tone={webhook.ready ? 'ok' : 'neutral'} className="text-xs">
                {webhook.ready ? 'Signature checked' : 'Key missing: nothing is taken'}
              </Status>
            </div>
            <CopyLine label={`Address for ${title}: ${webhook.title}`} text={webhook.url} />
            <p className="text-xs text-ink-3">{webhook.hint}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Where a person signs in, that comes first. */
const signIns: Record<string, [label: string, tone: Tone]> = {
  needed: ['Sign in needed', 'warn'],
  ending: ['Sign-in ends soon', 'warn'],
  ended: ['Sign-in ended', 'bad'],
};

function ConnectionRow({ connection, may, onEdit }: { connection: Connection; may: boolean; onEdit: () => void }) {
  const refresh = ['connections', 'sending', 'system'];
  const [logged, setLogged] = useState(false);
  const test = useAct('connections.test', {
    refresh,
    done: (answer) =>
      answer.ok
        ? `It works${answer.account === null ? '' : `: ${answer.account}`}.`
        : `It does not work yet: ${answer.error ?? 'no reason given'}`,
  });
  const authorize = useAct('connections.authorize', { onDone: ({ url }) => location.assign(url) });
  const remove = useAct('connections.delete', { refresh, done: 'Removed.' });
  const environment = connection.origin === 'environment';
  const signIn = connection.sign_in;
  const [label, tone] = signIns[signIn?.state ?? ''] ?? states[connection.state] ?? [connection.state, 'neutral'];
  return (
    <li className="px-4 py-3.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-48">
          <div className="truncate text-sm font-medium">
            {connection.title} {environment ? <Badge>from the environment</Badge> : null}
          </div>
          <div className="text-xs text-ink-3">
            {connection.account ?? connection.connector}
            {connection.last_verified_at === null ? null : (
              <>
                {' '}
                · tested <When at={connection.last_verified_at} className="num" />
              </>
            )}
          </div>
        </div>
        <Status tone={connection.readable ? tone : 'bad'} className="text-sm">
          {connection.readable ? label : 'Enter its credentials anew'}
        </Status>
        {may ? (
          <span className="flex gap-1.5">
            {signIn === null ? null : (
              <Button
                size="sm"
                kind={signIn.state === 'ok' ? 'plain' : 'primary'}
                busy={authorize.isPending}
                onClick={() => authorize.mutate({ connection_id: connection.id })}
              >
                {signIn.state === 'needed' ? 'Sign in' : 'Sign in again'}
              </Button>
            )}
            <Button size="sm" busy={test.isPending} onClick={() => test.mutate({ connection_id: connection.id })}>
              Test
            </Button>
            <Button size="sm" onClick={() => setLogged(true)}>
              Requests
            </Button>
            {environment ? null : (
              <>
                <Button size="sm" onClick={onEdit}>
                  Edit
                </Button>
                <Confirm
                  title={`Remove ${connection.title}?`}
                  action="Remove"
                  danger
                  onConfirm={() => remove.mutate({ connection_id: connection.id })}
                  trigger={(ask) => (
                    <Button size="sm" busy={remove.isPending} onClick={ask}>
                      Remove
                    </Button>
                  )}
                >
                  <p>Its credentials are deleted. What waits to be sent stays in the queue until there is another connection.</p>
                </Confirm>
              </>
            )}
          </span>
        ) : null}
      </div>
      {signIn?.state !== 'ending' || signIn.ends_at === null ? null : (
        <p className="mt-2 text-sm text-warn">
          The sign-in ends <When at={signIn.ends_at} />. Sign in again before then, or mail waits.
        </p>
      )}
      <Webhooks connection={connection} />
      {logged ? <Requests connectionId={connection.id} title={connection.title} onClose={() => setLogged(false)} /> : null}
      {connection.error === null || signIn?.state === 'needed' ? null : <p className="mt-2 text-sm text-bad">{connection.error}</p>}
    </li>
  );
}
