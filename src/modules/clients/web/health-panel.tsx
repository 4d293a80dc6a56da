import { Badge } from '#web/kit/badge.tsx';
import { cn } from '#web/kit/cn.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { HEALTH } from './words.ts';

/** How the client is, and every sign that says so; those that cost nothing are what to know before the next word. */
export function HealthPanel({ clientId }: { clientId: string }) {
  const { data, error, isPending } = useRead('clients.health', { client_id: clientId });
  const minus = data?.signs.some(({ points }) => points > 0) === true;
  return (
    <Panel
      title="How they are"
      aside={
        data === undefined ? null : (
          <span className="flex items-center gap-2 text-sm">
            <span className="num text-ink-2">{data.score} of 100</span>
            <Badge tone={HEALTH[data.level].tone}>{HEALTH[data.level].says}</Badge>
          </span>
        )
      }
    >
      {isPending ? (
        <SkeletonLines lines={3} />
      ) : error !== null ? (
        <p className="text-sm text-bad">It could not be worked out: {error.message}</p>
      ) : data.signs.length === 0 ? (
        <p className="text-sm text-ink-2">Nothing speaks against them, and nothing is open between you.</p>
      ) : (
        <ul className="space-y-2 text-sm">
          {data.signs.map((sign) => (
            <li key={`${sign.rule} ${sign.says}`} className="flex items-baseline gap-3">
              <span
                className={cn('num shrink-0 text-right', minus ? 'w-8' : 'w-1', sign.points > 0 ? 'font-medium text-bad' : 'text-ink-3')}
              >
                {sign.points > 0 ? `−${sign.points}` : '·'}
              </span>
              <span className={sign.points > 0 ? 'min-w-0 break-words' : 'min-w-0 break-words text-ink-2'}>
                {sign.link === null ? (
                  sign.says
                ) : (
                  <a href={sign.link} className="underline decoration-line underline-offset-2 hover:decoration-current">
                    {sign.says}
                  </a>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
