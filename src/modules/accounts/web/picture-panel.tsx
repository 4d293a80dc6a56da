import { useRef, useState } from 'react';
import { base64Of } from '#web/kit/base64.ts';
import { Button } from '#web/kit/button.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';
import { UserAvatar, usePicture } from '#web/kit/user-avatar.tsx';

const MOST_BYTES = 262_144;

/** A picture of one's own, beside one's name. */
export function PicturePanel() {
  const me = useMe();
  const picture = usePicture(me.id);
  const chooser = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const set = useAct('pictures.set', { refresh: ['pictures'], quiet: true, done: 'Saved.' });
  const remove = useAct('pictures.remove', { refresh: ['pictures'], done: 'Your initials are back.' });
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > MOST_BYTES) return setFault('This picture is larger than 256 kB. Choose a smaller one.');
    setFault(null);
    set.mutate({ content_base64: await base64Of(file) }, { onError: (error) => setFault(error.message) });
  };
  return (
    <Panel title="Your picture">
      <div className="flex flex-wrap items-center gap-4">
        <UserAvatar userId={me.id} name={me.full_name || me.email} size="lg" />
        <input
          ref={chooser}
          type="file"
          accept="image/png,image/jpeg,image/webp"
          aria-label="Picture file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <div className="flex flex-wrap gap-2">
          <Button busy={set.isPending} onClick={() => chooser.current?.click()}>
            Choose a picture
          </Button>
          {picture === undefined ? null : (
            <Button kind="quiet" busy={remove.isPending} onClick={() => remove.mutate({})}>
              Remove
            </Button>
          )}
        </div>
        <p className="w-full text-xs text-ink-3">PNG, JPEG or WebP of at most 256 kB. Your colleagues see it beside your name.</p>
      </div>
      {fault === null ? null : (
        <Note tone="bad" className="mt-3">
          {fault}
        </Note>
      )}
    </Panel>
  );
}
