import { Link, useNavigate } from '@tanstack/react-router';
import { ListPlus, Plus } from 'lucide-react';
import { Button } from '#web/kit/button.tsx';
import { Page } from '#web/kit/page.tsx';
import { useAct, useRead } from '#web/kit/query.ts';
import { SkeletonLines } from '#web/kit/skeleton.tsx';
import { Empty, Failure } from '#web/kit/states.tsx';
import { FIRST_PLAN } from './first-plan.ts';

/** Templates: what is done with every new client. */
export function PlansPage() {
  const plans = useRead('onboarding_plans.list', {});
  const navigate = useNavigate();
  const create = useAct('onboarding_plans.create', {
    refresh: ['onboarding_plans'],
    done: 'The plan is there; change it as you like.',
    onDone: ({ id }) => void navigate({ to: '/onboarding/plans/$planId', params: { planId: id } }),
  });
  const add = (
    <Button kind="primary" busy={create.isPending} onClick={() => create.mutate(FIRST_PLAN)}>
      <Plus /> New plan
    </Button>
  );
  return (
    <Page
      title="Plans"
      back={{ to: '/onboarding', label: 'Onboarding' }}
      lead="Tasks, who does them and until when. Start a plan on the page of a client."
      actions={add}
    >
      {plans.data === undefined ? (
        plans.error === null ? (
          <SkeletonLines lines={6} />
        ) : (
          <Failure what="The plans could not be loaded." error={plans.error} retry={() => void plans.refetch()} />
        )
      ) : plans.data.items.length === 0 ? (
        <div className="rounded-xl border bg-panel">
          <Empty icon={<ListPlus />} title="No plan yet" action={add}>
            The first one comes with usual tasks: a form, an agreement to sign, a file to send, and what you do yourselves.
          </Empty>
        </div>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {plans.data.items.map((plan) => (
            <li key={plan.id}>
              <Link
                to="/onboarding/plans/$planId"
                params={{ planId: plan.id }}
                className="block h-full rounded-xl border bg-panel p-4 shadow-raise hover:bg-hover"
              >
                <span className="block truncate font-medium">{plan.name}</span>
                <span className="mt-1 block text-sm text-ink-2">
                  {plan.tasks.filter((task) => task.owner === 'us').length} for us,{' '}
                  {plan.tasks.filter((task) => task.owner === 'client').length} for the client
                  {plan.running === 0 ? '' : ` · ${plan.running} under way`}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
