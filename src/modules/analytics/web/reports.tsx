import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Mail, Save, Trash2 } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { Select } from '#web/kit/field.tsx';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { useMay } from '#web/kit/session.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { ReportControls } from './report-controls.tsx';
import { definitionOf, searchOf, stretchLabel, type Definition, type ReportSearch } from './report-search.ts';
import { ReportView } from './report-view.tsx';
import { SaveReport, scheduleWords, type Saved } from './save-report.tsx';
import { AnalyticsTabs } from './tabs.tsx';

/** Metrics told apart, over time, held against before; kept under a name and mailed. */
export function ReportsPage() {
  const search: ReportSearch = useSearch({ from: '/shell/insights/reports' });
  const navigate = useNavigate({ from: '/insights/reports' });
  const metrics = useRead('metrics.list', {});
  const list = useRead('saved_reports.list', {});
  const [saving, setSaving] = useState<'new' | 'change' | null>(null);
  const may = useMay('manager');
  const saved = list.data?.items.find((one) => one.id === search.report);
  // Opened by its name alone: as it was saved.
  const definition = saved !== undefined && search.metrics === undefined ? saved.definition : definitionOf(search);
  const show = (next: Definition, report = search.report) => void navigate({ search: { ...searchOf(next), report }, replace: true });
  const found = useRead('reports.run', useDeferredValue(definition), { keep: true });
  const changed = saved !== undefined && JSON.stringify(searchOf(definition)) !== JSON.stringify(searchOf(saved.definition));
  const dimension = metrics.data?.dimensions.find(({ id }) => id === definition.by)?.title ?? 'Value';
  return (
    <Page
      title="Reports"
      lead="Any number of the business: choose what counts, tell it apart, hold it against before. Keep it, and have it mailed."
      width="full"
      actions={
        <>
          {(list.data?.items.length ?? 0) === 0 ? null : (
            <Select
              aria-label="Saved reports"
              className="w-52"
              value={search.report ?? ''}
              onChange={(event) => void navigate({ search: event.target.value === '' ? {} : { report: event.target.value } })}
            >
              <option value="">A new report</option>
              {list.data?.items.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.title}
                </option>
              ))}
            </Select>
          )}
          {may && saved !== undefined ? (
            <Button onClick={() => setSaving('change')}>
              <Save /> {changed ? 'Save changes' : 'Name and schedule'}
            </Button>
          ) : null}
          {may ? (
            <Button kind={saved === undefined ? 'primary' : undefined} onClick={() => setSaving('new')}>
              {saved === undefined ? <Save /> : null} {saved === undefined ? 'Save' : 'Save as new'}
            </Button>
          ) : null}
        </>
      }
    >
      <AnalyticsTabs at="/insights/reports" />
      {metrics.error !== null ? (
        <Failure what="The metrics could not be loaded." error={metrics.error} retry={() => void metrics.refetch()} />
      ) : metrics.data === undefined ? (
        <Panel>
          <SkeletonLines lines={4} />
        </Panel>
      ) : (
        <div className="space-y-6">
          {saved === undefined ? null : <SavedBar saved={saved} changed={changed} onDeleted={() => void navigate({ search: {} })} />}
          <ReportControls metrics={metrics.data} value={definition} onChange={show} />
          {found.error !== null ? (
            <Failure what="This report could not be made." error={found.error} retry={() => void found.refetch()} />
          ) : found.data === undefined ? (
            <Panel>
              <SkeletonLines lines={8} />
            </Panel>
          ) : (
            <div className={found.isPlaceholderData ? 'opacity-60 transition-opacity' : ''}>
              <p className="mb-3 text-xs text-ink-3">
                {stretchLabel(found.data.now)} (UTC){found.data.before === null ? '' : `, held against ${stretchLabel(found.data.before)}`}
              </p>
              <ReportView report={found.data} dimension={dimension} empty="Choose a longer time, another metric, or fewer limits." />
            </div>
          )}
        </div>
      )}
      <SaveReport
        definition={definition}
        saved={saving === 'change' ? saved : undefined}
        open={saving !== null}
        onClose={() => setSaving(null)}
        onSaved={(id) => show(definition, id)}
      />
    </Page>
  );
}

/** When a saved report is mailed, and its files. */
function SavedBar({ saved, changed, onDeleted }: { saved: Saved; changed: boolean; onDeleted: () => void }) {
  const may = useMay('manager');
  const send = useAct('saved_reports.send', {
    refresh: ['saved_reports'],
    done: ({ mails }) => (mails === 1 ? 'It is on its way.' : `${mails} mails are on their way.`),
  });
  const drop = useAct('saved_reports.delete', { refresh: ['saved_reports'], done: 'Deleted.', onDone: onDeleted });
  const { schedule } = saved;
  return (
    <Note
      tone={saved.failed === null ? 'neutral' : 'warn'}
      action={
        <span className="flex flex-wrap items-center gap-1">
          {(['pdf', 'csv'] as const).map((format) => (
            <Button key={format} asChild size="sm" kind="quiet">
              <a href={`/api/saved-reports/${saved.id}/${format}`} download>
                <Download /> {format.toUpperCase()}
              </a>
            </Button>
          ))}
          {may && schedule !== null ? (
            <Button size="sm" kind="quiet" busy={send.isPending} onClick={() => send.mutate({ saved_report_id: saved.id })}>
              <Mail /> Mail it now
            </Button>
          ) : null}
          {may ? (
            <Confirm
              title={`Delete “${saved.title}”?`}
              action="Delete"
              danger
              onConfirm={() => drop.mutate({ saved_report_id: saved.id })}
              trigger={(askFirst) => (
                <Button size="sm" kind="quiet" aria-label="Delete this saved report" onClick={askFirst}>
                  <Trash2 />
                </Button>
              )}
            >
              It is mailed no more, and a mail that still waits with it does not leave.
            </Confirm>
          ) : null}
        </span>
      }
    >
      <span className="font-medium text-ink">{saved.title}</span>
      {changed ? <span className="ml-2 text-xs">changed, not saved</span> : null}
      <span className="block text-xs">
        {saved.failed !== null
          ? `The last one could not be made: ${saved.failed}`
          : schedule === null
            ? 'Mailed to nobody yet.'
            : `${scheduleWords(schedule)} to ${schedule.recipients.length === 1 ? 'one person' : `${schedule.recipients.length} people`}. `}
        {saved.next_at === null ? null : (
          <>
            Next: <When at={saved.next_at} />
          </>
        )}
        {saved.last_at === null ? null : (
          <>
            {' '}
            · last mailed <When at={saved.last_at} />
          </>
        )}
      </span>
    </Note>
  );
}
