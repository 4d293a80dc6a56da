import { ImagePlus } from 'lucide-react';
import { useState } from 'react';
import { Line } from '#web/kit/block-stack.tsx';
import { Button } from '#web/kit/button.tsx';
import { keepSizes } from './picture.ts';

interface ShownPicture {
  sizes: string[];
  alt: string;
}

/** A picture, or the button that chooses one. */
export function PictureField({
  picture,
  onChange,
  label = 'Picture',
}: {
  picture: ShownPicture | null;
  onChange: (picture: ShownPicture | null) => void;
  label?: string;
}) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setBusy(true);
    setFault(null);
    try {
      onChange({ sizes: await keepSizes(file), alt: picture?.alt ?? '' });
    } catch (error) {
      setFault(error instanceof Error ? error.message : 'This picture could not be read. Save it as PNG or JPEG.');
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-3">
        {picture === null ? null : (
          <img
            src={`/api/documents/pictures/${picture.sizes[0] ?? ''}`}
            alt={picture.alt || 'The picture that was chosen'}
            className="h-14 max-w-32 rounded-md border object-cover"
          />
        )}
        <label className="inline-flex h-8 cursor-pointer items-center gap-1.5 rounded-md border border-line-strong bg-panel px-2.5 text-sm font-medium shadow-raise focus-within:outline-2 hover:bg-sunken">
          <ImagePlus className="size-4" aria-hidden /> {busy ? 'Making it small…' : picture === null ? `Choose a ${label.toLowerCase()}` : 'Another one'}
          <input
            type="file"
            accept="image/png,image/jpeg,image/webp"
            className="sr-only"
            disabled={busy}
            onChange={(event) => {
              void take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </label>
        {picture === null ? null : (
          <Button size="sm" kind="quiet" onClick={() => onChange(null)}>
            Take it away
          </Button>
        )}
      </div>
      {fault === null ? null : <p className="text-xs text-bad">{fault}</p>}
      {picture === null ? null : (
        <Line label="What it shows" value={picture.alt} onChange={(alt) => onChange({ ...picture, alt })} hint="For who does not see it." />
      )}
    </div>
  );
} // prettier-ignore
