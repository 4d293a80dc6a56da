import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { changesOf, type Content } from './content.ts';
import type { Finding } from './preview.tsx';

interface Props {
  templateKey: string;
  content: Content;
  findings: readonly Finding[];
  /** Waits until nothing else is being saved. */
  before: () => Promise<void>;
  onClose: () => void;
  onPublished: () => void;
}

/** A new version: whatever speaks against it is said once more. */
export function PublishDialog({ templateKey, content, findings, before, onClose, onPublished }: Props) {
  const [note, setNote] = useState('');
  const publish = useAct('templates.update', {
    quiet: true,
    done: ({ version }) => `Published as version ${version}.`,
    onDone: onPublished,
  });
  const faults = findings.filter((one) => one.severity === 'fault');
  const warnings = findings.filter((one) => one.severity === 'warning');
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Publish"
      description="Workflows send the new version from their next message on. What was sent keeps its own."
      footer={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button
            kind={faults.length > 0 ? 'danger' : 'primary'}
            busy={publish.isPending}
            onClick={() =>
              void before().then(() =>
                publish.mutate({ key: templateKey, ...changesOf(content), ...(note.trim() === '' ? {} : { note: note.trim() }) }),
              )
            }
          >
            {faults.length > 0 ? 'Publish all the same' : 'Publish'}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {publish.error === null ? null : <Note tone="bad">{publish.error.message}</Note>}
        {faults.length === 0 ? null : (
          <Note tone="bad">
            <ul className="space-y-1">
              {faults.slice(0, 6).map((one) => (
                <li key={`${one.part} ${one.says}`}>
                  {one.says}. {one.fix}.
                </li>
              ))}
            </ul>
          </Note>
        )}
        {warnings.length === 0 ? null : (
          <Note tone="warn">
            <ul className="space-y-1">
              {warnings.slice(0, 6).map((one) => (
                <li key={`${one.part} ${one.says}`}>{one.says}.</li>
              ))}
            </ul>
          </Note>
        )}
        <Field label="What changed" optional>
          {(control) => <Input {...control} maxLength={300} value={note} onChange={(event) => setNote(event.target.value)} />}
        </Field>
      </div>
    </Dialog>
  );
}
