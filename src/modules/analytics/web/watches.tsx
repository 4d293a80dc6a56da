import { Link } from '@tanstack/react-router';
import { Eye, Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Switch } from '#web/kit/field.tsx';
import { signedMoney } from '#web/kit/money.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { AddWatch, compareWords } from './add-watch.tsx';
import { amountWords } from './amounts.ts';
import { AnalyticsTabs } from './tabs.tsx';

type Watch = Item<'watches.list'>;

/** Conditions on metrics: how each stands, and the deals behind what is told. */
export function WatchesPage() {
  const watches = useRead('watches.list', {}, { everyMs: 60_000 });
  const may = useMay('manager');
  const [adding, setAdding] = useState(false);
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <Plus /> Watch a metric
    </Button>
  );
  return (
    <Page
      title="Watches"
      lead="What you are told of, once, when it matters, and once when it is well again. Otherwise it is quiet."
      actions={may ? add : null}
    >
      <AnalyticsTabs at="/insights/watches" />
      {watches.error !== null ? (
        <Failure what="The watches could not be loaded." error={watches.error} retry={() => void watches.refetch()} />
      ) : watches.data === undefined ? (
        <Panel>
          <SkeletonLines lines={6} />
        </Panel>
      ) : watches.data.items.length === 0 ? (
        <div className="rounded-xl border bg-panel">
          <Empty icon={<Eye />} title="Nothing is watched yet" action={may ? add : undefined}>
            For example: tell when the open value falls by 10 % and 50,000 within a week, with the deals that made it fall.
          </Empty>
        </div>
      ) : (
        <Panel flush>
          <ul className="divide-y">
            {watches.data.items.map((watch) => (
              <Line key={watch.id} watch={watch} currency={watches.data.currency} may={may} />
            ))}
          </ul>
        </Panel>
      )}
      <p className="mt-4 text-xs text-ink-3">
        Told by bell and mail to whom{' '}
        <Link to="/settings/alerts" className="underline underline-offset-2">
          Alerts
        </Link>{' '}
        names, to{' '}
        <Link to="/settings/webhooks" className="underline underline-offset-2">
          webhooks
        </Link>
        , and to Slack by a{' '}
        <Link to="/workflows" className="underline underline-offset-2">
          workflow
        </Link>{' '}
        that starts when something goes wrong. Looked at every ten minutes; a week is seven days that are over (UTC).
      </p>
      <AddWatch open={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function wishWords(watch: Watch, currency: string): string {
  const words = (amount: number) => amountWords(amount, watch.unit, currency);
  const within = watch.days === 1 ? 'a day' : `${watch.days} days`;
  if (watch.compare === 'below' || watch.compare === 'above') return `${compareWords[watch.compare]} ${words(watch.amount)}`;
  if (watch.compare === 'unusual') return `${compareWords.unusual}${watch.amount === 0 ? '' : `, by at least ${words(watch.amount)}`}`;
  return `${compareWords[watch.compare]} by ${watch.percent} %${watch.amount === 0 ? '' : ` and ${words(watch.amount)}`} within ${within}`;
}

function Line({ watch, currency, may }: { watch: Watch; currency: string; may: boolean }) {
  const save = useAct('watches.update', { refresh: ['watches', 'alerts'] });
  const drop = useAct('watches.delete', { refresh: ['watches', 'alerts'], done: 'Nobody is told of it any more.' });
  const name = `${watch.metric_title}${watch.value_name === null ? '' : ` of ${watch.value_name}`}`;
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <div className="flex flex-wrap items-center gap-2 text-sm font-medium">
            {name}
            {watch.wrong ? <Badge tone="warn">told</Badge> : null}
          </div>
          <div className="text-xs text-ink-2">Tell when it {wishWords(watch, currency)}</div>
        </div>
        <div className="text-right">
          <div className="num text-sm font-medium">{amountWords(watch.now_amount, watch.unit, currency)}</div>
          {watch.before_amount === null || watch.compare === 'below' || watch.compare === 'above' ? null : (
            <div className="num text-xs text-ink-3">
              {watch.compare === 'unusual' ? 'usual' : 'before'} {amountWords(watch.before_amount, watch.unit, currency)}
            </div>
          )}
        </div>
        <div className="flex items-center gap-2">
          <Switch
            checked={watch.active}
            disabled={!may || save.isPending}
            aria-label={`Watch ${name}`}
            onCheckedChange={(active) => save.mutate({ watch_id: watch.id, active, if_match: watch.updated_at })}
          />
          <Confirm
            title={`Stop watching ${name}?`}
            action="Stop watching"
            danger
            onConfirm={() => drop.mutate({ watch_id: watch.id })}
            trigger={(askFirst) => (
              <Button kind="quiet" size="icon" disabled={!may} aria-label={`Delete the watch on ${name}`} onClick={askFirst}>
                <X />
              </Button>
            )}
          >
            Its condition is deleted; alerts that were told stay in their list.
          </Confirm>
        </div>
      </div>
      {watch.wrong ? (
        <div className="mt-2 rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
          <span className="font-medium">{watch.title}.</span> {watch.body}
          {watch.deals.length === 0 ? null : (
            <ul className="mt-1.5 space-y-0.5" aria-label="Deals behind it">
              {watch.deals.map((deal) => (
                <li key={deal.deal_id} className="flex gap-3">
                  <Link to="/deals/$dealId" params={{ dealId: deal.deal_id }} className="min-w-0 truncate underline underline-offset-2">
                    {deal.name}
                  </Link>
                  <span className="num ml-auto">{signedMoney(deal.cents, currency)}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      ) : null}
    </li>
  );
}
