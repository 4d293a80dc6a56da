import { Link, useParams } from '@tanstack/react-router';
import { GitCompare, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { Badge, type Tone } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Select } from '#web/kit/field.tsx';
import { countOf } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useList, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

/** What was published when, what changed between two versions, and the way back. */
export function VersionsPage() {
  const { workflowId } = useParams({ from: '/shell/workflows/$workflowId/versions' });
  const may = useMay('manager');
  const workflow = useRead('workflows.get', { workflow_id: workflowId });
  const versions = useList('workflows.versions', { workflow_id: workflowId });
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const rollback = useAct('workflows.rollback', {
    refresh: ['workflows', 'runs', 'schedules'],
    done: ({ published }) => `Published again, as version ${published}. Runs under way stay where they are.`,
  });
  const rows = versions.rows;
  const current = workflow.data?.version;
  const hasDraft = workflow.data?.draft != null;
  const newest = hasDraft ? 'draft' : String(rows[0]?.version ?? '');
  const older = hasDraft ? String(rows[0]?.version ?? '') : String(rows[1]?.version ?? '');
  const choices = [...(hasDraft ? ['draft'] : []), ...rows.map((row) => String(row.version))];
  return (
    <Page title="Versions" lead={workflow.data?.title} back={{ to: `/workflows/${workflowId}`, label: workflow.data?.title ?? 'Workflow' }}>
      {versions.error !== null && rows.length === 0 ? (
        <Failure what="The versions could not be loaded." error={versions.error} retry={() => void versions.refetch()} />
      ) : versions.isPending ? (
        <SkeletonRows />
      ) : (
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]">
          <Panel title="Published" flush>
            <ul className="divide-y">
              {rows.map((row) => (
                <li key={row.version} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
                  <div className="min-w-0 flex-1 basis-44">
                    <div className="flex flex-wrap items-center gap-2 text-sm font-medium">
                      Version {row.version}
                      {row.version === current ? <Badge tone="ok">current</Badge> : null}
                      {row.restores === null ? null : <Badge>as version {row.restores}</Badge>}
                    </div>
                    {row.note === null || row.note === '' ? null : <p className="text-sm text-ink-2">{row.note}</p>}
                    <p className="text-xs text-ink-3">
                      <When at={row.created_at} />
                      {row.created_by_name === null ? ', came with Steward' : `, ${row.created_by_name}`}
                      {row.live === 0 ? '' : ` · ${countOf(row.live, 'run')} under way`}
                    </p>
                  </div>
                  <Button
                    size="sm"
                    kind="quiet"
                    disabled={row.version === rows.at(-1)?.version}
                    onClick={() => {
                      setFrom(String(rows[rows.findIndex((one) => one.version === row.version) + 1]?.version ?? ''));
                      setTo(String(row.version));
                    }}
                  >
                    <GitCompare /> What changed
                  </Button>
                  {may && row.version !== current ? (
                    <Confirm
                      title={`Publish version ${row.version} again?`}
                      action="Publish it again"
                      onConfirm={() => rollback.mutate({ workflow_id: workflowId, version: row.version })}
                      trigger={(ask) => (
                        <Button size="sm" busy={rollback.isPending} onClick={ask}>
                          <RotateCcw /> Roll back
                        </Button>
                      )}
                    >
                      It becomes a new version, which new runs get. Runs under way stay on theirs, and nothing is lost.
                    </Confirm>
                  ) : null}
                </li>
              ))}
            </ul>
          </Panel>
          {choices.length < 2 ? (
            <Panel title="What changed">
              <Empty
                title="There is one version so far"
                className="py-8"
                action={
                  <Button asChild>
                    <Link to="/workflows/$workflowId" params={{ workflowId }}>
                      Open the builder
                    </Link>
                  </Button>
                }
              >
                Change and publish it: then the difference stands here.
              </Empty>
            </Panel>
          ) : (
            <Diff workflowId={workflowId} from={from ?? older} to={to ?? newest} choices={choices} onFrom={setFrom} onTo={setTo} />
          )}
        </div>
      )}
    </Page>
  );
}

const nameOf = (version: string) => (version === 'draft' ? 'the draft' : `version ${version}`);
const tones: Readonly<Record<string, Tone>> = { added: 'ok', removed: 'bad', changed: 'accent', moved: 'warn' };

function Diff({
  workflowId,
  from,
  to,
  choices,
  onFrom,
  onTo,
}: {
  workflowId: string;
  from: string;
  to: string;
  choices: readonly string[];
  onFrom: (version: string) => void;
  onTo: (version: string) => void;
}) {
  const diff = useRead('workflows.diff', { workflow_id: workflowId, from, to }, { keep: true });
  const pick = (label: string, value: string, set: (version: string) => void) => (
    <Select aria-label={label} className="w-32" value={value} onChange={(event) => set(event.target.value)}>
      {choices.map((one) => (
        <option key={one} value={one}>
          {nameOf(one)}
        </option>
      ))}
    </Select>
  );
  return (
    <Panel
      title="What changed"
      flush
      aside={
        <span className="flex items-center gap-2 text-sm text-ink-3">
          {pick('From', from, onFrom)} to {pick('To', to, onTo)}
        </span>
      }
    >
      {diff.error !== null ? (
        <Failure what="The versions could not be compared." error={diff.error} retry={() => void diff.refetch()} />
      ) : diff.data === undefined ? (
        <SkeletonRows rows={3} />
      ) : diff.data.changes.length === 0 ? (
        <Empty title="Nothing differs" className="py-8" />
      ) : (
        <ul aria-label="Changes" className="divide-y">
          {diff.data.changes.map((change) => (
            <li key={`${change.kind} ${change.path} ${change.says}`} className="px-4 py-3">
              <div className="flex items-start gap-2.5 text-sm">
                <Badge tone={tones[change.kind] ?? 'neutral'} className="mt-px">
                  {change.kind}
                </Badge>
                <span className="min-w-0 flex-1">{change.says}</span>
              </div>
              {change.kind === 'changed' ? (
                <div className="mt-2 grid gap-1 font-mono text-xs break-words">
                  {shown(change.before) === null ? null : (
                    <del className="rounded bg-bad-soft px-2 py-1 text-bad no-underline">− {shown(change.before)}</del>
                  )}
                  {shown(change.after) === null ? null : (
                    <ins className="rounded bg-ok-soft px-2 py-1 text-ok no-underline">+ {shown(change.after)}</ins>
                  )}
                </div>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function shown(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
