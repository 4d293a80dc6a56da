import { Download, Upload } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import { Button } from '#web/kit/button.tsx';
import { CopyButton } from '#web/kit/copy.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Textarea } from '#web/kit/field.tsx';
import { Note } from '#web/kit/states.tsx';
import type { Definition } from './definition.ts';
import { JsonFile } from './json-file.tsx';
import { parseDefinition } from './parse.ts';

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
    const read = parseDefinition(text);
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
      <JsonFile
        ref={file}
        onRead={(content, name) => {
          setText(content);
          setFault(null);
          toast.success(`${name} is read. Look at it, then take it over.`);
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
