import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Checkbox, Field, Input } from '#web/kit/field.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import type { Landing } from './page.tsx';

interface Props {
  page: Landing;
  onDone: (page: Landing) => void;
  onClose: () => void;
}

const pad = (part: number): string => String(part).padStart(2, '0');
/** As a control for a moment shows it: the reader's own time. */
function typed(iso: string | null): string {
  if (iso === null) return '';
  const at = new Date(iso);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
const future = (iso: string | null): string | null => (iso !== null && new Date(iso) > new Date() ? iso : null);

/** Shows the draft to everybody: now or later, for ever or for a time. */
export function PublishDialog({ page, onDone, onClose }: Props) {
  const [later, setLater] = useState(page.state === 'scheduled');
  const [from, setFrom] = useState(typed(future(page.shown_from)));
  const [ends, setEnds] = useState(future(page.shown_until) !== null);
  const [until, setUntil] = useState(typed(future(page.shown_until)));
  const publish = useAct('landing.publish', { refresh: ['landing'], quiet: true, done: 'Published.', onDone });
  const end = useAct('landing.end', { refresh: ['landing'], done: 'The page has ended.', onDone });
  const fault = publish.error?.fields.find(({ path }) => path === 'shown_until')?.message;
  const go = () =>
    publish.mutate({
      page_id: page.id,
      if_match: page.updated_at,
      shown_from: later && from !== '' ? new Date(from).toISOString() : null,
      shown_until: ends && until !== '' ? new Date(until).toISOString() : null,
    });
  return (
    <Dialog open onOpenChange={onClose} title="Publish" description={`Everybody who has the address sees it: ${page.url}`}>
      <div className="space-y-4">
        {publish.error === null || fault !== undefined ? null : <Note tone="bad">{publish.error.message}</Note>}
        <Checkbox label="Not yet: from a moment" checked={later} onCheckedChange={(on) => setLater(on === true)} />
        {later ? (
          <Field label="From">{(control) => <Input {...control} type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />}</Field>
        ) : null}
        <Checkbox label="Ends at a moment" hint="The address then says that the offer has ended." checked={ends} onCheckedChange={(on) => setEnds(on === true)} />
        {ends ? (
          <Field label="Until" error={fault}>
            {(control) => <Input {...control} type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />}
          </Field>
        ) : null}
        <div className="flex flex-wrap justify-end gap-2">
          {page.state === 'published' || page.state === 'scheduled' ? (
            <Button kind="quiet" className="mr-auto" busy={end.isPending} onClick={() => end.mutate({ page_id: page.id })}>
              Take it away now
            </Button>
          ) : null}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={publish.isPending} disabled={(later && from === '') || (ends && until === '')} onClick={go}>
            Publish
          </Button>
        </div>
      </div>
    </Dialog>
  );
} // prettier-ignore
