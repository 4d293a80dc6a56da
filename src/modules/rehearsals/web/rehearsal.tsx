import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Play, Square, X } from 'lucide-react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { count, countOf, dollars } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { Panel } from '#web/kit/panel.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { Skeleton, SkeletonRows } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { lengthOf } from '#web/kit/time.tsx';
import { Calendar } from './calendar.tsx';
import { Funnel } from './funnel.tsx';
import { LaunchCheck } from './launch-check.tsx';
import { Mails } from './mails.tsx';
import { EdgePeople, PeopleBehind } from './people.tsx';
import { PersonWay } from './way.tsx';
import { clockIn, dayWords, endWords, momentIn, ruleWords, type RehearsalSummary } from './words.ts';

type Rehearsal = Output<'rehearsals.get'>;

export function RehearsalPage() {
  const { rehearsalId } = useParams({ from: '/shell/rehearsals/$rehearsalId' });
  const rehearsal = useRead('rehearsals.get', { rehearsal_id: rehearsalId }, { everyMs: 60_000 });
  const running = rehearsal.data?.state === 'running' || rehearsal.data?.state === 'queued';
  useRead('rehearsals.get', { rehearsal_id: rehearsalId }, { enabled: running, everyMs: 700 });
  const data = rehearsal.data;
  const back =
    data === undefined ? { to: '/rehearsals', label: 'Rehearsals' } : { to: `/sequences/${data.workflow_id}`, label: data.workflow_title };
  if (data === undefined) {
    return (
      <Page title="Rehearsal" back={back}>
        {rehearsal.error === null ? (
          <>
            <Skeleton className="mb-6 w-64" />
            <SkeletonRows />
          </>
        ) : (
          <Failure what="The rehearsal could not be loaded." error={rehearsal.error} retry={() => void rehearsal.refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={`Rehearsal of ${data.workflow_title}`}
      lead={`${data.segment_name ?? 'Chosen people'}, ${data.days} days${data.version === null ? ', a draft' : `, version ${data.version}`}${data.replies === 'none' ? ', nobody replies' : data.replies === 'history' ? ', replies as so far' : ''}. Nothing left.`}
      back={back}
      actions={
        <Button asChild>
          <Link
            to="/rehearsals"
            search={{ workflow: data.workflow_id, start: '1', ...(data.segment_id === null ? {} : { segment: data.segment_id }) }}
          >
            <Play /> Rehearse again
          </Link>
        </Button>
      }
    >
      {running ? <Running rehearsal={data} /> : null}
      {data.state === 'failed' ? <Note tone="bad">It could not be rehearsed: {data.error}</Note> : null}
      {data.state === 'cancelled' ? <Note tone="neutral">This rehearsal was stopped. Nothing of it was kept.</Note> : null}
      {data.summary === null ? null : <Result rehearsal={data} summary={data.summary} />}
    </Page>
  );
}

function Running({ rehearsal }: { rehearsal: Rehearsal }) {
  const cancel = useAct('rehearsals.cancel', { refresh: ['rehearsals'], done: 'Stopped.' });
  return (
    <Panel>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm" role="status">
          {rehearsal.people === 0
            ? 'Getting ready …'
            : `Living through ${countOf(rehearsal.days, 'day')} with ${countOf(rehearsal.people, 'person', 'people')} …`}
        </p>
        <Button busy={cancel.isPending} onClick={() => cancel.mutate({ rehearsal_id: rehearsal.id })}>
          <Square /> Stop
        </Button>
      </div>
      <div
        role="progressbar"
        aria-label="Progress of the rehearsal"
        aria-valuenow={rehearsal.progress}
        aria-valuemin={0}
        aria-valuemax={100}
        className="mt-3 h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div className="h-full rounded-full bg-accent transition-[width] duration-500" style={{ width: `${rehearsal.progress}%` }} />
      </div>
    </Panel>
  );
}

function Result({ rehearsal, summary }: { rehearsal: Rehearsal; summary: RehearsalSummary }) {
  const search = useSearch({ from: '/shell/rehearsals/$rehearsalId' });
  const navigate = useNavigate({ from: '/rehearsals/$rehearsalId' });
  const show = (next: typeof search) => void navigate({ search: next, replace: true, resetScroll: false });
  const titles = new Map(summary.steps.map((step) => [step.step_id, step.title]));
  const filter = {
    outcome: search.outcome,
    detail: search.detail,
    rule: search.rule,
    reached: search.reached,
    step: search.step,
    edge: search.edge,
  };
  const chosen = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className="space-y-5">
      <LaunchCheck rehearsal={rehearsal} entered={summary.entered} />
      <Figures summary={summary} />
      {summary.warnings.length === 0 ? null : (
        <div className="space-y-2">
          {summary.warnings.map((warning) => (
            <Note key={`${warning.kind} ${warning.says}`} tone={toneOf(warning.kind)}>
              {warning.says}.
            </Note>
          ))}
        </div>
      )}
      <EdgePeople rehearsalId={rehearsal.id} onOpen={(person) => show({ ...search, person })} />
      <Panel
        title="Messages a day"
        aside={
          summary.peak === null ? null : (
            <span className="text-xs text-ink-2">
              most on {dayWords(summary.peak.day)}: <b className="num font-semibold text-ink">{count(summary.peak.sent)}</b>
              {summary.peak.hour === null
                ? ''
                : `; busiest hour from ${clockIn(summary.time_zone, summary.peak.hour)}: ${count(summary.peak.hour_sent)}`}
            </span>
          )
        }
      >
        {summary.days.length === 0 ? (
          <Empty title="No message at all">Nobody gets mail in these {rehearsal.days} days.</Empty>
        ) : (
          <>
            <Calendar summary={summary} day={search.day} onDay={(day) => show({ ...search, day })} />
            <Senders summary={summary} />
            {search.day === undefined ? (
              <p className="mt-3 text-xs text-ink-3">Choose a day to read its mails.</p>
            ) : (
              <div className="mt-4 border-t pt-4">
                <div className="mb-2 flex items-center justify-between gap-2">
                  <h3 className="text-sm font-semibold">{dayWords(search.day)}</h3>
                  <Button size="icon" kind="quiet" aria-label="Close the day" onClick={() => show({ ...search, day: undefined })}>
                    <X />
                  </Button>
                </div>
                <Mails rehearsalId={rehearsal.id} zone={summary.time_zone} day={search.day} />
              </div>
            )}
          </>
        )}
      </Panel>
      <div className="grid grid-cols-1 gap-5 lg:grid-cols-[3fr_2fr] [&>*]:min-w-0">
        <Panel title="From step to step" flush>
          <Funnel summary={summary} onStep={(next) => show({ day: search.day, ...next })} />
        </Panel>
        <div className="space-y-5">
          <Blocked
            summary={summary}
            onRule={(rule) => show({ day: search.day, rule })}
            onLeftOut={(detail) => show({ day: search.day, outcome: 'left_out', detail })}
          />
          <Panel title="Where people end">
            <ul className="space-y-1.5 text-sm">
              {summary.ends.map((end) => (
                <li key={`${end.outcome} ${end.detail}`} className="flex justify-between gap-3">
                  <button
                    type="button"
                    className="min-w-0 truncate text-left hover:underline"
                    onClick={() =>
                      show({
                        day: search.day,
                        outcome: end.outcome,
                        ...(end.outcome === 'waiting' || end.outcome === 'failed' || end.detail === '' ? {} : { detail: end.detail }),
                      })
                    }
                  >
                    {endWords(end.outcome, end.detail)}
                    {end.outcome === 'left_out' ? <span className="text-ink-3"> · not entered</span> : null}
                  </button>
                  <span className="num font-medium">{count(end.people)}</span>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      </div>
      {chosen ? (
        <PeopleBehind
          rehearsalId={rehearsal.id}
          filter={filter}
          titles={titles}
          onClear={() => show({ day: search.day })}
          onOpen={(person) => show({ ...search, person })}
        />
      ) : null}
      <p className="text-xs text-ink-3">
        Began {momentIn(summary.time_zone, summary.began_at)}, times in {summary.time_zone}. Rehearsed in {lengthOf(rehearsal.took_ms ?? 0)}
        . Fingerprint <code className="num">{(rehearsal.hash ?? '').slice(0, 12)}</code>.
      </p>
      <PersonWay
        rehearsalId={rehearsal.id}
        personId={search.person}
        zone={summary.time_zone}
        titles={titles}
        onClose={() => show({ ...search, person: undefined })}
      />
    </div>
  );
}

/** What only informs is quiet; what stops people is loud. */
function toneOf(kind: string): 'bad' | 'warn' | 'neutral' {
  if (kind === 'failed' || kind === 'waits_for_you') return 'bad';
  return kind === 'replies' || kind === 'other_sequences' || kind === 'model' || kind === 'under_way' ? 'neutral' : 'warn';
}

function Figures({ summary }: { summary: RehearsalSummary }) {
  const { messages, cost } = summary;
  return (
    <Panel>
      <div className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-6">
        <Figure
          label={summary.entered === 1 ? 'person enters' : 'people enter'}
          value={count(summary.entered)}
          hint={summary.left_out === 0 ? undefined : `${count(summary.left_out)} do not`}
        />
        <Figure
          label="messages leave"
          value={count(messages.sent)}
          hint={messages.delayed === 0 ? undefined : `${count(messages.delayed)} wait for their hour`}
        />
        <Figure
          label="are blocked"
          value={count(messages.blocked)}
          hint={messages.waiting === 0 ? undefined : `${count(messages.waiting)} wait for you`}
        />
        <Figure
          label="on the fullest day"
          value={count(summary.peak?.sent ?? 0)}
          hint={summary.daily_limit === null ? undefined : `limit ${count(summary.daily_limit)}`}
        />
        <Figure label="replies assumed" value={count(summary.replies)} />
        <Figure
          label="for a model"
          value={cost === null ? '–' : cost.cost_micros === null ? 'unknown' : dollars(cost.cost_micros)}
          hint={cost === null ? 'none is asked' : `${countOf(cost.calls, 'letter')}, estimated`}
        />
      </div>
    </Panel>
  );
}

/** The fullest day of each address that mail leaves from. */
function Senders({ summary }: { summary: RehearsalSummary }) {
  const peaks = new Map<string, { day: string; sent: number; all: number }>();
  for (const { day, senders } of summary.days)
    for (const { sender, sent } of senders) {
      const known = peaks.get(sender) ?? { day, sent: 0, all: 0 };
      peaks.set(sender, { ...(sent > known.sent ? { day, sent } : known), all: known.all + sent });
    }
  return (
    <ul aria-label="By sender" className="mt-3 space-y-1 border-t pt-3 text-xs text-ink-2">
      {[...peaks].map(([sender, peak]) => (
        <li key={sender} className="flex flex-wrap justify-between gap-x-4">
          <span className="min-w-0 break-all">{sender === '' ? 'no sender yet' : sender}</span>
          <span>
            <b className="num font-semibold text-ink">{count(peak.all)}</b> in all, {count(peak.sent)} on {dayWords(peak.day)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Blocked({
  summary,
  onRule,
  onLeftOut,
}: {
  summary: RehearsalSummary;
  onRule: (rule: string) => void;
  onLeftOut: (kind: string) => void;
}) {
  const barriers = summary.findings.filter((finding) => finding.barrier);
  const rules = [...summary.blocked, ...summary.waiting];
  return (
    <Panel title="Who is kept from it, and why">
      {rules.length + barriers.length === 0 ? <p className="text-sm text-ink-2">Nobody: every message may leave.</p> : null}
      <ul className="space-y-3">
        {barriers.map((finding) => (
          <li key={finding.kind} className="text-sm">
            <button type="button" className="text-left font-medium hover:underline" onClick={() => onLeftOut(finding.kind)}>
              {finding.says}
            </button>
            <p className="text-xs text-ink-2">They would not enter.</p>
          </li>
        ))}
        {rules.map((rule) => (
          <li key={`${rule.rule} ${rule.says}`} className="text-sm">
            <button type="button" className="flex w-full justify-between gap-3 text-left hover:underline" onClick={() => onRule(rule.rule)}>
              <span className="font-medium">{ruleWords(rule.rule)}</span>
              <span className="num whitespace-nowrap">{countOf(rule.people, 'person', 'people')}</span>
            </button>
            <p className="text-xs text-ink-2">
              {rule.says}. {rule.fix}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
