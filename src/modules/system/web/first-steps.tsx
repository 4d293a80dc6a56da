import { Link } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { cn } from '#web/kit/cn.ts';
import { useList, useRead } from '#web/kit/query.ts';
import { useMe } from '#web/kit/session.ts';

/** The way from an empty house to the first mail; gone when it is walked. */
export function FirstSteps() {
  const me = useMe();
  const counts = useRead('leads.counts', {});
  const workflows = useList('workflows.list', { limit: 50 });
  const sending = useRead('sending.status', {});
  if (counts.data === undefined || !workflows.isSuccess || sending.data === undefined) return null;
  const steps = [
    { done: counts.data.total > 0, to: '/leads/import', title: 'Bring in leads', says: 'Drop a CSV file or try the sample.' },
    {
      done: workflows.rows.some((workflow) => workflow.active),
      to: '/sequences',
      title: 'Switch on a sequence',
      says: 'Read each step first.',
    },
    {
      done: typeof me.company.settings['postal_address'] === 'string' && typeof me.company.settings['business_description'] === 'string',
      to: '/settings/company',
      title: 'Say who you are',
      says: 'Address and facts for the texts.',
    },
    {
      done: sending.data.state === 'live',
      to: sending.data.state === 'capture' ? '/connections' : '/outbox',
      title: 'Connect and launch',
      says: 'Nothing leaves before.',
    },
  ] as const;
  if (steps.every((step) => step.done)) return null;
  const next = steps.findIndex((step) => !step.done);
  return (
    <section aria-label="First steps" className="rounded-xl border bg-panel shadow-raise">
      <ol className="grid divide-y sm:grid-cols-2 sm:divide-y-0 lg:grid-cols-4 lg:divide-x">
        {steps.map((step, index) => (
          <li key={step.title} className="relative flex gap-3 p-4 transition-colors hover:bg-hover">
            <span
              aria-hidden
              className={cn(
                'mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full text-2xs font-semibold',
                step.done ? 'bg-ok-soft text-ok' : index === next ? 'bg-accent text-on-accent' : 'bg-sunken text-ink-2',
              )}
            >
              {step.done ? <Check className="size-3" strokeWidth={3} /> : index + 1}
            </span>
            <div className="min-w-0">
              <Link to={step.to} className={cn('text-sm font-medium after:absolute after:inset-0', step.done && 'text-ink-3')}>
                {step.title}
              </Link>
              <p className="text-xs text-ink-3">{step.done ? 'Done' : step.says}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
