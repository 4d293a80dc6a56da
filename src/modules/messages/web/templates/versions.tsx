import { diffLines } from 'diff';
import { useMemo, useState } from 'react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Confirm } from '#web/kit/confirm.tsx';
import { Sheet } from '#web/kit/dialog.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';
import { contentOf, type Content, type Whole, type Writing } from './content.ts';

interface Props {
  whole: Whole;
  content: Content;
  may: boolean;
  onClose: () => void;
  onRestored: () => void;
}

/** Every version there was: what is different from the page now, and the way back. */
export function VersionsSheet({ whole, content, may, onClose, onRestored }: Props) {
  const [chosen, setChosen] = useState<number | null>(whole.versions[0]?.version ?? (whole.unwritten ? 0 : null));
  const restore = useAct('templates.restore', { done: ({ version }) => `Restored as version ${version}.`, onDone: onRestored });
  const lines = [
    ...whole.versions.map((one) => ({ ...one, by: one.created_by_name })),
    ...(whole.unwritten ? [{ version: 0, note: 'As it came', by: null, created_at: null }] : []),
  ];
  return (
    <Sheet open onOpenChange={onClose} title="Versions" description="A message keeps the version it was made from.">
      {lines.length === 0 ? (
        <Empty title="No versions yet">Publishing makes the first.</Empty>
      ) : (
        <div className="p-5">
          <ul aria-label="Versions" className="mb-5 max-h-60 divide-y overflow-y-auto rounded-lg border">
            {lines.map((one) => (
              <li key={one.version}>
                <button
                  type="button"
                  aria-pressed={chosen === one.version}
                  onClick={() => setChosen(one.version)}
                  className={cn(
                    'flex w-full items-baseline gap-3 px-3 py-2 text-left text-sm -outline-offset-2 hover:bg-hover',
                    chosen === one.version && 'bg-sunken',
                  )}
                >
                  <span className="num w-8 shrink-0 font-medium">{one.version}</span>
                  <span className="min-w-0 flex-1 truncate">
                    {one.note ?? 'No note'}
                    <span className="text-ink-3">{one.by === null ? '' : ` · ${one.by}`}</span>
                  </span>
                  {one.version === whole.version ? <Badge tone="ok">in use</Badge> : null}
                  {one.created_at === null ? null : (
                    <span className="shrink-0 text-xs text-ink-3">
                      <When at={one.created_at} />
                    </span>
                  )}
                </button>
              </li>
            ))}
          </ul>
          {chosen === null ? null : (
            <Version
              key={chosen}
              name={whole.key}
              version={chosen}
              content={content}
              action={
                chosen === whole.version || !may ? null : (
                  <Confirm
                    title={`Bring version ${chosen} back?`}
                    action="Restore"
                    onConfirm={() => restore.mutate({ key: whole.key, version: chosen })}
                    trigger={(ask) => (
                      <Button busy={restore.isPending} onClick={ask}>
                        Restore version {chosen}
                      </Button>
                    )}
                  >
                    It becomes the newest version and is sent from now on. The versions since stay here. Unpublished changes are given up.
                  </Confirm>
                )
              }
            />
          )}
        </div>
      )}
    </Sheet>
  );
}

function Version({ name, version, content, action }: { name: string; version: number; content: Content; action: React.ReactNode }) {
  const then = useRead('templates.version', { key: name, version });
  const parts = useMemo(() => {
    if (then.data === undefined) return [];
    const before = contentOf({ ...then.data, published: true, draft: null, versions: [], used_by: [], unwritten: false, about: null });
    return diffLines(textOf(before), textOf(content)).map((part, at) => ({ ...part, key: `${at} ${part.value}` }));
  }, [then.data, content]);
  if (then.data === undefined)
    return then.error === null ? (
      <SkeletonLines lines={6} />
    ) : (
      <Failure what="The version could not be loaded." error={then.error} retry={() => void then.refetch()} />
    );
  const same = parts.every((part) => !part.added && !part.removed);
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-sm font-semibold">{same ? 'The same as on the page' : `From version ${version} to the page now`}</h3>
        {action}
      </div>
      <pre
        tabIndex={0}
        aria-label="What is different"
        className="max-h-[28rem] overflow-auto rounded-lg border bg-sunken p-3 font-mono text-xs leading-relaxed break-words whitespace-pre-wrap"
      >
        {parts.map((part) =>
          part.added ? (
            <ins key={part.key} className="block bg-ok-soft text-ok no-underline">
              {marked(part.value, '+ ')}
            </ins>
          ) : part.removed ? (
            <del key={part.key} className="block bg-bad-soft text-bad no-underline">
              {marked(part.value, '− ')}
            </del>
          ) : (
            <span key={part.key} className="block">
              {marked(part.value, '  ')}
            </span>
          ),
        )}
      </pre>
    </div>
  );
}

function marked(text: string, mark: string): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark}${line}`)
    .join('\n');
}

/** A template as lines, so that a difference can be read. */
function textOf(content: Content): string {
  const files = content.attachments.map((one) => `File: ${one.filename}`);
  return [`Title: ${content.title}`, `Class: ${content.class}`, ...files, ...content.writings.map(writingText)].join('\n');
}

function writingText({ language, subject, preheader, source }: Writing): string {
  const words =
    source.mode === 'text'
      ? source.text
      : source.mode === 'html'
        ? source.html
        : source.mode === 'mjml'
          ? source.mjml
          : source.blocks
              .map(({ id, ...block }) => {
                void id;
                return JSON.stringify(block, (key, value: unknown) => (key === 'id' ? undefined : value), 1).replaceAll(
                  String.raw`\n`,
                  '\n',
                );
              })
              .join('\n');
  return `\n[${language}]\nSubject: ${subject}\nPreview line: ${preheader}\n${words}`;
}
