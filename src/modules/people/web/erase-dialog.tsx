import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useAct } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { Note } from '#web/kit/states.tsx';

/** Article 17 GDPR. Asks for a word, because nothing brings the person back. */
export function EraseAction({ person }: { person: Output<'people.get'> }) {
  const navigate = useNavigate();
  const admin = useMay('admin');
  const [open, setOpen] = useState(false);
  const [word, setWord] = useState('');
  const erase = useAct('people.erase', {
    refresh: ['people', 'leads', 'duplicates', 'suppressions', 'messages', 'runs', 'erasures'],
    done: 'Erased. This is the certificate.',
    onDone: (certificate) => void navigate({ to: '/people/erasures/$erasureId', params: { erasureId: certificate.id } }),
  });
  if (!admin) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Erase…</Button>
      <Dialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          setWord('');
        }}
        title={`Erase ${person.full_name === '' ? (person.email ?? 'this person') : person.full_name}?`}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep this person</Button>
            <Button
              kind="danger"
              disabled={word.trim() !== 'erase'}
              busy={erase.isPending}
              onClick={() => erase.mutate({ person_id: person.id, confirm: 'erase' })}
            >
              Erase for good
            </Button>
          </>
        }
      >
        <div className="space-y-4 text-sm">
          <p className="text-ink-2">
            Name, addresses, notes, mails, leads and runs are deleted. Keyed hashes of the addresses stay, so that no import brings the
            person back unasked. You get a certificate without personal data.
          </p>
          <Note tone="bad">This cannot be undone.</Note>
          <Field label="Write the word erase">
            {(control) => (
              <Input {...control} value={word} autoComplete="off" autoCapitalize="none" onChange={(event) => setWord(event.target.value)} />
            )}
          </Field>
        </div>
      </Dialog>
    </>
  );
}
