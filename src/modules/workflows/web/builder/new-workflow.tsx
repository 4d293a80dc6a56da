import { useNavigate } from '@tanstack/react-router';
import { FilePlus2, Upload } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { freshId, type Definition } from './definition.ts';
import { icon } from './icons.tsx';
import { JsonFile } from './json-file.tsx';
import { parseDefinition, readDefinition } from './parse.ts';
import { wire } from './use-draft.ts';

const EMPTY: Definition = { name: '', title: '', subject: 'lead', triggers: [{ on: 'manual' }], stop_on: [], settings: {}, steps: [] };

/** A name for API calls out of the title: `Win back the silent` → `win-back-the-silent`. */
const nameOf = (title: string, taken: readonly string[]): string =>
  freshId(title, new Set(taken.map((name) => name.replaceAll(/[.-]/g, '_'))))
    .replaceAll('_', '-')
    .replace(/^[^a-z]+/, 'w-');

/** From an empty canvas, from a file, or from one of the gallery that works as it is. */
export function NewWorkflow({ names, onClose }: { names: readonly string[]; onClose: () => void }) {
  const navigate = useNavigate();
  const gallery = useRead('workflows.gallery', {});
  const [title, setTitle] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const create = useAct('workflows.create', {
    refresh: ['workflows'],
    onDone: ({ id }) => void navigate({ to: '/workflows/$workflowId', params: { workflowId: id } }),
  });
  const make = (definition: Definition) => {
    const called = title.trim() === '' ? definition.title : title.trim();
    const shown = called === '' ? 'New workflow' : called;
    create.mutate({ definition: wire({ ...definition, title: shown, name: nameOf(shown, names) }), draft: true });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title="New workflow"
      description="It starts as a draft and does nothing until you publish it and switch it on."
    >
      <div className="space-y-5">
        {fault === null ? null : <Note tone="bad">{fault}</Note>}
        <Field label="Title" optional hint="Left empty, it is called as its template is.">
          {(control) => (
            <Input
              {...control}
              value={title}
              maxLength={200}
              placeholder="Welcome new leads"
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          <Choice
            icon={<FilePlus2 />}
            title="Empty canvas"
            says="Build it step by step."
            busy={create.isPending}
            onPick={() => make(EMPTY)}
          />
          <Choice
            icon={<Upload />}
            title="From a JSON file"
            says="One that was exported, here or elsewhere."
            busy={create.isPending}
            onPick={() => file.current?.click()}
          />
        </div>
        <JsonFile
          ref={file}
          onRead={(text, name) => {
            const read = parseDefinition(text);
            if (typeof read === 'string') setFault(`${name}: ${read}`);
            else make(read);
          }}
        />
        <section aria-labelledby="gallery">
          <h3 id="gallery" className="mb-2 text-sm font-semibold">
            From the gallery
          </h3>
          {gallery.error !== null && gallery.data === undefined ? (
            <Failure what="The gallery could not be loaded." error={gallery.error} retry={() => void gallery.refetch()} />
          ) : gallery.data === undefined ? (
            <SkeletonRows rows={4} />
          ) : (
            <div className="grid gap-3 sm:grid-cols-2">
              {gallery.data.items.map((one) => (
                <Choice
                  key={one.key}
                  icon={icon(one.icon)}
                  title={one.title}
                  says={one.description}
                  busy={create.isPending}
                  onPick={() => make(readDefinition(one.definition))}
                />
              ))}
            </div>
          )}
        </section>
      </div>
    </Dialog>
  );
}

function Choice({
  icon: shown,
  title,
  says,
  busy,
  onPick,
}: {
  icon: ReactNode;
  title: string;
  says: string;
  busy: boolean;
  onPick: () => void;
}) {
  return (
    <Button
      disabled={busy}
      onClick={onPick}
      className="h-auto items-start justify-start gap-3 rounded-xl px-3.5 py-3 text-left font-normal whitespace-normal"
    >
      <span aria-hidden className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent-ink">
        {shown}
      </span>
      <span className="min-w-0">
        <span className="block text-sm font-medium">{title}</span>
        <span className="block text-xs text-ink-3">{says}</span>
      </span>
    </Button>
  );
}
