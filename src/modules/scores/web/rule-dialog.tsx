import { useState } from 'react';
import { Builder } from '#web/kit/conditions/builder.tsx';
import { conditionOf as writtenOf, groupOf, newGroup, newRule, type Field } from '#web/kit/conditions/model.ts';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { Field as Labelled, Input, Select } from '#web/kit/field.tsx';
import { Note } from '#web/kit/states.tsx';
import { conditionOf, touchFields, type ScoreRule } from './vocabulary.ts';

interface RuleDialogProps {
  rule: ScoreRule;
  fresh: boolean;
  fields: readonly Field[];
  onClose: () => void;
  onSave: (rule: ScoreRule) => void;
  onRemove: () => void;
}

/** One rule: what must hold, what it gives, how it fades. Nothing is stored before the page is saved. */
export function RuleDialog({ rule, fresh, fields, onClose, onSave, onRemove }: RuleDialogProps) {
  const [kind, setKind] = useState(rule.kind);
  const [title, setTitle] = useState(rule.title);
  const [points, setPoints] = useState(String(rule.points));
  const [halfLife, setHalfLife] = useState(rule.half_life_days === null ? '' : String(rule.half_life_days));
  const [most, setMost] = useState(rule.most === null ? '' : String(rule.most));
  const known = kind === 'fit' ? fields : touchFields;
  const beginning = (of: readonly Field[]) => newGroup(of[0] === undefined ? [] : [newRule(of[0])]);
  const [group, setGroup] = useState(() => (fresh ? beginning(known) : groupOf(conditionOf(rule), known)));
  const when = group === null ? rule.when : writtenOf(group, known);
  const number = Number(points);
  const faults = [
    title.trim() === '' ? 'Give the rule a name.' : null,
    when === null || (group !== null && group.parts.length === 0) ? 'A condition lacks its value.' : null,
    points === '' || !Number.isInteger(number) || number === 0 || Math.abs(number) > 100
      ? 'Points are a whole number from −100 to 100, not 0.'
      : null,
    kind === 'engagement' && halfLife !== '' && !(Number(halfLife) > 0) ? 'The half-life is a number of days.' : null,
    kind === 'engagement' && most !== '' && !(Number.isInteger(Number(most)) && Number(most) > 0)
      ? 'The most is a whole number of points.'
      : null,
  ].filter((fault) => fault !== null);
  const save = () =>
    onSave({
      ...rule,
      kind,
      title: title.trim(),
      points: number,
      when: when as ScoreRule['when'], // the builder writes the schema's own conditions
      half_life_days: kind === 'fit' || halfLife === '' ? null : Number(halfLife),
      most: kind === 'fit' || most === '' ? null : Number(most),
    });
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={fresh ? 'New rule' : 'Rule'}
      footer={
        <>
          {fresh ? null : (
            <Button kind="quiet" className="mr-auto" onClick={onRemove}>
              Remove
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={faults.length > 0} onClick={save}>
            {fresh ? 'Add the rule' : 'Change the rule'}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_10rem_6rem]">
          <Labelled label="Name" hint="Shown as the reason for a score">
            {(control) => (
              <Input
                {...control}
                maxLength={120}
                value={title}
                placeholder="Asked for a price"
                onChange={(event) => setTitle(event.target.value)}
              />
            )}
          </Labelled>
          <Labelled label="Looks at">
            {(control) => (
              <Select
                {...control}
                value={kind}
                onChange={(event) => {
                  const next = event.target.value === 'fit' ? 'fit' : 'engagement';
                  setKind(next);
                  setGroup(beginning(next === 'fit' ? fields : touchFields));
                }}
              >
                <option value="fit">Who they are</option>
                <option value="engagement">What they did</option>
              </Select>
            )}
          </Labelled>
          <Labelled label="Points">
            {(control) => (
              <Input
                {...control}
                type="number"
                min={-100}
                max={100}
                step={1}
                value={points}
                onChange={(event) => setPoints(event.target.value)}
              />
            )}
          </Labelled>
        </div>
        {kind === 'fit' ? null : (
          <div className="grid gap-4 sm:grid-cols-2">
            <Labelled label="Half of it is gone after" hint="Days; empty: it stays" optional>
              {(control) => (
                <Input {...control} type="number" min={1} value={halfLife} onChange={(event) => setHalfLife(event.target.value)} />
              )}
            </Labelled>
            <Labelled label="At most" hint="Points of all touches together; empty: no limit" optional>
              {(control) => <Input {...control} type="number" min={1} value={most} onChange={(event) => setMost(event.target.value)} />}
            </Labelled>
          </div>
        )}
        {group === null ? (
          <Note tone="warn" action={<Button onClick={() => setGroup(beginning(known))}>Start anew</Button>}>
            This condition says more than the builder can show. It stays as it is, unless you start anew.
          </Note>
        ) : (
          <Builder group={group} fields={known} onChange={setGroup} />
        )}
        {faults.length === 0 ? null : <p className="text-sm text-ink-3">{faults[0]}</p>}
      </div>
    </Dialog>
  );
}
