import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { MappingEditor, type Line } from './mapping-editor.tsx';
import { Preview } from './preview.tsx';
import { useLook } from './use-look.ts';

type Source = Output<'sources.get'>;

/** Another mapping for a source that is there, with what its first rows would become. */
export function EditMapping({ source, onClose }: { source: Source; onClose: () => void }) {
  const place = { connection_id: source.connection_id, settings: source.settings };
  const look = useLook({ ...place, object: source.object }, true);
  const [mapping, setMapping] = useState<readonly Line[]>(source.mapping);
  const save = useAct('sources.update', {
    refresh: ['sources'],
    done: 'Saved. The next run reads everything once more.',
    onDone: onClose,
  });
  const same = JSON.stringify(mapping) === JSON.stringify(source.mapping);
  if (look.error !== null)
    return (
      <Note
        tone="bad"
        action={
          <span className="flex gap-2">
            <Button onClick={() => void look.refetch()}>Try again</Button>
            <Button onClick={onClose}>Leave it</Button>
          </span>
        }
      >
        {look.error.message}
      </Note>
    );
  return (
    <div className="space-y-5">
      <Panel
        title="What its fields are here"
        flush
        aside={
          <span className="flex gap-2">
            <Button size="sm" onClick={onClose}>
              Cancel
            </Button>
            <Button
              size="sm"
              kind="primary"
              disabled={same || source.running}
              busy={save.isPending}
              onClick={() => save.mutate({ source_id: source.id, mapping: [...mapping] })}
            >
              Save
            </Button>
          </span>
        }
      >
        {source.running ? (
          <div className="px-4 pt-3">
            <Note tone="warn">A run is under way. Stop it first, or wait for its end; then save.</Note>
          </div>
        ) : null}
        {look.data === undefined ? (
          <div className="p-4">
            <SkeletonLines lines={6} />
          </div>
        ) : (
          <MappingEditor fields={look.data.fields} targets={look.data.targets} mapping={mapping} onChange={setMapping} />
        )}
      </Panel>
      {mapping.length === 0 ? null : <Preview input={{ ...place, object: source.object, kind: source.kind, mapping: [...mapping] }} />}
    </div>
  );
}
