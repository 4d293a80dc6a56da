import { Download, Upload } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '#web/kit/button.tsx';
import { CopyButton } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Textarea } from '#web/kit/field.tsx';
import { Note } from '#web/kit/states.tsx';
import type { Definition } from './definition.ts';
import { readDefinition, recordOf } from './parse.ts';

/** The definition as it is stored: to read, to change by hand, to take along, to bring in. */
export function JsonDialog({
  definition,
  may,
  onTake,
  onClose,
}: {
  definition: Definition;
  may: boolean;
  onTake: (next: Definition) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2));
  const [fault, setFault] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = () => {
    const read = parse(text);
    if (typeof read === 'string') return setFault(read);
    // Its name is what other systems call it by: it stays.
    onTake({ ...read, name: definition.name });
    onClose();
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title="As JSON"
      description="The same definition that the drawing shows, the API takes and a run runs."
      footer={
        <>
          <CopyButton text={text} label="Copy the JSON" />
          <Button
            onClick={() => {
              const link = document.createElement('a');
              link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
              link.download = `${definition.name}.json`;
              link.click();
              URL.revokeObjectURL(link.href);
            }}
          >
            <Download /> Export
          </Button>
          {may ? (
            <>
              <Button onClick={() => file.current?.click()}>
                <Upload /> From a file
              </Button>
              <Button kind="primary" onClick={take}>
                Take it over
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        aria-label="A workflow as a JSON file"
        className="sr-only"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen === undefined) return;
          void chosen.text().then((content) => {
            setText(content);
            setFault(null);
            toast.success(`${chosen.name} is read. Look at it, then take it over.`);
          });
        }}
      />
      {fault === null ? null : (
        <Note tone="bad" className="mb-3">
          {fault}
        </Note>
      )}
      <label htmlFor={id} className="sr-only">
        Definition as JSON
      </label>
      <Textarea
        id={id}
        rows={22}
        readOnly={!may}
        spellCheck={false}
        className="font-mono text-xs sm:text-xs"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setFault(null);
        }}
      />
    </Dialog>
  );
}

/** The definition, or a sentence about why it is none. */
function parse(text: string): Definition | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
  const found = recordOf(value);
  if (!Array.isArray(found['steps'])) return 'This is no workflow: it has no list of steps.';
  return readDefinition(value);
}
