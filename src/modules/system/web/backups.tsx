import { Archive } from 'lucide-react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { count } from '#web/kit/format.ts';
import { Panel } from '#web/kit/panel.tsx';
import { Listed } from '#web/kit/list/listed.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { BackupPlan } from './backup-plan.tsx';
import { sizeOf } from './size.ts';

type Backup = Item<'backups.list'>;

/** Backups of the whole installation: when, how many, whether they are good. */
export function BackupsSettings() {
  const plan = useRead('backups.plan.get', {}, { everyMs: 60_000 });
  const backups = useList('backups.list', {}, { everyMs: 60_000 });
  const take = useAct('system.backup', { refresh: ['backups'], done: 'Taken and read back.' });
  const troubles = plan.data === undefined ? [] : [plan.data.error, plan.data.drill_error].filter((text) => text !== null);
  return (
    <div className="space-y-6">
      {troubles.map((text) => (
        <Note key={text} tone="bad">
          {text}
        </Note>
      ))}
      {plan.data?.late === true && troubles.length === 0 ? <Note tone="bad">The last backup is older than it should be.</Note> : null}
      <Panel
        title="Kept"
        flush
        aside={
          <Button size="sm" busy={take.isPending} onClick={() => take.mutate({})}>
            Take one now
          </Button>
        }
      >
        <Listed
          list={backups}
          failed="The backups could not be listed."
          skeleton={4}
          none={
            <Empty icon={<Archive />} title="No backup yet">
              The first one comes by plan. Each is read back before it counts.
            </Empty>
          }
        >
          <ul className="divide-y">
            {backups.rows.map((backup) => (
              <Row key={backup.name} backup={backup} />
            ))}
          </ul>
        </Listed>
      </Panel>
      <Note>
        A backup holds everything in the database: people, their files, runs, the ledger, credentials that are sealed. It does not hold the
        key: keep <code>STEWARD_SECRET</code> or the file <code>secret.key</code> somewhere else. To restore on another machine:{' '}
        <code>npx steward restore</code>.
      </Note>
      {plan.data !== undefined ? (
        <BackupPlan key={plan.data.updated_at} plan={plan.data} />
      ) : plan.error !== null ? (
        <Failure what="The plan could not be loaded." error={plan.error} retry={() => void plan.refetch()} />
      ) : (
        <SkeletonLines lines={5} />
      )}
    </div>
  );
}

const reasons: Record<string, string> = { scheduled: 'By plan', manual: 'By hand', 'before-restore': 'Before a restore' };

function Row({ backup }: { backup: Backup }) {
  const verify = useAct('backups.verify', {
    refresh: ['backups'],
    done: ({ ok, error }) => (ok ? 'Read back: it is whole.' : `It is damaged: ${error ?? ''}`),
  });
  const drill = useAct('backups.drill', {
    refresh: ['backups'],
    done: ({ ok, error, rows }) =>
      ok ? `Restored on trial: all ${count(rows ?? 0)} rows are there.` : `It can’t be restored: ${error ?? ''}`,
  });
  const restore = useAct('system.restore', { done: 'Steward starts anew. Sign in again in a moment.' });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          <When at={backup.taken_at} exact />
          <Badge>{reasons[backup.reason] ?? backup.reason}</Badge>
          {backup.error === null ? null : <Badge tone="bad">Damaged</Badge>}
        </p>
        <p className="text-xs break-words text-ink-3">
          {count(backup.rows)} rows, {sizeOf(backup.bytes)} · read back <When at={backup.verified_at} />
          {backup.drilled_at === null ? null : (
            <>
              {' '}
              · restored on trial <When at={backup.drilled_at} />
            </>
          )}
        </p>
        {backup.error === null ? null : <p className="text-xs break-words text-bad">{backup.error}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" busy={verify.isPending} onClick={() => verify.mutate({ name: backup.name })}>
          Verify
        </Button>
        <Button size="sm" busy={drill.isPending} onClick={() => drill.mutate({ name: backup.name })}>
          Try a restore
        </Button>
        <Confirm
          title="Restore this backup over everything?"
          action="Restore"
          danger
          onConfirm={() => restore.mutate({ backup: backup.name, replace: true })}
          trigger={(ask) => (
            <Button size="sm" kind="quiet" busy={restore.isPending} onClick={ask}>
              Restore …
            </Button>
          )}
        >
          <p>All that was done since is lost here. A backup of it is taken first.</p>
          <p>Steward starts anew and is held: nothing leaves until you release it.</p>
        </Confirm>
      </div>
    </li>
  );
}
