import { CircleAlert, CircleCheck, CircleX, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Output } from '#web/kit/api.ts';
import { Button } from '#web/kit/button.tsx';
import { cn } from '#web/kit/cn.ts';
import { Panel } from '#web/kit/panel.tsx';
import { useRead } from '#web/kit/query.ts';
import { SkeletonRows } from '#web/kit/skeleton.tsx';
import { Failure } from '#web/kit/states.tsx';

type Finding = Output<'system.doctor'>['items'][number];

const marks: Record<Finding['state'], readonly [icon: ReactNode, tone: string, word: string]> = {
  ok: [<CircleCheck key="ok" />, 'text-ok', 'Well'],
  warn: [<CircleAlert key="warn" />, 'text-warn', 'Look at it'],
  bad: [<CircleX key="bad" />, 'text-bad', 'Bad'],
};
const order: readonly Finding['state'][] = ['bad', 'warn', 'ok'];

/** Is the installation well? In words, what is wrong first. */
export function DoctorSettings() {
  const doctor = useRead('system.doctor', {});
  const items = doctor.data?.items.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)) ?? [];
  return (
    <Panel
      title={doctor.data === undefined ? 'Health' : headline(doctor.data)}
      flush
      aside={
        <Button size="sm" busy={doctor.isFetching} onClick={() => void doctor.refetch()}>
          <RotateCw /> Look again
        </Button>
      }
    >
      {doctor.data !== undefined ? (
        <ul className="divide-y">
          {items.map((one) => {
            const [icon, tone, word] = marks[one.state];
            return (
              <li key={one.check} className="flex gap-3 px-4 py-3 text-sm">
                <span className={cn('mt-0.5 shrink-0 [&_svg]:size-4', tone)} aria-hidden>
                  {icon}
                </span>
                <div className="min-w-0">
                  <h3 className="font-medium">
                    {one.title}
                    <span className="sr-only">: {word}</span>
                  </h3>
                  <p className="break-words text-ink-2">{one.says}</p>
                  {one.next === null ? null : <p className="mt-0.5 break-words">{one.next}</p>}
                </div>
              </li>
            );
          })}
        </ul>
      ) : doctor.error !== null ? (
        <Failure what="The installation could not be examined." error={doctor.error} retry={() => void doctor.refetch()} />
      ) : (
        <SkeletonRows rows={10} />
      )}
    </Panel>
  );
}

function headline({ bad, warn }: Output<'system.doctor'>): string {
  if (bad > 0) return `Health: ${bad} ${bad === 1 ? 'thing is' : 'things are'} bad`;
  return warn > 0 ? `Health: well, ${warn} to look at` : 'Health: all is well';
}
