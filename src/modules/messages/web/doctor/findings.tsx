import { CircleAlert, CircleCheck, CircleHelp, CircleX, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '#web/kit/cn.ts';
import { CopyButton } from '#web/kit/copy.tsx';
import type { Checkup } from './doctor-page.tsx';

export type Finding = Checkup['findings'][number];
type Dns = NonNullable<Finding['publish']>;

const MARKS: Record<Finding['state'], readonly [icon: ReactNode, tone: string, word: string]> = {
  good: [<CircleCheck key="good" />, 'text-ok', 'Good'],
  note: [<Info key="note" />, 'text-ink-3', 'Good to know'],
  warn: [<CircleAlert key="warn" />, 'text-warn', 'Could be better'],
  bad: [<CircleX key="bad" />, 'text-bad', 'Wrong'],
  unknown: [<CircleHelp key="unknown" />, 'text-ink-3', 'Not known'],
};

export function Mark({ state }: { state: Finding['state'] }) {
  const [icon, tone, word] = MARKS[state];
  return (
    <span className={cn('mt-0.5 shrink-0 [&_svg]:size-4', tone)}>
      <span aria-hidden>{icon}</span>
      <span className="sr-only">{word}:</span>
    </span>
  );
}

/** What was looked at, what is so, and the way on. */
export function FindingList({ findings, open }: { findings: readonly Finding[]; open?: boolean }) {
  return (
    <ul className="divide-y">
      {findings.map((one) => (
        <li key={one.check} className="flex gap-3 px-4 py-3 text-sm">
          <Mark state={one.state} />
          <div className="min-w-0 flex-1 space-y-1">
            <h3 className="font-medium">{one.title}</h3>
            <p className="break-words text-ink-2">{one.says}</p>
            {one.fix === null ? null : <p className="break-words">{one.fix}</p>}
            {one.publish === null ? null : <Publish record={one.publish} />}
            {one.found.length === 0 ? null : <Found records={one.found} open={open === true && one.publish === null} />}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The record as a DNS provider's form asks for it: name, type, value. */
function Publish({ record }: { record: Dns }) {
  return (
    <div className="mt-2 rounded-lg border bg-sunken">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-3 py-2">
        <span className="rounded bg-panel px-1.5 py-0.5 font-mono text-2xs font-medium">{record.type}</span>
        <span className="min-w-0 flex-1 font-mono text-xs wrap-anywhere">{record.name}</span>
      </div>
      <div className="flex flex-wrap items-center justify-end gap-3 px-3 py-2">
        <code className="min-w-0 flex-1 basis-56 font-mono text-xs wrap-anywhere">{record.value}</code>
        <CopyButton text={record.value} label="Copy the value" />
      </div>
    </div>
  );
}

function Found({ records, open }: { records: readonly Dns[]; open: boolean }) {
  return (
    <details open={open} className="group pt-0.5">
      <summary className="w-fit cursor-pointer text-xs text-ink-3 hover:text-ink">
        {records.length === 1 ? 'The record that was found' : `The ${records.length} records that were found`}
      </summary>
      <ul className="mt-1.5 space-y-1.5">
        {records.map((record) => (
          <li key={`${record.name} ${record.value}`} className="font-mono text-xs wrap-anywhere text-ink-2">
            <span className="text-ink-3">{record.name}</span> {record.value}
          </li>
        ))}
      </ul>
    </details>
  );
}
