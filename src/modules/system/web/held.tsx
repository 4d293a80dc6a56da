import { Hand, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { countOf } from '#web/kit/format.ts';
import { Facts, Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { momentOf, When } from '#web/kit/time.tsx';
import { type Then, WouldFire } from './would-fire.tsx';

type Hold = Output<'system.hold.get'>;

/** Why nothing leaves, what a release would set going, and the release itself. */
export function HeldSettings() {
  const hold = useRead('system.hold.get', {}, { everyMs: 10_000 });
  if (hold.data === undefined) {
    return hold.error === null ? (
      <SkeletonLines lines={6} />
    ) : (
      <Failure what="It could not be read whether this installation is held." error={hold.error} retry={() => void hold.refetch()} />
    );
  }
  return hold.data.held ? <HeldNow hold={hold.data} /> : <Acting hold={hold.data} />;
}

function Acting({ hold }: { hold: Hold }) {
  const may = useMay('admin');
  const start = useAct('system.hold.set', { refresh: ['system'], done: 'Held. Nothing leaves until you release it.' });
  return (
    <Panel title="This installation">
      <Empty
        icon={<ShieldCheck />}
        title="This installation acts"
        action={
          may ? (
            <Confirm
              title="Hold the whole installation?"
              action="Hold"
              onConfirm={() => start.mutate({})}
              trigger={(ask) => (
                <Button busy={start.isPending} onClick={ask}>
                  <Hand /> Hold it now
                </Button>
              )}
            >
              <p>Nothing leaves and nothing fires until an admin releases it. What is under way ends. Pages go on working.</p>
            </Confirm>
          ) : undefined
        }
      >
        It is the one that its database knows. A restored backup or a copied data directory starts held instead, so that nobody hears twice.
      </Empty>
      <p className="border-t pt-3 text-xs break-words text-ink-3">{hold.home}</p>
    </Panel>
  );
}

function HeldNow({ hold }: { hold: Hold }) {
  const may = useMay('admin');
  const manager = useMay('manager');
  const preview = useRead('system.hold.preview', {}, { enabled: manager, everyMs: 30_000 });
  const [others, setOthers] = useState<Then>('skip');
  const [chosen, setChosen] = useState<ReadonlyMap<string, Then>>(new Map());
  const release = useAct('system.hold.release', {
    refresh: ['system', 'schedules', 'runs'],
    done: (answer) =>
      answer.fenced.length === 0
        ? 'Released: it acts.'
        : `Released: it acts. ${countOf(answer.fenced.length, 'other process', 'other processes')} may not any more.`,
  });
  const restored = hold.restored;
  const moved = restored?.reason === 'migrated';
  return (
    <div className="space-y-6">
      <Panel title="Why it is held">
        <div className="space-y-4">
          <p className="text-sm">{hold.says}</p>
          <Facts
            rows={[
              ...(hold.since === null ? [] : ([['Held since', momentOf(hold.since)]] as const)),
              ...(restored === null
                ? []
                : ([
                    [moved ? 'As it stood' : 'Backup taken', <When key="at" at={restored.taken_at} exact />],
                    ...(restored.from === null ? [] : ([[moved ? 'Moved from' : 'Taken at', restored.from]] as const)),
                  ] as const)),
              ['This process', hold.home],
            ]}
          />
          {restored === null ? null : (
            <Note tone="warn">
              What is listed below is as it was {moved ? 'when the database was moved' : 'when the backup was taken'}. The installation it
              comes from may have sent some of it since. Cancel runs that must not go on before you release.
            </Note>
          )}
        </div>
      </Panel>
      {!manager ? (
        <Note>A manager sees here what would fire.</Note>
      ) : preview.data === undefined ? (
        preview.error === null ? (
          <SkeletonLines lines={8} />
        ) : (
          <Failure what="What would fire could not be read." error={preview.error} retry={() => void preview.refetch()} />
        )
      ) : (
        <WouldFire
          would={preview.data}
          others={others}
          chosen={chosen}
          onOthers={(then) => {
            setOthers(then);
            setChosen(new Map());
          }}
          onChoose={(id, then) => setChosen(new Map(chosen).set(id, then))}
        />
      )}
      {may ? (
        <div className="flex flex-wrap items-center justify-end gap-3">
          <p className="min-w-0 flex-1 basis-60 text-xs text-ink-3">
            Before you release: is the installation that this is a copy of switched off? If both act, people hear twice.
          </p>
          <Confirm
            title="Release this installation?"
            action="Release"
            danger
            onConfirm={() =>
              release.mutate({ schedules: others, except: [...chosen].map(([schedule_id, then]) => ({ schedule_id, then })) })
            }
            trigger={(ask) => (
              <Button kind="primary" busy={release.isPending} disabled={preview.data === undefined} onClick={ask}>
                Release
              </Button>
            )}
          >
            <p>Runs go on, what is reserved leaves, schedules fire as chosen. What was sent can’t be taken back.</p>
            <p>A process that worked on this very database before, and was not released with this one, stops acting.</p>
          </Confirm>
        </div>
      ) : (
        <Note>Only an admin releases it.</Note>
      )}
    </div>
  );
}
