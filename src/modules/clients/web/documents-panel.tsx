import { Link, useNavigate } from '@tanstack/react-router';
import { EllipsisVertical, FileText, Plus, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Item } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Confirm } from '#web/kit/confirm.tsx';
import { words } from '#web/kit/format.ts';
import { Menu, MenuItem, MenuLine } from '#web/kit/menu.tsx';
import { useAct, useList } from '#web/kit/query.ts';
import { When } from '#web/kit/time.tsx';
import { PowerReportDialog } from './power-report.tsx';
import { Rows } from './work-panels.tsx';

type Report = Item<'reports.list'>;

/** What was written for this client: a report that was made of a log is a document, too, and can be mailed from here. */
export function DocumentsPanel({ clientId, email }: { clientId: string; email: string | null }) {
  const list = useList('documents.list', { client_id: clientId, limit: 20 });
  const reports = useList('reports.list', { client_id: clientId, limit: 50 });
  const [making, setMaking] = useState(false);
  const reportOf = new Map(reports.rows.map((one) => [one.document_id, one]));
  const old = reports.rows.filter(({ document_id: document }) => document === null);
  const pending = list.isPending || reports.isPending;
  return (
    <>
      <Rows
        title="Documents"
        list={{ isPending: pending, error: list.error ?? reports.error, rows: [...list.rows, ...old] }}
        none="No report, proposal or presentation was made for them yet. A power log becomes a report with its advice."
        aside={
          <Button size="sm" onClick={() => setMaking(true)}>
            <Plus /> Power report
          </Button>
        }
      >
        {list.rows.map((one) => {
          const report = reportOf.get(one.id);
          return (
            <li key={one.id} className="flex items-center hover:bg-hover">
              <Link
                to="/documents/$documentId"
                params={{ documentId: one.id }}
                className="flex min-w-0 flex-1 items-center gap-3 py-2.5 pl-4 text-sm"
              >
                <span className="min-w-0 flex-1 truncate font-medium">{one.title}</span>
                <span className="hidden shrink-0 text-ink-2 sm:inline">{report === undefined ? words(one.kind) : 'Power report'}</span>
                <Badge tone={one.version === 0 ? 'neutral' : 'ok'}>{one.version === 0 ? 'Draft' : `Version ${one.version}`}</Badge>
                <span className="hidden w-20 shrink-0 text-right text-xs text-ink-3 sm:block">
                  <When at={one.published_at ?? one.created_at} />
                </span>
              </Link>
              <span className="w-11 shrink-0 text-center">
                {report === undefined ? null : <ReportMenu report={report} email={email} />}
              </span>
            </li>
          );
        })}
        {old.map((one) => (
          <OldReport key={one.id} report={one} email={email} />
        ))}
      </Rows>
      {making ? <PowerReportDialog clientId={clientId} email={email} onClose={() => setMaking(false)} /> : null}
    </>
  );
}

/** One that was made before reports were documents: it becomes one when somebody opens it. */
function OldReport({ report, email }: { report: Report; email: string | null }) {
  const navigate = useNavigate();
  const open = useAct('reports.document', {
    refresh: ['reports', 'documents'],
    onDone: ({ document_id }) => void navigate({ to: '/documents/$documentId', params: { documentId: document_id } }),
  });
  return (
    <li className="flex items-center hover:bg-hover">
      <button
        type="button"
        className="flex min-w-0 flex-1 items-center gap-3 py-2.5 pl-4 text-left text-sm"
        onClick={() => open.mutate({ report_id: report.id })}
      >
        <span className="min-w-0 flex-1 truncate font-medium">{report.title}</span>
        <span className="hidden shrink-0 text-ink-2 sm:inline">Power report</span>
        <span className="hidden w-20 shrink-0 text-right text-xs text-ink-3 sm:block">
          <When at={report.created_at} />
        </span>
      </button>
      <span className="w-11 shrink-0 text-center">
        <ReportMenu report={report} email={email} />
      </span>
    </li>
  );
}

function ReportMenu({ report, email }: { report: Report; email: string | null }) {
  const send = useAct('reports.send', {
    refresh: ['reports', 'checkins'],
    done: ({ started, to }) => (started ? `On its way to ${to}; a check-in follows in 30 days.` : `It went to ${to} before.`),
  });
  const remove = useAct('reports.delete', { refresh: ['reports', 'documents', 'clients'], done: 'Deleted.' });
  return (
    <Confirm
      title={`Mail “${report.title}” to ${email ?? 'the client'}?`}
      action="Mail it"
      onConfirm={() => send.mutateAsync({ report_id: report.id })}
      trigger={(askToMail) => (
        <Confirm
          title={`Delete “${report.title}”?`}
          action="Delete"
          danger
          onConfirm={() => remove.mutateAsync({ report_id: report.id })}
          trigger={(askToDelete) => (
            <Menu
              trigger={
                <Button kind="quiet" size="icon" className="size-8" aria-label={`More about ${report.title}`}>
                  <EllipsisVertical />
                </Button>
              }
            >
              <MenuItem icon={<Send />} disabled={email === null} onSelect={askToMail}>
                {email === null ? 'The client has no address' : 'Mail it with the PDF'}
              </MenuItem>
              <MenuItem icon={<FileText />} onSelect={() => window.open(`/api/reports/${report.id}/pdf`, '_blank', 'noreferrer')}>
                PDF
              </MenuItem>
              <MenuLine />
              <MenuItem danger icon={<Trash2 />} onSelect={askToDelete}>
                Delete
              </MenuItem>
            </Menu>
          )}
        >
          Its page and its links go with it, and a mail that still waits with it does not leave.
        </Confirm>
      )}
    >
      The PDF goes along, and the next check-in comes in 30 days. What was mailed before is not mailed a second time.
    </Confirm>
  );
}
