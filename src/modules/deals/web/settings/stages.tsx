import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Input } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';

type Pipeline = Item<'pipelines.list'>;
type Stage = Pipeline['stages'][number];
const refresh = ['pipelines', 'deals', 'pipeline'];

/** Each pipeline with its stages: how likely a deal in it is won, and after how long it rots. */
export function StagesPanel() {
  const found = useRead('pipelines.list', {});
  if (found.error !== null)
    return <Failure what="The stages could not be loaded." error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined)
    return (
      <Panel title="Stages">
        <SkeletonLines lines={6} />
      </Panel>
    );
  return (
    <>
      {found.data.items.map((pipeline) => (
        <Stages key={pipeline.id} pipeline={pipeline} />
      ))}
    </>
  );
}

function Stages({ pipeline }: { pipeline: Pipeline }) {
  const may = useMay('manager');
  const [name, setName] = useState('');
  const add = useAct('stages.create', { refresh, done: 'Added.', onDone: () => setName('') });
  return (
    <Panel title={`Stages of ${pipeline.name}`} flush>
      <div className="hidden grid-cols-[1fr_7rem_7rem_6.5rem] gap-3 px-4 pt-3 text-xs text-ink-3 sm:grid">
        <span>Stage</span>
        <span>Probability, %</span>
        <span>Rots after, days</span>
      </div>
      <ul className="divide-y">
        {pipeline.stages.map((stage) => (
          <Line key={`${stage.id} ${stage.updated_at}`} stage={stage} may={may} />
        ))}
      </ul>
      {may ? (
        <form
          className="flex gap-2 border-t p-4"
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate({ pipeline_id: pipeline.id, name: name.trim() });
          }}
        >
          <Input
            aria-label={`New stage of ${pipeline.name}`}
            className="max-w-72"
            placeholder="A new open stage"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" busy={add.isPending} disabled={name.trim() === ''}>
            <Plus /> Add
          </Button>
        </form>
      ) : null}
    </Panel>
  );
}

const whole = (text: string): number | null => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : null);

function Line({ stage, may }: { stage: Stage; may: boolean }) {
  const [name, setName] = useState(stage.name);
  const [probability, setProbability] = useState(String(stage.probability));
  const [rot, setRot] = useState(stage.rot_days === null ? '' : String(stage.rot_days));
  const save = useAct('stages.update', { refresh, done: 'Saved.' });
  const drop = useAct('stages.delete', { refresh, done: 'Deleted.' });
  const open = stage.kind === 'open';
  const [part, days] = [whole(probability), rot.trim() === '' ? null : whole(rot)];
  const wrong = name.trim() === '' || part === null || part > 100 || (rot.trim() !== '' && (days === null || days < 1));
  const changed = name.trim() !== stage.name || part !== stage.probability || days !== stage.rot_days;
  return (
    <li>
      <form
        className="grid grid-cols-[1fr_1fr_auto] items-center gap-x-3 gap-y-2 px-4 py-2.5 sm:grid-cols-[1fr_7rem_7rem_6.5rem]"
        onSubmit={(event) => {
          event.preventDefault();
          if (part === null) return;
          save.mutate({ stage_id: stage.id, name: name.trim(), ...(open ? { probability: part, rot_days: days } : {}), if_match: stage.updated_at });
        }}
      >
        <span className="col-span-3 flex items-center gap-2 sm:col-span-1">
          <Input
            aria-label={`Name of ${stage.name}`}
            disabled={!may}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          {open ? null : <Badge tone={stage.kind === 'won' ? 'ok' : 'neutral'}>{stage.kind}</Badge>}
        </span>
        <Input
          aria-label={`Probability of ${stage.name}, per cent`}
          className="num"
          inputMode="numeric"
          disabled={!may || !open}
          value={probability}
          onChange={(event) => setProbability(event.target.value)}
        />
        <Input
          aria-label={`Days until a deal in ${stage.name} rots; empty: never`}
          className="num"
          inputMode="numeric"
          disabled={!may || !open}
          placeholder="never"
          value={rot}
          onChange={(event) => setRot(event.target.value)}
        />
        <span className="flex justify-end">
          {changed ? (
            <Button type="submit" size="sm" busy={save.isPending} disabled={wrong}>
              Save
            </Button>
          ) : may ? (
            <Confirm
              title={`Delete the stage ${stage.name}?`}
              action="Delete"
              danger
              onConfirm={() => drop.mutate({ stage_id: stage.id })}
              trigger={(askFirst) => (
                <Button kind="quiet" size="icon" aria-label={`Delete ${stage.name}`} onClick={askFirst}>
                  <Trash2 />
                </Button>
              )}
            >
              Only a stage in which no deal ever stood can go; another one is renamed.
            </Confirm>
          ) : null}
        </span>
      </form>
    </li>
  );
} // prettier-ignore
