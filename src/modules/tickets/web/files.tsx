import { Paperclip, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from '#web/kit/toast.ts';
import { ApiError, call, request } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';

/** Of all files of one mail, in bytes: what many mailboxes take, less what base64 adds. */
const MOST = 15_000_000;

interface Chosen {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

interface FilesToSend {
  readonly chosen: readonly Chosen[];
  /** Name of the file that is on its way; null: none. */
  readonly sending: string | null;
  add(list: readonly File[]): Promise<void>;
  remove(id: string): void;
  clear(): void;
}

/** Files that go with the next answer: kept on the person as soon as they are chosen, deleted again when they are taken back. */
export function useFilesToSend(personId: string): FilesToSend {
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const [sending, setSending] = useState<string | null>(null);
  return {
    chosen,
    sending,
    async add(list) {
      let left = MOST - chosen.reduce((sum, one) => sum + one.size, 0);
      for (const file of list) {
        if (file.size > left) {
          toast.error(`${file.name} does not fit: the files of a mail are at most 15 MB together.`);
          continue;
        }
        left -= file.size;
        setSending(file.name);
        try {
          const kept = (await request('POST', `/api/people/${personId}/files/upload?name=${encodeURIComponent(file.name)}`, {
            body: file,
            contentType: 'application/octet-stream',
          })) as { id: string; name: string }; // what the route of an upload answers
          setChosen((before) => [...before, { id: kept.id, name: kept.name, size: file.size }]);
        } catch (error) {
          toast.error(error instanceof ApiError ? error.message : `${file.name} could not be sent.`);
        }
      }
      setSending(null);
    },
    remove(id) {
      setChosen((before) => before.filter((one) => one.id !== id));
      void call('files.delete', { person_id: personId, file_id: id }).catch(() => undefined); // it stays on the person then, where it can be deleted
    },
    clear: () => setChosen([]),
  };
}

export function AttachButton({ files }: { files: FilesToSend }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to send along"
        onChange={(event) => {
          void files.add([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <Button size="sm" kind="quiet" busy={files.sending !== null} onClick={() => input.current?.click()}>
        {files.sending === null ? <Paperclip /> : null} Attach
      </Button>
    </>
  );
}

export function ChosenFiles({ files }: { files: FilesToSend }) {
  if (files.chosen.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5 px-3 pb-2" aria-label="Goes with the answer">
      {files.chosen.map(({ id, name, size }) => (
        <li key={id} className="flex h-7 max-w-full min-w-0 items-center gap-1.5 rounded-md border bg-sunken pr-0.5 pl-2 text-xs">
          <Paperclip aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          <span className="truncate">{name}</span>
          <span className="num shrink-0 text-ink-3">{Math.max(1, Math.round(size / 1_000))} kB</span>
          <button
            type="button"
            aria-label={`Leave ${name} out`}
            onClick={() => files.remove(id)}
            className="flex size-6 shrink-0 items-center justify-center rounded text-ink-3 hover:text-ink"
          >
            <X className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  );
}
