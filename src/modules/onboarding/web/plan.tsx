import { useNavigate, useParams } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, Pencil, Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Field, Input, Textarea } from '#web/kit/field.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { TaskDialog } from './task-dialog.tsx';
import { dueWords, freshKey, KIND_WORDS, OWNER_WORDS, type PlanTask } from './words.ts';

type Plan = Output<'onboarding_plans.get'>;

/** One plan: what the client reads, and the tasks in their order. */
export function PlanPage() {
  const { planId } = useParams({ from: '/shell/onboarding/plans/$planId' });
  const read = useRead('onboarding_plans.get', { plan_id: planId });
  if (read.data === undefined)
    return (
      <Page title="Plan" back={{ to: '/onboarding/plans', label: 'Plans' }}>
        {read.error === null ? (
          <SkeletonLines lines={10} />
        ) : (
          <Failure what="The plan could not be loaded." error={read.error} retry={() => void read.refetch()} />
        )}
      </Page>
    );
  return <Editor key={read.data.updated_at} plan={read.data} />;
}

const BLANK: PlanTask = {
  key: '',
  title: '',
  body: '',
  owner: 'client',
  kind: 'task',
  due_days: 3,
  due_of: 'business',
  due_after: null,
  needs: [],
  assignee_id: null,
  spec: {},
};

function Editor({ plan }: { plan: Plan }) {
  const navigate = useNavigate();
  const [name, setName] = useState(plan.name);
  const [welcome, setWelcome] = useState(plan.welcome);
  const [materials, setMaterials] = useState(plan.materials);
  const [tasks, setTasks] = useState(plan.tasks);
  const [edited, setEdited] = useState<{ task: PlanTask; at: number } | null>(null);
  const save = useAct('onboarding_plans.update', {
    quiet: true,
    refresh: ['onboarding_plans'],
    done: 'Saved. Onboardings under way stay as they began.',
  });
  const remove = useAct('onboarding_plans.delete', {
    refresh: ['onboarding_plans'],
    done: 'The plan is gone.',
    onDone: () => void navigate({ to: '/onboarding/plans' }),
  });
  const keep = (task: PlanTask, at: number) => {
    const taken = tasks.filter((_, i) => i !== at).map(({ key }) => key);
    const whole = { ...task, key: task.key === '' ? freshKey(task.title, taken) : task.key };
    setTasks((old) => (at === old.length ? [...old, whole] : old.map((one, i) => (i === at ? whole : one))));
    setEdited(null);
  };
  const move = (at: number, by: -1 | 1) =>
    setTasks((old) => {
      const [one, other] = [old[at], old[at + by]];
      return one === undefined || other === undefined ? old : old.map((task, i) => (i === at ? other : i === at + by ? one : task));
    });
  const drop = (key: string) =>
    setTasks((old) =>
      old
        .filter((task) => task.key !== key)
        .map((task) => ({
          ...task,
          needs: task.needs.filter((one) => one !== key),
          due_after: task.due_after === key ? null : task.due_after,
        })),
    );
  return (
    <Page
      title={plan.name}
      back={{ to: '/onboarding/plans', label: 'Plans' }}
      actions={
        <>
          <Confirm
            title="Delete this plan?"
            action="Delete"
            danger
            onConfirm={() => remove.mutate({ plan_id: plan.id, if_match: plan.updated_at })}
            trigger={(ask) => <Button onClick={ask}>Delete</Button>}
          >
            Onboardings that are under way go on. The plan itself can’t be brought back.
          </Confirm>
          <Button
            kind="primary"
            busy={save.isPending}
            disabled={tasks.length === 0 || name.trim() === ''}
            onClick={() =>
              save.mutate({
                plan_id: plan.id,
                if_match: plan.updated_at,
                name: name.trim(),
                welcome,
                materials: materials.filter(({ title, url }) => title !== '' && url !== ''),
                tasks,
              })
            }
          >
            Save
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        {save.error === null ? null : <Note tone="bad">{save.error.message}</Note>}
        <Panel title="Tasks" flush>
          <ol className="divide-y">
            {tasks.map((task, i) => (
              <li key={task.key} className="flex items-start gap-2 px-4 py-3">
                <div className="min-w-0 flex-1">
                  <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
                    <span className="min-w-0 break-words">{task.title}</span>
                    <Badge tone={task.owner === 'client' ? 'accent' : 'neutral'}>{OWNER_WORDS[task.owner]}</Badge>
                  </p>
                  <p className="mt-0.5 text-xs text-ink-3">
                    {[KIND_WORDS[task.kind], dueWords(task, tasks), waitsFor(task, tasks)].filter((one) => one !== null).join(' · ')}
                  </p>
                </div>
                <span className="flex shrink-0">
                  <Button size="sm" kind="quiet" aria-label={`Move “${task.title}” up`} disabled={i === 0} onClick={() => move(i, -1)}>
                    <ArrowUp />
                  </Button>
                  <Button
                    size="sm"
                    kind="quiet"
                    aria-label={`Move “${task.title}” down`}
                    disabled={i === tasks.length - 1}
                    onClick={() => move(i, 1)}
                  >
                    <ArrowDown />
                  </Button>
                  <Button size="sm" kind="quiet" aria-label={`Edit “${task.title}”`} onClick={() => setEdited({ task, at: i })}>
                    <Pencil />
                  </Button>
                  <Button size="sm" kind="quiet" aria-label={`Remove “${task.title}”`} onClick={() => drop(task.key)}>
                    <X />
                  </Button>
                </span>
              </li>
            ))}
          </ol>
          <div className="border-t p-3">
            <Button size="sm" onClick={() => setEdited({ task: BLANK, at: tasks.length })}>
              <Plus /> Add a task
            </Button>
          </div>
        </Panel>
        <Panel title="What the client reads">
          <div className="space-y-4">
            <Field label="Name of the plan">
              {(control) => <Input {...control} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />}
            </Field>
            <Field label="Welcome" optional hint="The first thing on their page">
              {(control) => <Textarea {...control} value={welcome} maxLength={5000} onChange={(event) => setWelcome(event.target.value)} />}
            </Field>
            <fieldset className="space-y-2">
              <legend className="text-sm font-medium">Links to begin with</legend>
              {materials.map((one, i) => (
                <div key={i} className="flex gap-2">
                  <Input
                    aria-label={`Title of link ${i + 1}`}
                    placeholder="Title"
                    value={one.title}
                    onChange={(event) =>
                      setMaterials((old) => old.map((row, n) => (n === i ? { ...row, title: event.target.value } : row)))
                    }
                  />
                  <Input
                    aria-label={`Address of link ${i + 1}`}
                    placeholder="https://…"
                    value={one.url}
                    onChange={(event) => setMaterials((old) => old.map((row, n) => (n === i ? { ...row, url: event.target.value } : row)))}
                  />
                  <Button
                    kind="quiet"
                    aria-label={`Remove link ${i + 1}`}
                    onClick={() => setMaterials((old) => old.filter((_, n) => n !== i))}
                  >
                    <X />
                  </Button>
                </div>
              ))}
              <Button size="sm" onClick={() => setMaterials((old) => [...old, { title: '', url: '' }])}>
                <Plus /> Add a link
              </Button>
            </fieldset>
          </div>
        </Panel>
      </div>
      {edited === null ? null : (
        <TaskDialog
          task={edited.task}
          others={tasks.filter((_, i) => i !== edited.at)}
          onKeep={(task) => keep(task, edited.at)}
          onClose={() => setEdited(null)}
        />
      )}
    </Page>
  );
}

function waitsFor(task: PlanTask, tasks: readonly PlanTask[]): string | null {
  const titles = task.needs.flatMap((key) => tasks.find((one) => one.key === key)?.title ?? []);
  return titles.length === 0 ? null : `after ${titles.map((title) => `“${title}”`).join(' and ')}`;
}
