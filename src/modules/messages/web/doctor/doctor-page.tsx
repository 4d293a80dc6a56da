import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { MailCheck, RotateCw, Stethoscope } from 'lucide-react';
import { Status, type Tone } from '#web/kit/badge.tsx';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { When } from '#web/kit/time.tsx';
import { FindingList, Mark } from './findings.tsx';
import { Changes } from './changes.tsx';
import { ProbePanel } from './probe.tsx';
import { Selectors } from './selectors.tsx';

export type Checkup = Item<'senders.checkups'>;

/** A probe that is on its way is waited for; otherwise nothing changes by itself within a minute. */
const WAITING_MS = 2_500;
const QUIET_MS = 60_000;

const VERDICTS: Record<Checkup['verdict'], readonly [Tone, string]> = {
  good: ['ok', 'Receivers trust it'],
  warn: ['warn', 'Could be better'],
  bad: ['bad', 'Something is wrong'],
  unknown: ['neutral', 'Not known'],
};

/** Does mail arrive? For each address: what receivers check, what is wrong, and the record to publish. */
export function DeliverabilitySettings() {
  const { address } = useSearch({ strict: false });
  const navigate = useNavigate();
  const checkups = useRead('senders.checkups', {}, { everyMs: QUIET_MS });
  if (checkups.data === undefined)
    return checkups.error === null ? (
      <SkeletonLines lines={10} />
    ) : (
      <Failure what="The checks could not be loaded." error={checkups.error} retry={() => void checkups.refetch()} />
    );
  const { items } = checkups.data;
  const shown = items.find((one) => one.address === address) ?? items[0];
  if (shown === undefined)
    return (
      <Empty
        icon={<MailCheck />}
        title="No mail leaves yet"
        action={
          <Button kind="primary" asChild>
            <Link to="/connections">Connect a mail server</Link>
          </Button>
        }
      >
        Once there is an address to send from, its domain is looked at here as Gmail, Yahoo and Outlook look at it.
      </Empty>
    );
  return (
    <div className="max-w-3xl space-y-5">
      {items.length > 1 ? (
        <Tabs
          label="Address"
          items={items.map((one) => ({ value: one.address, label: one.address }))}
          value={shown.address}
          onChange={(next) => void navigate({ to: '/settings/deliverability', search: { address: next }, replace: true })}
        />
      ) : null}
      <Shown key={shown.address} checkup={shown} />
    </div>
  );
}

const RANK: readonly Checkup['findings'][number]['state'][] = ['bad', 'warn', 'unknown', 'good', 'note'];

function Shown({ checkup }: { checkup: Checkup }) {
  const may = useMay('manager');
  const look = useAct('senders.doctor', { refresh: ['senders'] });
  const [tone, word] = VERDICTS[checkup.verdict];
  const looked = checkup.checked_at !== null;
  const again = may ? (
    <Button kind={looked ? 'plain' : 'primary'} busy={look.isPending} onClick={() => look.mutate({ sender: checkup.address })}>
      {looked ? <RotateCw /> : <Stethoscope />} {looked ? 'Look again' : 'Look now'}
    </Button>
  ) : null;
  if (!looked)
    return (
      <Empty icon={<Stethoscope />} title={`Nobody has looked at ${checkup.address} yet`} action={again}>
        The doctor asks the DNS what receivers ask: who may send for the domain, with which key mail is signed, and what becomes of
        forgeries. Then it looks again each day, and tells you when something breaks.
      </Empty>
    );
  const sorted = checkup.findings.toSorted((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state));
  const todo = sorted.filter(({ state }) => state === 'bad' || state === 'warn' || state === 'unknown');
  const rest = sorted.filter((one) => !todo.includes(one));
  const told = new Set([...checkup.findings, ...(checkup.probe?.findings ?? [])].map(({ says }) => says));
  return (
    <>
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="truncate text-base font-semibold">{checkup.address}</h2>
          <p className="flex flex-wrap items-center gap-x-3 text-sm text-ink-2">
            <Status tone={tone}>{word}</Status>
            <span>
              looked at <When at={checkup.checked_at ?? ''} />, and again each day
            </span>
          </p>
        </div>
        {again}
      </header>
      {checkup.broken.length === 0 ? null : (
        <Note tone="bad">
          {checkup.broken.length === 1 ? 'One check was' : `${checkup.broken.length} checks were`} good before, and{' '}
          {checkup.broken.length === 1 ? 'is' : 'are'} not any more.
        </Note>
      )}
      {todo.length === 0 ? null : (
        <Panel title={todo.length === 1 ? 'One thing to do' : `${todo.length} things to do`} flush>
          <FindingList findings={todo} open />
        </Panel>
      )}
      <ProbePanel checkup={checkup} pollMs={WAITING_MS} />
      <Panel title="What Gmail, Yahoo and Outlook ask" flush>
        <ul className="divide-y">
          {checkup.checklist.map((one) => (
            <li key={one.says} className="flex gap-3 px-4 py-2.5 text-sm">
              <Mark state={one.state} />
              <div className="min-w-0 flex-1">
                <p>{one.says}</p>
                {one.why === null || told.has(one.why) ? null : <p className="break-words text-ink-2">{one.why}</p>}
              </div>
            </li>
          ))}
        </ul>
      </Panel>
      {rest.length === 0 ? null : (
        <Panel title="In order" flush>
          <FindingList findings={rest} />
        </Panel>
      )}
      <Selectors checkup={checkup} />
      <Changes address={checkup.address} />
    </>
  );
}
