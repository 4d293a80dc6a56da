import { Play } from 'lucide-react';
import { cn } from '#web/kit/cn.ts';
import { countOf } from '#web/kit/format.ts';
import { stepDetail, triggerWords } from '../step-words.ts';
import { useBuilder } from './context.tsx';
import type { Definition, Step } from './definition.ts';
import { icon } from './icons.tsx';
import { START } from './walk.ts';
import type { Vocabulary } from './words.ts';

const card =
  'flex w-full cursor-pointer items-center gap-3 rounded-xl border bg-panel px-3 text-left shadow-raise transition-[border-color,box-shadow] outline-none hover:border-line-strong';

/** One step: what it is, and in a line what it does. */
export function StepCard({ step, className }: { step: Step; className?: string }) {
  const { faults, spot, panel, formOf, focus, typeOf, live } = useBuilder();
  const open = panel === 'step' && formOf === step.id;
  const mine = faults.filter((fault) => fault.step_id === step.id);
  const fault = mine.find((one) => one.weight === 'fault');
  const worst = fault !== undefined ? 'fault' : mine.length > 0 ? 'warning' : null;
  const type = typeOf(step);
  // A fault must be seen; a warning colours the edge and stands in the form, so that the card still says what the step does.
  const says = fault?.message ?? stepDetail(step) ?? type?.title ?? step.type;
  const here = live.get(step.id) ?? 0;
  return (
    <button
      type="button"
      tabIndex={spot === step.id ? 0 : -1}
      data-spot={step.id}
      aria-pressed={open}
      onClick={() => focus(step.id, 'step')}
      onFocus={() => focus(step.id)}
      className={cn(
        card,
        'h-full focus-visible:border-accent focus-visible:shadow-[0_0_0_3px_var(--accent-soft)]',
        worst === 'fault' && 'border-bad-dot',
        worst === 'warning' && 'border-warn-dot',
        open && 'border-accent shadow-[0_0_0_3px_var(--accent-soft)]',
        className,
      )}
    >
      <Badge tone={toneOf(type?.category)}>{icon(type?.icon)}</Badge>
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm leading-5 font-medium">{step.title}</span>
        <span className={cn('block truncate text-xs text-ink-3', worst === 'fault' && 'text-bad')}>{says}</span>
      </span>
      {here === 0 ? null : (
        <span className="num shrink-0 rounded-full bg-accent-soft px-2 text-2xs leading-5 font-medium text-accent-ink">
          {countOf(here, 'run')}
        </span>
      )}
    </button>
  );
}

/** What starts a run: the top of every workflow. */
export function StartCard({ className }: { className?: string }) {
  const { definition, vocabulary, faults, spot, panel, focus } = useBuilder();
  const mine = faults.filter((fault) => fault.step_id === null && fault.path.startsWith('triggers'));
  const says = mine[0]?.message ?? startWords(definition, vocabulary);
  return (
    <button
      type="button"
      tabIndex={spot === START ? 0 : -1}
      data-spot={START}
      aria-pressed={panel === 'triggers'}
      onClick={() => focus(START, 'triggers')}
      onFocus={() => focus(START)}
      className={cn(
        card,
        'h-full focus-visible:border-accent focus-visible:shadow-[0_0_0_3px_var(--accent-soft)]',
        mine.length > 0 && 'border-bad-dot',
        panel === 'triggers' && 'border-accent shadow-[0_0_0_3px_var(--accent-soft)]',
        className,
      )}
    >
      <Badge tone="accent">
        <Play />
      </Badge>
      <span className="min-w-0 flex-1">
        <span className="block text-sm leading-5 font-medium">Starts when</span>
        <span className={cn('block truncate text-xs text-ink-3', mine.length > 0 && 'text-bad')}>{says}</span>
      </span>
    </button>
  );
}

function startWords(definition: Definition, vocabulary: Vocabulary): string {
  if (definition.triggers.length === 0) return 'nothing yet: say what starts it';
  return definition.triggers
    .map((trigger) => {
      const title = vocabulary.events.find((event) => event.name === trigger['event'])?.title;
      return title === undefined ? triggerWords(trigger) : title.charAt(0).toLowerCase() + title.slice(1);
    })
    .join(', or ');
}

type BadgeTone = 'accent' | 'neutral' | 'warn' | 'ok';

function toneOf(category: string | undefined): BadgeTone {
  if (category === 'messages' || category === 'writing') return 'accent';
  if (category === 'people') return 'warn';
  return category === 'data' ? 'ok' : 'neutral';
}

const tones: Record<BadgeTone, string> = {
  accent: 'bg-accent-soft text-accent-ink',
  neutral: 'bg-sunken text-ink-2',
  warn: 'bg-warn-soft text-warn',
  ok: 'bg-ok-soft text-ok',
};

function Badge({ tone, children }: { tone: BadgeTone; children: React.ReactNode }) {
  return (
    <span aria-hidden className={cn('flex size-9 shrink-0 items-center justify-center rounded-lg [&_svg]:size-[18px]', tones[tone])}>
      {children}
    </span>
  );
}
