import { useQueryClient } from '@tanstack/react-query';
import { Eye, EyeOff, File as FileIcon, Image, Paperclip, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from './toast.ts';
import { ApiError, request } from './api.ts';
import { Button } from './button.tsx';
import { Confirm } from './confirm.tsx';
import { Panel } from './panel.tsx';
import { refresh, useAct, useRead } from './query.ts';
import { SkeletonLines } from './skeleton.tsx';
import { When } from './time.tsx';

const LARGEST = 25_000_000;

/** Files on a person: dropped or chosen, downloaded, deleted. */
export function FilesPanel({ personId }: { personId: string }) {
  const files = useRead('files.list', { person_id: personId });
  const remove = useAct('files.delete', { refresh: ['files'], done: 'Deleted.' });
  const share = useAct('files.share', { refresh: ['files'] });
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const send = async (list: readonly File[]) => {
    for (const file of list) {
      if (file.size > LARGEST) {
        toast.error(`${file.name} is larger than 25 MB.`);
        continue;
      }
      setSending(file.name);
      try {
        // One after the other: each shows its name, and a slow line is not shared.
        await request('POST', `/api/people/${personId}/files/upload?name=${encodeURIComponent(file.name)}`, {
          body: file,
          contentType: 'application/octet-stream',
        });
      } catch (error) {
        toast.error(error instanceof ApiError ? error.message : `${file.name} could not be sent.`);
      }
    }
    setSending(null);
    await refresh(client, ['files']);
  };
  const rows = files.data?.items ?? [];
  return (
    <Panel
      title="Files"
      aside={
        <Button kind="quiet" size="sm" busy={sending !== null} onClick={() => input.current?.click()}>
          {sending === null ? <Paperclip /> : null} Add
        </Button>
      }
    >
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={(event) => {
          void send([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void send([...event.dataTransfer.files]);
        }}
        className={over ? 'rounded-lg outline-2 outline-offset-4 outline-accent outline-dashed' : ''}
      >
        {files.isPending ? (
          <SkeletonLines lines={2} />
        ) : files.error !== null ? (
          <p className="text-sm text-bad">Files could not be loaded: {files.error.message}</p>
        ) : rows.length === 0 ? (
          <p className="text-sm text-ink-2">No files. Drop one here: an offer, a photo, a contract; 25 MB at most.</p>
        ) : (
          <ul className="space-y-2 text-sm">
            {rows.map((file) => (
              <li key={file.id} className="flex min-w-0 items-center gap-2.5">
                <span aria-hidden className="text-ink-3 [&_svg]:size-4">
                  {file.type.startsWith('image/') ? <Image /> : <FileIcon />}
                </span>
                <a
                  href={`/api/people/${personId}/files/${file.id}/content`}
                  download={file.name}
                  className="min-w-0 flex-1 truncate hover:underline"
                  title={file.name}
                >
                  {file.name}
                </a>
                <span className="num shrink-0 text-xs text-ink-3">
                  {sizeOf(file.size_bytes)} · <When at={file.created_at} />
                </span>
                <Button
                  kind="quiet"
                  size="icon"
                  className={file.shared_at === null ? 'size-7' : 'size-7 text-accent'}
                  aria-pressed={file.shared_at !== null}
                  aria-label={`Show ${file.name} on the client’s page`}
                  title={file.shared_at === null ? 'Show it on the client’s page' : 'The client sees it on their page'}
                  busy={share.isPending && share.variables?.file_id === file.id}
                  onClick={() => share.mutate({ person_id: personId, file_id: file.id, shared: file.shared_at === null })}
                >
                  {file.shared_at === null ? <EyeOff /> : <Eye />}
                </Button>
                <Confirm
                  title={`Delete ${file.name}?`}
                  action="Delete"
                  danger
                  onConfirm={() => remove.mutate({ person_id: personId, file_id: file.id })}
                  trigger={(ask) => (
                    <Button kind="quiet" size="icon" className="size-7" aria-label={`Delete ${file.name}`} onClick={ask}>
                      <Trash2 />
                    </Button>
                  )}
                >
                  <p>It can’t be brought back.</p>
                </Confirm>
              </li>
            ))}
          </ul>
        )}
        {sending === null ? null : (
          <p role="status" className="mt-2 truncate text-xs text-ink-2">
            Sending {sending} …
          </p>
        )}
      </div>
    </Panel>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
