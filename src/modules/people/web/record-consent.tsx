import { useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field, Input, Select, Textarea } from '#web/kit/field.tsx';
import { words } from '#web/kit/format.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { Note } from '#web/kit/states.tsx';

const bases = ['consent', 'inquiry', 'legitimate_interest', 'contract', 'legal_obligation'] as const;

/** Writes down what a person said, with what proves it. The one way back after an opt-out, beside the person's own preference page. */
export function RecordConsent({
  personId,
  out,
  open,
  onOpenChange,
}: {
  personId: string;
  out: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const topics = useRead('topics.list', {}, { enabled: open });
  const [topic, setTopic] = useState('marketing');
  const [basis, setBasis] = useState<(typeof bases)[number]>('consent');
  const [how, setHow] = useState('');
  const [wording, setWording] = useState('');
  const record = useAct('consent.set', {
    quiet: true,
    refresh: ['consent', 'people', 'leads', 'runs', 'messages'],
    done: 'Recorded.',
    onDone: () => {
      onOpenChange(false);
      setWording('');
      setHow('');
    },
  });
  const save = () =>
    record.mutate({
      person_id: personId,
      topic,
      state: 'granted',
      lawful_basis: basis,
      evidence: { wording: wording.trim(), ...(how.trim() === '' ? {} : { source: how.trim() }) },
    });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={out ? 'Record a new consent' : 'Record a consent'}
      description={
        out
          ? 'This person opted out. Say how they asked to be written to again; it is kept as evidence.'
          : 'It is kept with its evidence, your name and the time.'
      }
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button kind="primary" disabled={wording.trim() === ''} busy={record.isPending} onClick={save}>
            Record it
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {record.error === null ? null : <Note tone="bad">{record.error.message}</Note>}
        <Field label="Topic">
          {(control) => (
            <Select {...control} value={topic} onChange={(event) => setTopic(event.target.value)}>
              <option value="marketing">All commercial mail</option>
              {topics.data?.items.map((one) => (
                <option key={one.key} value={one.key}>
                  {one.title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Lawful basis">
          {(control) => (
            // The options are the bases.
            <Select {...control} value={basis} onChange={(event) => setBasis(event.target.value as (typeof bases)[number])}>
              {bases.map((one) => (
                <option key={one} value={one}>
                  {one === 'inquiry' ? 'They asked (own enquiry, six months)' : words(one)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="How it reached you" optional hint="Such as: phone call, signed form, letter.">
          {(control) => <Input {...control} value={how} onChange={(event) => setHow(event.target.value)} />}
        </Field>
        <Field label="Evidence" hint="What the person was asked, or said.">
          {(control) => <Textarea {...control} value={wording} onChange={(event) => setWording(event.target.value)} />}
        </Field>
      </div>
    </Dialog>
  );
}
