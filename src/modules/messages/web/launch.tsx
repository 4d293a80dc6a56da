import { Rocket } from 'lucide-react';
import { Badge } from '#web/kit/badge.tsx';
import { Button } from '#web/kit/button.tsx';
import { Dialog } from '#web/kit/dialog.tsx';
import { count, countOf } from '#web/kit/format.ts';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Figure } from '#web/kit/stat.tsx';
import { Empty, Failure, Note } from '#web/kit/states.tsx';
import { When } from '#web/kit/time.tsx';

/** How many, to whom, what they say, who is left out and why. Then, and only then, the button. */
export function LaunchDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const preview = useRead('sending.preview', {}, { enabled: open });
  const launch = useAct('sending.launch', {
    refresh: ['sending', 'messages', 'system', 'connections'],
    done: 'Launched. Mails leave now, each in its person’s hours.',
    onDone: () => onOpenChange(false),
  });
  const data = preview.data;
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title="Launch sending"
      description="From then on mails leave through your mail server. You can pause everything with one button."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Not yet</Button>
          <Button
            kind="primary"
            disabled={data === undefined || data.problems.length > 0}
            busy={launch.isPending}
            onClick={() => launch.mutate({})}
          >
            <Rocket /> Launch{data === undefined || data.waiting === 0 ? '' : ` and send ${countOf(data.waiting, 'message')}`}
          </Button>
        </>
      }
    >
      {data === undefined ? (
        preview.error === null ? (
          <SkeletonLines lines={6} />
        ) : (
          <Failure what="The preview could not be made." error={preview.error} retry={() => void preview.refetch()} />
        )
      ) : (
        <div className="space-y-5">
          {data.problems.map((problem) => (
            <Note key={problem} tone="bad">
              {problem}
            </Note>
          ))}
          <div className="grid grid-cols-3 gap-4">
            <Figure label="leave at once" value={count(data.now_count)} />
            <Figure label="leave later, in their hours" value={count(data.later_count)} />
            <Figure label="are left out" value={count(data.blocked_count)} />
          </div>
          {data.from === null ? null : (
            <p className="text-sm text-ink-2">
              From <span className="font-medium text-ink">{data.from}</span>
            </p>
          )}
          <section>
            <h3 className="mb-2 text-sm font-semibold">First messages</h3>
            {data.messages.length === 0 ? (
              <Empty className="py-6" title="Nothing waits">
                Launch now, and the next message leaves as soon as it is written.
              </Empty>
            ) : (
              <ul className="divide-y rounded-lg border">
                {data.messages.map((message) => (
                  <li key={message.id}>
                    <details className="group/m">
                      <summary className="flex list-none flex-wrap items-baseline gap-x-3 px-3 py-2 text-sm hover:bg-hover">
                        <span className="font-medium">{message.to_name || message.to_email}</span>
                        <span className="min-w-0 flex-1 basis-40 truncate text-ink-2">{message.subject}</span>
                        {message.due_at === null ? null : <When at={message.due_at} className="num text-xs text-ink-3" />}
                      </summary>
                      <pre className="border-t bg-sunken px-3 py-2.5 font-sans text-sm break-words whitespace-pre-wrap">{message.text}</pre>
                    </details>
                  </li>
                ))}
              </ul>
            )}
          </section>
          {data.blocked.length === 0 ? null : (
            <section>
              <h3 className="mb-2 text-sm font-semibold">Who is left out, and why</h3>
              <ul className="divide-y rounded-lg border text-sm">
                {data.blocked.map((row) => (
                  <li key={row.id} className="flex flex-wrap items-baseline gap-x-3 px-3 py-2">
                    <span className="font-medium">{row.to_name || row.to_email}</span>
                    <span className="min-w-0 flex-1 basis-40 text-ink-2">{row.reason}</span>
                    <Badge tone="warn">blocked</Badge>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      )}
    </Dialog>
  );
}
