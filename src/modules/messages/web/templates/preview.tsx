import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Info, Link2, Monitor, Moon, Smartphone, Sun, TriangleAlert } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { call, type ApiError, type Output } from '#web/kit/api.ts';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { MailFrame } from '#web/kit/mail-frame.tsx';
import { useAct } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Note } from '#web/kit/states.tsx';
import { Tabs } from '#web/kit/tabs.tsx';
import { changesOf, type Content } from './content.ts';
import { PersonPicker, type Reader } from './person-picker.tsx';

export type Drawn = Output<'templates.preview'>;
export type Finding = Drawn['findings'][number];

/** As it would look for one person, a moment after each change. */
export function usePreview(key: string, content: Content, language: string, reader: Reader | null) {
  const wanted = useDeferredValue(content);
  return useQuery<Drawn, ApiError>({
    queryKey: ['templates.preview', key, wanted, language, reader?.id],
    queryFn: ({ signal }) =>
      call(
        'templates.preview',
        { ...changesOf(wanted), in_language: language, ...(reader === null ? {} : { person_id: reader.id }) },
        { signal },
      ),
    placeholderData: (before) => before,
    retry: false,
    staleTime: 60_000,
  });
}

interface Props {
  drawn: Drawn | undefined;
  error: ApiError | null;
  sms: boolean;
  reader: Reader | null;
  onReader: (reader: Reader | null) => void;
  /** Goes to what a finding is about. */
  onFind: (finding: Finding) => void;
}

export function Preview({ drawn, error, sms, reader, onReader, onFind }: Props) {
  const [view, setView] = useState<'mail' | 'text' | 'checks'>('mail');
  const [phone, setPhone] = useState(false);
  const [dark, setDark] = useState(false);
  const faults = drawn?.findings.filter((one) => one.severity !== 'hint').length ?? 0;
  return (
    <section aria-label="Preview" className="rounded-xl border bg-panel shadow-raise">
      <div className="flex flex-wrap items-center gap-2 px-3 pt-3">
        <PersonPicker reader={reader} onReader={onReader} />
        <span className="flex-1" />
        {sms || view !== 'mail' ? null : (
          <>
            <Toggle on={phone} label={phone ? 'Show as on a desk' : 'Show as on a phone'} onClick={() => setPhone(!phone)}>
              {phone ? <Monitor /> : <Smartphone />}
            </Toggle>
            <Toggle on={dark} label={dark ? 'Show in a light inbox' : 'Show in a dark inbox'} onClick={() => setDark(!dark)}>
              {dark ? <Sun /> : <Moon />}
            </Toggle>
          </>
        )}
      </div>
      <div className="px-3">
        <Tabs
          label="Views of the preview"
          value={view}
          onChange={setView}
          items={[
            { value: 'mail', label: sms ? 'SMS' : 'Mail' },
            ...(sms ? [] : [{ value: 'text' as const, label: 'Plain text' }]),
            { value: 'checks', label: 'Checks', count: faults },
          ]}
        />
      </div>
      <div className="p-3">
        {error !== null ? (
          <Note tone="bad">{error.message}</Note>
        ) : drawn === undefined ? (
          <SkeletonLines lines={8} />
        ) : view === 'checks' ? (
          <Checks drawn={drawn} onFind={onFind} />
        ) : (
          <div className="space-y-3">
            {drawn.unresolved.length === 0 ? null : <Note tone="warn">This message would be blocked: {drawn.unresolved.join(', ')}.</Note>}
            {sms ? (
              <SmsBubble drawn={drawn} />
            ) : (
              <>
                <Envelope drawn={drawn} />
                {view === 'text' ? (
                  <pre
                    className="max-h-[38rem] overflow-auto rounded-lg border bg-sunken p-4 font-sans text-sm leading-relaxed break-words whitespace-pre-wrap"
                    tabIndex={0}
                    aria-label="Plain text"
                  >
                    {drawn.text}
                  </pre>
                ) : drawn.html === '' ? (
                  <Note>Nothing to see yet.</Note>
                ) : (
                  <div className="flex justify-center rounded-lg bg-sunken">
                    <MailFrame
                      html={drawn.html}
                      dark={dark}
                      pictures
                      className={cn('h-[38rem] transition-[width]', phone ? 'w-[375px] max-w-full' : 'w-full')}
                    />
                  </div>
                )}
              </>
            )}
          </div>
        )}
      </div>
    </section>
  );
}

function Toggle({ on, label, onClick, children }: { on: boolean; label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Button kind="quiet" size="icon" aria-pressed={on} aria-label={label} title={label} onClick={onClick}>
      {children}
    </Button>
  );
}

/** What stands in the list of an inbox. */
function Envelope({ drawn }: { drawn: Drawn }) {
  return (
    <div className="rounded-lg border px-3 py-2">
      <p className="truncate text-sm font-semibold">{drawn.subject === '' ? 'No subject' : drawn.subject}</p>
      <p className="truncate text-xs text-ink-3">
        {drawn.preheader === '' ? drawn.words.replace(/\s+/g, ' ').slice(0, 140) : drawn.preheader} · to {drawn.to}
      </p>
    </div>
  );
}

function SmsBubble({ drawn }: { drawn: Drawn }) {
  const length = drawn.sms_length;
  return (
    <div className="space-y-2 rounded-lg bg-sunken p-4">
      <p className="ml-auto max-w-72 rounded-2xl rounded-br-sm bg-accent px-3.5 py-2 text-sm break-words whitespace-pre-wrap text-on-accent">
        {drawn.text}
      </p>
      {length === null ? null : (
        <p className="text-right text-xs text-ink-3">
          {length.units} characters, {length.segments} {length.segments === 1 ? 'part' : 'parts'}
          {length.because === null ? '' : `; “${length.because}” halves what fits into a part`}
        </p>
      )}
    </div>
  );
}

const LOOKS = {
  fault: { icon: <CircleAlert className="text-bad-dot" />, word: 'Must be mended' },
  warning: { icon: <TriangleAlert className="text-warn-dot" />, word: 'May harm' },
  hint: { icon: <Info className="text-ink-3" />, word: 'Could be better' },
} as const;

function Checks({ drawn, onFind }: { drawn: Drawn; onFind: (finding: Finding) => void }) {
  const order = ['fault', 'warning', 'hint'] as const;
  const sorted = order.flatMap((severity) => drawn.findings.filter((one) => one.severity === severity));
  return (
    <div className="space-y-4">
      {sorted.length === 0 ? (
        <p className="flex items-center gap-2 text-sm [&_svg]:size-4">
          <CircleCheck className="text-ok-dot" /> Nothing speaks against it.
        </p>
      ) : (
        <ul className="divide-y">
          {sorted.map((one) => (
            <li
              key={`${one.code} ${one.part} ${one.line} ${one.says}`}
              className="flex gap-2.5 py-2.5 first:pt-0 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0"
            >
              {LOOKS[one.severity].icon}
              <div className="min-w-0 flex-1 text-sm">
                <p className="font-medium break-words">
                  <span className="sr-only">{LOOKS[one.severity].word}: </span>
                  {one.says}
                  {one.line === null ? null : <span className="font-normal text-ink-3"> · line {one.line}</span>}
                </p>
                <p className="break-words text-ink-2">{one.fix}.</p>
              </div>
              {one.part === 'frame' || one.part === 'files' ? null : (
                <Button size="sm" kind="quiet" onClick={() => onFind(one)}>
                  Show
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Links urls={drawn.links} />
      {drawn.weight === 0 ? null : (
        <p className="num text-xs text-ink-3">{Math.max(1, Math.round(drawn.weight / 1024))} kB of the 102 kB that Gmail shows.</p>
      )}
    </div>
  );
}

/** Each address asked once, when somebody wants it: the other side notices. */
function Links({ urls }: { urls: readonly string[] }) {
  const asked = urls.filter((url) => /^https?:/i.test(url) && !/\/[up]\/[\w-]{40,}$/.test(url));
  const check = useAct('templates.check_links');
  if (asked.length === 0) return null;
  return (
    <div className="space-y-2 rounded-lg bg-sunken p-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="flex-1 text-sm">
          {asked.length} {asked.length === 1 ? 'link' : 'links'} in it
        </p>
        <Button size="sm" busy={check.isPending} onClick={() => check.mutate({ urls: asked.slice(0, 50) })}>
          <Link2 /> Do they answer?
        </Button>
      </div>
      {check.data === undefined ? null : (
        <ul className="space-y-1.5 text-xs">
          {check.data.items.map((one) => (
            <li key={one.url} className="flex flex-wrap items-baseline gap-x-2">
              <Badge tone={one.ok ? 'ok' : 'bad'}>{one.ok ? 'ok' : (one.status ?? 'no answer')}</Badge>
              <span className="min-w-0 break-all">{one.url}</span>
              <span className="text-ink-3">{one.says}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
