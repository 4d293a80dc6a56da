import { Plus } from 'lucide-react';
import { Fragment } from 'react';
import { cn } from '#web/kit/cn.ts';
import { SlotCard } from './slot-card.tsx';
import { useBuilder } from './context.tsx';
import { armsOf, ROOT, type Lane, type Place, type Step } from './definition.ts';
import { StartCard, StepCard } from './step-card.tsx';
import { slotOf } from './walk.ts';

/** The same workflow as a list from top to bottom: for a narrow screen and a thumb. */
export function Outline() {
  const { definition } = useBuilder();
  return (
    <div className="mx-auto max-w-xl px-4 pt-4 pb-24">
      <div className="h-16">
        <StartCard />
      </div>
      <List steps={definition.steps} lane={ROOT} />
    </div>
  );
}

function List({ steps, lane }: { steps: readonly Step[]; lane: Lane }) {
  if (steps.length === 0)
    return (
      <>
        <Line />
        <SlotCard spotKey={slotOf(lane)} place={{ lane, index: 0 }} />
      </>
    );
  return (
    <>
      {steps.map((step, index) => (
        <Fragment key={step.id}>
          <Insert place={{ lane, index }} />
          <div className="h-16">
            <StepCard step={step} />
          </div>
          {armsOf(step).map((arm) => (
            <section key={arm.arm} aria-label={arm.title} className="mt-2 ml-3 border-l-2 pl-3">
              <h3 className="text-xs font-medium text-ink-3">{arm.title}</h3>
              <List steps={arm.steps} lane={{ parent: step.id, arm: arm.arm }} />
            </section>
          ))}
        </Fragment>
      ))}
      <Insert place={{ lane, index: steps.length }} />
    </>
  );
}

const Line = () => <span aria-hidden className="mx-auto block h-3 w-px bg-line-strong" />;

function Insert({ place }: { place: Place }) {
  const { ask, may } = useBuilder();
  return (
    <div className={cn('relative flex h-9 items-center justify-center', may ? '' : 'h-4')}>
      <span aria-hidden className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
      {may ? (
        <button
          type="button"
          aria-label={`Add a step here (${place.lane.arm} ${place.index})`}
          onClick={() => ask(place)}
          className="relative flex size-7 items-center justify-center rounded-full border bg-panel text-ink-2"
        >
          <Plus className="size-3.5" />
        </button>
      ) : null}
    </div>
  );
}
