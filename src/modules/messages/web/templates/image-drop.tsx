import { ImageUp, Link2, RefreshCw } from 'lucide-react';
import { useEffect, useId, useRef, useState, type DragEvent } from 'react';
import { base64Of } from '#web/kit/base64.ts';
import { ApiError, call } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Field, Input } from '#web/kit/field.tsx';
import { Note } from '#web/kit/states.tsx';
import type { Leaf } from './content.ts';

type ImageBlock = Extract<Leaf, { type: 'image' }>;

/** What fits into a letter (pixels). */
const WIDEST = 552;
/** The server says the same, and looks at the bytes. */
const LARGEST = 2_000_000;

/** The picture of an image block: dropped here, chosen from this computer, or named by an address elsewhere. */
export function ImageDrop({ block, onChange }: { block: ImageBlock; onChange: (block: ImageBlock) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  const own = block.src.startsWith('/i/');
  /** As it stands now: whoever writes on while a picture is on its way loses nothing. Null: the block is gone. */
  const now = useRef<{ block: ImageBlock; onChange: (block: ImageBlock) => void } | null>(null);
  useEffect(() => {
    now.current = { block, onChange };
    return () => void (now.current = null);
  }, [block, onChange]);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [elsewhere, setElsewhere] = useState(block.src !== '' && !own);

  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setError(null);
    if (file.size > LARGEST) return setError('The picture is larger than 2 MB; make it smaller: 1,200 pixels across are enough.');
    setBusy(true);
    try {
      const kept = await call('templates.add_image', { filename: file.name, content_base64: await base64Of(file) });
      setElsewhere(false);
      const there = now.current;
      if (there === null) return;
      const picture = { width: kept.width, height: kept.height };
      there.onChange({ ...there.block, src: kept.src, picture, width: Math.max(16, Math.min(WIDEST, kept.width)) });
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause.message);
    } finally {
      setBusy(false);
    }
  };
  const drop = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const atElsewhere = (src: string) => {
    const { picture: _, ...rest } = block; // of the picture before
    onChange({ ...rest, src });
  };

  return (
    <div className="space-y-2">
      <div
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          event.stopPropagation();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cn(
          'flex min-h-28 flex-col items-center justify-center gap-2 rounded-lg border border-dashed bg-sunken p-3 text-center',
          over && 'border-accent bg-accent-soft',
        )}
      >
        {own ? (
          <img
            src={block.src}
            alt={block.alt === '' ? 'The picture of this block' : block.alt}
            width={block.picture?.width}
            height={block.picture?.height}
            className="h-auto max-h-44 w-auto max-w-full rounded"
          />
        ) : null}
        <div className="flex flex-wrap items-center justify-center gap-2">
          <Button size="sm" busy={busy} aria-describedby={hint} onClick={() => input.current?.click()}>
            {own ? <RefreshCw /> : <ImageUp />} {own ? 'Another picture' : 'Choose a picture'}
          </Button>
          {elsewhere ? null : (
            <Button size="sm" kind="quiet" onClick={() => setElsewhere(true)}>
              <Link2 /> It stands elsewhere
            </Button>
          )}
        </div>
        <p id={hint} className="text-xs text-ink-2">
          Or drop it here. PNG, JPEG or GIF, 2 MB at most.
        </p>
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/gif"
          className="hidden"
          aria-label="Picture to add"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            void take(file);
          }}
        />
      </div>
      {error === null ? null : <Note tone="bad">{error}</Note>}
      {elsewhere ? (
        <Field label="Address of the image">
          {(control) => (
            <Input {...control} value={own ? '' : block.src} placeholder="https://" onChange={(event) => atElsewhere(event.target.value)} />
          )}
        </Field>
      ) : null}
    </div>
  );
}
