import { MoreHorizontal, Plus, Star, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { toast } from '#web/kit/toast.ts';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Field, Input } from '#web/kit/field.tsx';
import { useForm } from '#web/kit/form.ts';
import { Menu, MenuItem } from '#web/kit/menu.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';
import { useSave } from './details.tsx';
import { InPlace } from './in-place.tsx';

type Person = Output<'people.get'>;
const refresh = ['people', 'leads', 'search', 'consent'];

/** Every address and number: the primary ones first. */
export function ContactsPanel({ person }: { person: Person }) {
  const [adding, setAdding] = useState(false);
  const save = useSave(person);
  const removeEmail = useAct('people.remove_email', { refresh, done: 'Removed. What was refused for it stays refused.' });
  const removePhone = useAct('people.remove_phone', { refresh, done: 'Removed.' });
  const updatePhone = useAct('people.update_phone', { quiet: true, refresh });
  return (
    <Panel
      title="Addresses and numbers"
      aside={
        <Button kind="quiet" size="sm" onClick={() => setAdding(true)} aria-expanded={adding}>
          <Plus /> Add
        </Button>
      }
    >
      <ul className="space-y-1.5 text-sm">
        {person.emails.length + person.phones.length === 0 && !adding ? (
          <li className="text-ink-2">Neither an address nor a number yet.</li>
        ) : null}
        {person.emails.map((email) => (
          <li key={email} className="flex min-w-0 items-center gap-2">
            <a href={`mailto:${email}`} className="min-w-0 flex-1 truncate hover:underline">
              {email}
            </a>
            {email === person.email && person.emails.length > 1 ? <Badge>Primary</Badge> : null}
            <More label={email}>
              {email === person.email ? null : (
                <MenuItem icon={<Star />} onSelect={() => void save({ email }).catch((error: Error) => toast.error(error.message))}>
                  Make primary
                </MenuItem>
              )}
              {email === person.email && person.emails.length > 1 ? null : (
                <MenuItem danger icon={<Trash2 />} onSelect={() => removeEmail.mutate({ person_id: person.id, email })}>
                  Remove
                </MenuItem>
              )}
            </More>
          </li>
        ))}
        {person.phones.map((phone) => (
          <li key={phone.id ?? 'primary'} className="flex min-w-0 items-center gap-2">
            <span className="num min-w-0 flex-1">
              <InPlace
                label={phone.primary ? 'Phone' : `Phone ${phone.label ?? ''}`.trim()}
                kind="tel"
                value={phone.number}
                onSave={(number) =>
                  phone.id === null
                    ? save({ phone: number === '' ? null : number })
                    : number === ''
                      ? removePhone.mutateAsync({ person_id: person.id, phone_id: phone.id })
                      : updatePhone.mutateAsync({ person_id: person.id, phone_id: phone.id, number })
                }
              />
            </span>
            <span className="shrink-0 text-xs text-ink-2 [&_button]:[overflow-wrap:normal] [&_button]:whitespace-nowrap">
              <InPlace
                label={`Label of ${phone.number}`}
                value={phone.label ?? ''}
                placeholder="Label"
                className="w-24"
                onSave={(label) =>
                  phone.id === null
                    ? save({ phone_label: label === '' ? null : label })
                    : updatePhone.mutateAsync({ person_id: person.id, phone_id: phone.id, label: label === '' ? null : label })
                }
              />
            </span>
            {phone.primary && person.phones.length > 1 ? <Badge>Primary</Badge> : null}
            <More label={phone.number}>
              {phone.id === null ? null : (
                <MenuItem
                  icon={<Star />}
                  onSelect={() => updatePhone.mutate({ person_id: person.id, phone_id: phone.id ?? '', primary: true })}
                >
                  Make primary
                </MenuItem>
              )}
              <MenuItem
                danger
                icon={<Trash2 />}
                onSelect={() =>
                  phone.id === null ? void save({ phone: null }) : removePhone.mutate({ person_id: person.id, phone_id: phone.id })
                }
              >
                Remove
              </MenuItem>
            </More>
          </li>
        ))}
      </ul>
      {adding ? <Add personId={person.id} onDone={() => setAdding(false)} /> : null}
    </Panel>
  );
}

function More({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Menu
      trigger={
        <Button kind="quiet" size="icon" className="size-7" aria-label={`More for ${label}`}>
          <MoreHorizontal />
        </Button>
      }
    >
      {children}
    </Menu>
  );
}

/** What holds an @ is an address, anything else a number. */
function Add({ personId, onDone }: { personId: string; onDone: () => void }) {
  const form = useForm({ contact: '', label: '' });
  const email = useAct('people.add_email', { quiet: true, refresh, done: 'Added.', onDone });
  const phone = useAct('people.add_phone', { quiet: true, refresh, done: 'Added.', onDone });
  const isEmail = form.values.contact.includes('@');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const contact = form.values.contact.trim();
    const label = form.values.label.trim();
    const failed = { onError: form.setError };
    if (isEmail) email.mutate({ person_id: personId, email: contact }, failed);
    else phone.mutate({ person_id: personId, number: contact, ...(label === '' ? {} : { label }) }, failed);
  };
  return (
    <form
      onSubmit={submit}
      className="mt-3 space-y-3 border-t pt-3"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      {form.general === undefined ? null : <Note tone="bad">{form.general}</Note>}
      <Field label="Address or number" error={form.fault('email') ?? form.fault('number')}>
        {(control) => (
          <Input {...control} {...form.text('contact')} autoFocus required autoComplete="off" placeholder="ann@example.com or +49 …" />
        )}
      </Field>
      {isEmail ? null : (
        <Field label="Label" optional>
          {(control) => <Input {...control} {...form.text('label')} maxLength={40} placeholder="mobile, work" />}
        </Field>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button kind="primary" type="submit" busy={email.isPending || phone.isPending} disabled={form.values.contact.trim() === ''}>
          Add
        </Button>
      </div>
    </form>
  );
}
