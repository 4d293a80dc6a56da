import { useEffect, useRef, type KeyboardEvent } from 'react';
import { toast } from '#web/kit/toast.ts';
import { countOf } from '#web/kit/format.ts';
import type { Builder } from './context.tsx';
import { copySteps, findStep, insertSteps, type Place, type Step } from './definition.ts';
import { fromClipboard, toClipboard } from './parse.ts';
import { placeAfter, START, walk, laneOfSlot, type Direction, type Spot } from './walk.ts';

const ARROWS: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

const FRAMES = 30;

/** Puts the keyboard's focus on a step as soon as it is drawn. `gently`: only while nothing else has it. */
export function focusSpot(spot: Spot, gently = false): void {
  let frames = gently ? FRAMES * 10 : FRAMES;
  const look = () => {
    if (gently && document.activeElement !== null && document.activeElement !== document.body) return;
    const found = document.querySelector<HTMLElement>(`[data-spot="${CSS.escape(spot)}"]`);
    // The canvas brings it into sight by itself; a list scrolls.
    if (found !== null) found.focus({ preventScroll: document.querySelector('.react-flow') !== null });
    else if ((frames -= 1) > 0) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Into the form beside the drawing: its first field. A sheet does that by itself. */
function focusForm(): void {
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('[data-builder-form] :is(input,select,textarea):not([disabled],[type=hidden])')?.focus(),
  );
}

/** Keys on a step: arrows, `a`, Enter, Delete. Undo, copy and paste work on the whole page. */
export function keysOn(builder: Builder) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset['spot'] === undefined) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { definition, spot, may } = builder;
    const direction = ARROWS[event.key];
    if (direction !== undefined) {
      event.preventDefault();
      const next = walk(definition, spot, direction);
      if (next === null) return;
      // An open form follows the arrows.
      const follows = builder.panel === 'step' || builder.panel === 'triggers';
      builder.focus(next, !follows || laneOfSlot(next) !== null ? undefined : next === START ? 'triggers' : 'step');
      focusSpot(next);
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const lane = laneOfSlot(spot);
      if (lane !== null && may) builder.ask({ lane, index: 0 });
      else if (lane === null) {
        builder.focus(spot, spot === START ? 'triggers' : 'step');
        focusForm();
      }
      return;
    }
    if (event.key === 'a' && may) {
      event.preventDefault();
      builder.ask(placeAfter(definition, spot));
    }
    if ((event.key === 'Delete' || event.key === 'Backspace') && may && findStep(definition, spot) !== null) {
      event.preventDefault();
      builder.remove(spot);
    }
  };
}

const editing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Steps go through the clipboard as JSON, so that they get from one workflow, or one Steward, to another. */
export function useClipboard(builder: Builder): void {
  const latest = useRef(builder);
  useEffect(() => {
    latest.current = builder;
  });
  useEffect(() => {
    const mine = (event: ClipboardEvent): boolean =>
      !editing(event.target) && document.querySelector('[role=dialog]') === null && String(document.getSelection() ?? '') === '';
    const take = (event: ClipboardEvent, cut: boolean) => {
      const { definition, spot, remove, may } = latest.current;
      const found = findStep(definition, spot);
      if (!mine(event) || found === null) return;
      event.clipboardData?.setData('text/plain', toClipboard([found.step]));
      event.preventDefault();
      if (cut && may) remove(spot);
      else toast.success('Step copied. Paste it here or in another workflow.');
    };
    const copy = (event: ClipboardEvent) => take(event, false);
    const cut = (event: ClipboardEvent) => take(event, true);
    const paste = (event: ClipboardEvent) => {
      const { definition, spot, may } = latest.current;
      if (!mine(event) || !may) return;
      const steps = fromClipboard(event.clipboardData?.getData('text/plain') ?? '');
      if (steps === null) return;
      event.preventDefault();
      putIn(latest.current, placeAfter(definition, spot), steps);
    };
    document.addEventListener('copy', copy);
    document.addEventListener('cut', cut);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', cut);
      document.removeEventListener('paste', paste);
    };
  }, []);
}

/** Copies of these steps, at this place; the first of them gets the focus. */
export function putIn(builder: Builder, place: Place, steps: readonly Step[]): void {
  const copies = copySteps(steps, builder.definition);
  const [first] = copies;
  if (first === undefined) return;
  builder.change(insertSteps(builder.definition, place, copies));
  builder.focus(first.id);
  focusSpot(first.id);
  toast.success(`${countOf(copies.length, 'step')} put in.`);
}
