import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronUp, CircleCheck, CircleX, Clock } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Sheet } from '#web/kit/dialog.tsx';
import { count, dollars, words } from '#web/kit/format.ts';
import { Json } from '#web/kit/json.tsx';
import { MailFrame } from '#web/kit/mail-frame.tsx';
import { Facts } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { dateOf, momentOf, When } from '#web/kit/time.tsx';
import { Decide } from './decide.tsx';
import { Hits } from './hits.tsx';
import { MessageState } from './message-state.tsx';
import { ReplyBox } from './reply.tsx';

type Message = Output<'messages.get'>;

export function MessageSheet({
  id,
  onClose,
  onBefore,
  onNext,
}: {
  id: string;
  onClose: () => void;
  onBefore?: () => void;
  onNext?: () => void;
}) {
  const message = useRead('messages.get', { message_id: id }, { keep: true });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
      if (event.key === 'j') onNext?.();
      if (event.key === 'k') onBefore?.();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [onBefore, onNext]);
  const data = message.data;
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={data === undefined ? 'Message' : data.channel === 'sms' ? 'SMS' : data.subject === '' ? 'No subject' : data.subject}
      description={
        data === undefined ? undefined : (
          <span className="flex flex-wrap items-center gap-x-3">
            <MessageState state={data.state} delivery={data.delivery} />
            <span className="num text-ink-3">{momentOf(data.sent_at ?? data.due_at ?? data.created_at)}</span>
          </span>
        )
      }
      footer={
        <>
          <Button disabled={onBefore === undefined} onClick={onBefore} aria-label="Message before">
            <ChevronUp />
          </Button>
          <Button disabled={onNext === undefined} onClick={onNext} aria-label="Next message">
            <ChevronDown />
          </Button>
          <span className="flex-1" />
          {data?.person_id == null ? null : (
            <Button asChild>
              <Link to="/people/$personId" params={{ personId: data.person_id }}>
                Open the person
              </Link>
            </Button>
          )}
          {data?.run_id == null ? null : (
            <Button asChild>
              <Link to="/runs/$runId" params={{ runId: data.run_id }}>
                Open the run
              </Link>
            </Button>
          )}
        </>
      }
    >
      {data === undefined ? (
        <div className="p-5">
          {message.error === null ? (
            <SkeletonLines lines={8} />
          ) : (
            <Failure what="The message could not be loaded." error={message.error} retry={() => void message.refetch()} />
          )}
        </div>
      ) : (
        <Body message={data} />
      )}
    </Sheet>
  );
}

/** What it costs: carriers charge by part. */
function lengthOf({ units, segments, because }: NonNullable<Message['sms_length']>): string {
  const parts = `${segments} ${segments === 1 ? 'part' : 'parts'}, ${units} characters`;
  return because === null ? parts : `${parts}; “${because}” halves what fits into a part`;
}

function Body({ message }: { message: Message }) {
  const [view, setView] = useState<'mail' | 'text' | 'why' | 'headers'>('mail');
  const shown = view === 'mail' && (message.html === null || message.html === '') ? 'text' : view;
  return (
    <div className="px-5 pt-3 pb-8">
      {message.state === 'in_doubt' ? <Decide message={message} /> : null}
      {message.direction === 'inbound' && !message.auto ? <ReplyBox message={message} /> : null}
      <Facts
        className="mb-3"
        rows={[
          ['From', address(message.from_name, message.from_phone ?? message.from_email)],
          ['To', address(message.to_name, (message.channel === 'sms' ? message.to_phone : message.to_email) ?? '')],
          ...(message.sms_length === null ? [] : ([['Length', lengthOf(message.sms_length)]] as const)),
          ...(message.state_reason === null ? [] : ([['Why', message.state_reason]] as const)),
          ...(message.reply_class === null
            ? []
            : ([
                [
                  'Reply',
                  <Badge key="r" tone="accent">
                    {words(message.reply_class)}
                  </Badge>,
                ],
              ] as const)),
        ]}
      />
      <Tabs
        label="Parts of the message"
        value={shown}
        onChange={setView}
        items={[
          ...(message.html === null || message.html === '' ? [] : [{ value: 'mail' as const, label: 'Mail' }]),
          { value: 'text', label: 'Text' },
          { value: 'why', label: 'Why' },
          { value: 'headers', label: 'Headers' },
        ]}
      />
      <div className="pt-4">
        {shown === 'mail' ? (
          <MailFrame html={message.html ?? ''} className="h-[60vh]" />
        ) : shown === 'text' ? (
          <pre className="rounded-lg border bg-sunken p-4 font-sans text-sm leading-relaxed break-words whitespace-pre-wrap">
            {message.text === '' ? 'No text part.' : message.text}
          </pre>
        ) : shown === 'headers' ? (
          <Facts className="font-mono text-xs" rows={Object.entries(message.headers)} />
        ) : (
          <Why message={message} />
        )}
      </div>
    </div>
  );
}

function address(name: string, email: string): string {
  return name === '' ? email : `${name} <${email}>`;
}

function Why({ message }: { message: Message }) {
  const { verdict, provenance } = message;
  return (
    <div className="space-y-6">
      <section>
        <h3 className="mb-2 text-sm font-semibold">The gate</h3>
        {verdict === null ? (
          <p className="text-sm text-ink-2">
            {message.direction === 'inbound' ? 'Mail that came in does not pass the gate.' : 'Not asked yet.'}
          </p>
        ) : (
          <ul className="space-y-1.5 text-sm">
            <li className="flex items-start gap-2 font-medium">
              {verdict.decision === 'send' ? (
                <CircleCheck className="mt-0.5 size-4 shrink-0 text-ok" />
              ) : verdict.decision === 'block' ? (
                <CircleX className="mt-0.5 size-4 shrink-0 text-bad" />
              ) : (
                <Clock className="mt-0.5 size-4 shrink-0 text-warn" />
              )}
              {verdictWords(verdict)}
            </li>
            {verdict.reasons.map((reason) => (
              <li key={`${reason.rule} ${reason.says}`} className="pl-6 text-ink-2">
                {reason.says}. <span className="text-ink-3">{reason.fix === '' ? null : `${reason.fix}.`}</span>
              </li>
            ))}
            {verdict.basis === undefined ? null : (
              <li className="pl-6 text-ink-2">
                Lawful because {verdict.basis.because}, since <When at={verdict.basis.since} />
                {verdict.basis.expires === null ? '' : `, until ${dateOf(verdict.basis.expires)}`}.
              </li>
            )}
            {verdict.sender === undefined ? null : (
              <li className="pl-6 text-ink-2">
                From {verdict.sender.address}: {verdict.sender.because}.
              </li>
            )}
            {verdict.passed.length === 0 ? null : (
              <li className="pl-6 text-xs text-ink-3">
                Nothing against it: {verdict.passed.map((rule) => words(rule).toLowerCase()).join(', ')}
              </li>
            )}
            <li className="pl-6 text-xs text-ink-3">
              Asked {verdict.stage === 'draft' ? 'when it was written' : 'in the last moment before it left'}, {momentOf(verdict.at)}
            </li>
          </ul>
        )}
      </section>
      {message.direction === 'outbound' && message.channel === 'email' ? <Hits messageId={message.id} /> : null}
      {message.reply_class === null ? null : (
        <section>
          <h3 className="mb-2 text-sm font-semibold">How the reply was understood</h3>
          <Facts
            rows={[
              ['As', words(message.reply_class)],
              ['By', message.classified_by === null ? '–' : words(message.classified_by)],
              ['Sure to', message.reply_confidence === null ? '–' : `${Math.round(message.reply_confidence * 100)} %`],
              ['Because', message.reply_reasons === null || message.reply_reasons.length === 0 ? '–' : message.reply_reasons.join('; ')],
              ...(message.reply_return_at === null ? [] : ([['Back on', momentOf(message.reply_return_at)]] as const)),
            ]}
          />
        </section>
      )}
      {provenance === null ? null : (
        <section>
          <h3 className="mb-2 text-sm font-semibold">How the text was made</h3>
          <Facts rows={provenanceRows(provenance)} />
          {factsOf(provenance) !== undefined ? (
            <div className="mt-3">
              <Json label="Facts it was allowed to use" value={factsOf(provenance)} />
            </div>
          ) : null}
        </section>
      )}
    </div>
  );
}

function verdictWords(verdict: NonNullable<Message['verdict']>): string {
  if (verdict.decision === 'send') return 'May be sent';
  if (verdict.decision === 'block') return 'Must not be sent';
  return verdict.until === null ? 'Waits until somebody changes something' : `Not before ${momentOf(verdict.until)}`;
}

function factsOf(provenance: Record<string, unknown>): unknown {
  return provenance['facts_used'] ?? provenance['facts'] ?? undefined;
}

function provenanceRows(provenance: Record<string, unknown>): [string, string][] {
  const {
    model,
    prompt_version: version,
    input_tokens: input,
    output_tokens: output,
    cost_micros: cost,
    fallback_reason: fallback,
    ...rest
  } = provenance;
  const rows: [string, string][] = [];
  rows.push(['Written by', typeof model === 'string' ? model : 'a template, no model']);
  if (typeof fallback === 'string') rows.push(['Why a template', words(fallback)]);
  if (version !== undefined && version !== null) rows.push(['Prompt', String(version)]);
  if (typeof input === 'number' && typeof output === 'number' && input + output > 0)
    rows.push(['Tokens', `${count(input)} in, ${count(output)} out`]);
  if (typeof cost === 'number' && cost > 0) rows.push(['Cost', dollars(cost)]);
  for (const [key, value] of Object.entries(rest)) {
    if (value !== null && typeof value !== 'object') rows.push([words(key), typeof value === 'number' ? count(value) : String(value)]);
  }
  return rows;
}
