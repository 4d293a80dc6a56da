import { Copy, ExternalLink } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { copy } from '#web/kit/copy.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { When } from '#web/kit/time.tsx';

/** The client's own page: its link, and when it was opened. */
export function PortalPanel({ clientId }: { clientId: string }) {
  const views = useList('portal.views', { client_id: clientId, limit: 5 });
  const link = useAct('portal.link', { done: 'The link is copied. It is good for 90 days.', onDone: ({ url }) => void copy(url) });
  const look = useAct('portal.link', { onDone: ({ url }) => void window.open(url, '_blank', 'noopener') });
  const revoke = useAct('portal.revoke', { refresh: ['portal'], done: 'No link that was given before is good any more.' });
  const [last] = views.rows;
  return (
    <Panel title="Client page">
      <p className="text-sm text-ink-2">
        {last === undefined ? (
          'By its link the client sees and does what is theirs, without an account. Nobody has opened it yet.'
        ) : (
          <>
            Last opened <When at={last.last_at} />, {last.pages === 1 ? 'one page' : <span className="num">{last.pages} pages</span>}.
          </>
        )}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" kind="primary" busy={link.isPending} onClick={() => link.mutate({ client_id: clientId })}>
          <Copy /> Copy link
        </Button>
        <Button size="sm" busy={look.isPending} onClick={() => look.mutate({ client_id: clientId })}>
          <ExternalLink /> Open
        </Button>
        <Confirm
          title="End every link to this page?"
          action="Revoke"
          danger
          onConfirm={() => revoke.mutateAsync({ client_id: clientId })}
          trigger={(ask) => (
            <Button size="sm" onClick={ask}>
              Revoke
            </Button>
          )}
        >
          Links that you gave before, also those in mails, show nothing from now on. You can copy a new one at once.
        </Confirm>
      </div>
    </Panel>
  );
}
