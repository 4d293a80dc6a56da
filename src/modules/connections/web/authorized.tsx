import { Link, useSearch } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Note } from '#web/kit/states.tsx';

/** Where a vendor sends a person back to after signing in. What its address brought along works once. */
export function AuthorizedPage() {
  const { state, code, error } = useSearch({ from: '/shell/connections/authorized' });
  const finish = useAct('connections.authorized', { quiet: true, refresh: ['connections', 'sending', 'system', 'call_hosts'] });
  const begun = useRef(false);
  const { mutate } = finish;
  useEffect(() => {
    if (begun.current || state === undefined) return;
    begun.current = true;
    mutate({ state, ...(code === undefined ? {} : { code }), ...(error === undefined ? {} : { error }) });
  }, [state, code, error, mutate]);
  // Calendars are connected by whoever they belong to, who may not see the other connections.
  const may = useMay('admin');
  const back = (
    <Button kind="primary" asChild>
      {may ? <Link to="/connections">Back to connections</Link> : <Link to="/settings/calls">Back to calls</Link>}
    </Button>
  );
  return (
    <Page title="Signing in" lead="Steward takes over what the vendor gave it." width="text">
      {state === undefined ? (
        <Empty title="Nothing came back from the vendor" action={back}>
          Begin again with the button Sign in under Connections.
        </Empty>
      ) : finish.data?.ok === true ? (
        <Empty icon={<Check />} title={`${finish.data.title} is connected`} action={back}>
          Signed in as {finish.data.account}. Steward renews the sign-in by itself.
        </Empty>
      ) : finish.data !== undefined || finish.error !== null ? (
        <div className="space-y-4">
          <Note tone="bad">{finish.data?.error ?? finish.error?.message}</Note>
          {back}
        </div>
      ) : (
        <SkeletonRows rows={2} />
      )}
    </Page>
  );
}
