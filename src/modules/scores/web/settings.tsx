import { Plus } from 'lucide-react';
import { useState } from 'react';
import { inWords, type Field } from '#web/kit/conditions/model.ts';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Field as Labelled, Input, Select, Switch } from '#web/kit/field.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { ConversionPanel } from './conversion.tsx';
import { Preview } from './preview.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { conditionOf, fitFields, touchFields, type ScoreRule } from './vocabulary.ts';

type Model = Output<'scores.model'>;

/** By which rules leads are scored, with a live view of who would change grade. */
export function ScoreSettings() {
  const model = useRead('scores.model', {});
  const fields = useRead('segments.fields', {});
  if (model.data === undefined || fields.data === undefined) {
    const failed = model.error ?? fields.error;
    if (failed === null) return <SkeletonLines lines={10} />;
    const retry = () => void Promise.all([model.refetch(), fields.refetch()]);
    return <Failure what="The rules could not be loaded." error={failed} retry={retry} />;
  }
  return (
    <div className="space-y-6">
      <Form key={model.data.updated_at} model={model.data} fields={fitFields(fields.data.items)} />
      <ConversionPanel />
    </div>
  );
}

const empty: Omit<ScoreRule, 'id'> = {
  title: '', kind: 'fit', when: { field: 'person.email', exists: true }, points: 10, half_life_days: 30, most: null, active: true,
}; // prettier-ignore

function Form({ model, fields }: { model: Model; fields: readonly Field[] }) {
  const may = useMay('manager');
  const [rules, setRules] = useState(model.rules);
  const [grades, setGrades] = useState(model.grades);
  const [routes, setRoutes] = useState(model.routes);
  const [open, setOpen] = useState<{ rule: ScoreRule; fresh: boolean } | null>(null);
  const save = useAct('scores.configure', { refresh: ['scores'], quiet: true, done: 'Saved. Every score follows within minutes.' });
  const reset = useAct('scores.reset', { refresh: ['scores'], done: 'The built-in rules are back.' });
  const changed = JSON.stringify([rules, grades, routes]) !== JSON.stringify([model.rules, model.grades, model.routes]);
  const ordered = grades.a > grades.b && grades.b > grades.c;
  const put = (rule: ScoreRule) => {
    setRules((old) => (old.some(({ id }) => id === rule.id) ? old.map((one) => (one.id === rule.id ? rule : one)) : [...old, rule]));
    setOpen(null);
  };
  const add = () => setOpen({ rule: { ...empty, id: `own-${Date.now().toString(36)}` }, fresh: true });
  return (
    <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_20rem] [&>*]:min-w-0">
      <div className="space-y-6">
        <Panel
          title="Rules"
          flush
          aside={
            may ? (
              <Button size="sm" onClick={add}>
                <Plus /> Rule
              </Button>
            ) : null
          }
        >
          {rules.length === 0 ? (
            <Empty title="No rules, no scores" action={may ? <Button onClick={add}>Add a rule</Button> : undefined} className="py-10">
              A rule gives points for who somebody is, or for what they did.
            </Empty>
          ) : (
            <ul className="divide-y">
              {rules.map((rule) => (
                <Line
                  key={rule.id}
                  rule={rule}
                  fields={rule.kind === 'fit' ? fields : touchFields}
                  may={may}
                  onOpen={() => setOpen({ rule, fresh: false })}
                  onSwitch={(active) => setRules((old) => old.map((one) => (one.id === rule.id ? { ...one, active } : one)))}
                />
              ))}
            </ul>
          )}
        </Panel>
        <Grades grades={grades} routes={routes} may={may} onGrades={setGrades} onRoutes={setRoutes} />
        {ordered ? null : <Note tone="bad">A must begin above B, and B above C.</Note>}
        {save.error === null ? null : <Note tone="bad">{save.error.message}</Note>}
        {may ? (
          <div className="flex flex-wrap items-center gap-2">
            <Button
              kind="primary"
              disabled={!changed || !ordered}
              busy={save.isPending}
              onClick={() => save.mutate({ rules, grades, routes, if_match: model.updated_at })}
            >
              Save
            </Button>
            {changed ? (
              <Button
                onClick={() => {
                  setRules(model.rules);
                  setGrades(model.grades);
                  setRoutes(model.routes);
                }}
              >
                Discard
              </Button>
            ) : null}
            {model.changed ? (
              <Confirm
                title="Back to the built-in rules?"
                action="Put them back"
                onConfirm={() => reset.mutate({})}
                trigger={(ask) => (
                  <Button kind="quiet" className="ml-auto" busy={reset.isPending} onClick={ask}>
                    Back to the built-in rules
                  </Button>
                )}
              >
                Your own rules, grades and routes go. Every score is worked out anew; nobody is told of it.
              </Confirm>
            ) : null}
          </div>
        ) : (
          <p className="text-sm text-ink-3">Managers and admins change these rules.</p>
        )}
      </div>
      <div className="xl:sticky xl:top-20">
        <Preview draft={{ rules, grades: ordered ? grades : model.grades }} />
      </div>
      {open === null ? null : (
        <RuleDialog
          rule={open.rule}
          fresh={open.fresh}
          fields={fields}
          onClose={() => setOpen(null)}
          onSave={put}
          onRemove={() => {
            setRules((old) => old.filter(({ id }) => id !== open.rule.id));
            setOpen(null);
          }}
        />
      )}
    </div>
  );
}

interface LineProps {
  rule: ScoreRule;
  fields: readonly Field[];
  may: boolean;
  onOpen: () => void;
  onSwitch: (active: boolean) => void;
}

function Line({ rule, fields, may, onOpen, onSwitch }: LineProps) {
  const fades = rule.half_life_days === null ? '' : ` · half after ${rule.half_life_days} days`;
  const most = rule.most === null ? '' : ` · at most ${rule.most}`;
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Switch checked={rule.active} disabled={!may} aria-label={`${rule.title}: on`} onCheckedChange={onSwitch} />
      <button type="button" disabled={!may} onClick={onOpen} className="group min-w-0 flex-1 rounded-md text-left">
        <span className={rule.active ? 'block text-sm font-medium group-enabled:group-hover:underline' : 'block text-sm text-ink-3'}>
          {rule.title}
        </span>
        <span className="line-clamp-2 text-xs text-ink-3">
          {inWords(conditionOf(rule), fields)}
          {fades}
          {most}
        </span>
      </button>
      <span className={rule.points < 0 ? 'num text-sm font-medium text-bad' : 'num text-sm font-medium'}>
        {rule.points > 0 ? '+' : '−'}
        {Math.abs(rule.points)}
      </span>
    </li>
  );
}

interface GradesProps {
  grades: Model['grades'];
  routes: Model['routes'];
  may: boolean;
  onGrades: (grades: Model['grades']) => void;
  onRoutes: (routes: Model['routes']) => void;
}

const REACHABLE = [
  ['A', 'a'],
  ['B', 'b'],
  ['C', 'c'],
] as const;

/** From which score on, and what happens once when a lead comes up to it. */
function Grades({ grades, routes, may, onGrades, onRoutes }: GradesProps) {
  const users = useList('users.list', { limit: 200 });
  return (
    <Panel title="Grades, and what happens when a lead comes up to one" flush>
      <ul className="divide-y">
        {REACHABLE.map(([grade, key]) => {
          const route = routes.find((one) => one.grade === grade) ?? { grade, notify: false, status: null, owner_id: null };
          const change = (part: Partial<typeof route>) => onRoutes([...routes.filter((one) => one.grade !== grade), { ...route, ...part }]);
          return (
            <li key={grade} className="grid gap-3 px-4 py-3 sm:grid-cols-[5rem_minmax(0,1fr)_minmax(0,1fr)] sm:items-end">
              <Labelled label={`${grade} from`}>
                {(control) => (
                  <Input
                    {...control}
                    type="number"
                    min={1}
                    max={100}
                    disabled={!may}
                    value={grades[key]}
                    onChange={(event) => onGrades({ ...grades, [key]: Math.max(1, Math.min(100, Math.round(Number(event.target.value)))) })}
                  />
                )}
              </Labelled>
              <Labelled label="Move it on to">
                {(control) => (
                  <Select
                    {...control}
                    disabled={!may}
                    value={route.status ?? ''}
                    onChange={(event) =>
                      change({ status: (['contacted', 'engaged', 'qualified'] as const).find((one) => one === event.target.value) ?? null })
                    }
                  >
                    <option value="">Leave the status</option>
                    <option value="contacted">Contacted</option>
                    <option value="engaged">Engaged</option>
                    <option value="qualified">Qualified</option>
                  </Select>
                )}
              </Labelled>
              <Labelled label="If nobody’s, give it to">
                {(control) => (
                  <Select
                    {...control}
                    disabled={!may}
                    value={route.owner_id ?? ''}
                    onChange={(event) => change({ owner_id: event.target.value === '' ? null : event.target.value })}
                  >
                    <option value="">Nobody</option>
                    {users.rows.map((user) => (
                      <option key={user.id} value={user.id}>
                        {user.full_name || user.email}
                      </option>
                    ))}
                  </Select>
                )}
              </Labelled>
              <label className="flex items-center gap-2 text-sm whitespace-nowrap sm:col-span-2 sm:col-start-2">
                <Switch checked={route.notify} disabled={!may} onCheckedChange={(notify) => change({ notify })} />
                Tell the owner
              </label>
            </li>
          );
        })}
      </ul>
      <p className="border-t px-4 py-3 text-xs text-ink-3">
        Told once: a lead that falls by a few points and comes back is not told again. Workflows start on it with the event
        lead.score_reached.
      </p>
    </Panel>
  );
}
