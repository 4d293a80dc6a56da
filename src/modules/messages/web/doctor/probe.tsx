import { Send } from 'lucide-react';
import { useState } from 'react';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import type { Item } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Spinner } from '#web/kit/spinner.tsx';
import { Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import type { Checkup } from './doctor-page.tsx';
import { FindingList } from './findings.tsx';

type Probe = Item<'senders.probes'>;

/** A real mail, sent and found again: the only proof that all of it works together. */
export function ProbePanel({ checkup, pollMs }: { checkup: Checkup; pollMs: number }) {
  const may = useMay('manager');
  const [asking, setAsking] = useState(false);
  const last = checkup.probe;
  const open = last !== null && (last.state === 'waiting' || last.state === 'arrived');
  // Its own poll, so that a page on which nothing is on its way asks for nothing.
  const live = useRead('senders.get_probe', { probe_id: last?.id ?? '' }, { enabled: last !== null, everyMs: open ? pollMs : false });
  const probe: Probe | null = live.data ?? last;
  const waits = probe?.state === 'waiting' || probe?.state === 'arrived';
  return (
    <Panel
      title="A real mail"
      flush
      aside={
        may ? (
          <Button size="sm" disabled={waits} onClick={() => setAsking(true)}>
            <Send /> Send a probe
          </Button>
        ) : undefined
      }
    >
      {probe === null ? (
        <p className="px-4 py-3 text-sm text-ink-2">
          The DNS tells what should be so. A probe tells what is: a mail leaves by this sender, is found again in a mailbox that Steward
          reads, and its signature, SPF and DMARC are checked over what arrived.
        </p>
      ) : (
        <>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 pt-3 text-sm text-ink-2" aria-live="polite">
            {waits ? <Spinner /> : null}
            <span className="min-w-0 break-words">{said(probe)}</span>
            <When at={probe.created_at} />
          </p>
          {probe.findings.length === 0 ? <div className="pb-3" /> : <FindingList findings={probe.findings} />}
        </>
      )}
      <Earlier address={checkup.address} shown={probe?.id} />
      {asking ? <ProbeDialog checkup={checkup} onClose={() => setAsking(false)} /> : null}
    </Panel>
  );
}

function said({ state, to, says }: Probe): string {
  switch (state) {
    case 'waiting':
      return says === null ? `On its way to ${to}, sent` : `On its way to ${to}: ${says}. Sent`;
    case 'arrived':
      return 'It arrived and is being checked. Sent';
    case 'lost':
      return `${says ?? 'It was not found'}. Sent to ${to}`;
    case 'refused':
      return `It never left: ${says ?? 'the mail server refused it'}. Written`;
    default:
      return `Sent to ${to}`;
  }
}

const TONES: Record<NonNullable<Probe['verdict']>, readonly [Tone, string]> = {
  good: ['ok', 'Good'],
  warn: ['warn', 'Could be better'],
  bad: ['bad', 'Wrong'],
  unknown: ['neutral', 'Not known'],
};

/** Those before the last one. */
function Earlier({ address, shown }: { address: string; shown: string | undefined }) {
  const probes = useList('senders.probes', { sender: address, limit: 6 });
  const rows = probes.rows.filter(({ id }) => id !== shown).slice(0, 5);
  if (rows.length === 0) return null;
  return (
    <details className="border-t px-4 py-2.5 text-sm">
      <summary className="w-fit cursor-pointer text-ink-2 hover:text-ink">Earlier ones</summary>
      <ul className="mt-2 space-y-2">
        {rows.map((one) => {
          const [tone, word] =
            one.verdict === null ? (['neutral', one.state === 'lost' ? 'Lost' : 'Not known'] as const) : TONES[one.verdict];
          return (
            <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Badge tone={tone}>{word}</Badge>
              <span className="min-w-0 flex-1 truncate">{one.to}</span>
              <When at={one.created_at} />
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function ProbeDialog({ checkup, onClose }: { checkup: Checkup; onClose: () => void }) {
  const form = useForm({ to: checkup.mailboxes[0] ?? '' });
  const send = useAct('senders.probe', { refresh: ['senders'], quiet: true, done: 'It is on its way.', onDone: onClose });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Send a probe"
      description={`A short mail leaves as ${checkup.address}, whether or not sending is launched. It is looked for in the mailboxes that Steward reads, junk too.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={send.isPending}
            onClick={() =>
              send.mutate(
                { sender: checkup.address, ...(form.values.to.trim() === '' ? {} : { to: form.values.to.trim() }) },
                { onError: form.setError },
              )
            }
          >
            Send it
          </Button>
        </>
      }
    >
      {form.general === undefined ? null : (
        <Note tone="bad" className="mb-4">
          {form.general}
        </Note>
      )}
      <Field
        label="To"
        error={form.fault('to')}
        hint="A mailbox at Gmail or Outlook tells most: it writes down what it thinks. Whatever you enter must end up in a mailbox that Steward reads."
      >
        {(control) => <Input {...control} {...form.text('to')} type="email" />}
      </Field>
    </Dialog>
  );
}
