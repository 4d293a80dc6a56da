import { armsOf, findStep, laneKey, ROOT, stepsIn, type Definition, type Lane, type Place } from './definition.ts';

/** What can have the focus: `:start`, a step's id, or the empty place of a lane (`slot:<lane>`). */
export type Spot = string;
export type Direction = 'up' | 'down' | 'left' | 'right';

/** No step has a colon in its id. */
export const START: Spot = ':start';
export const slotOf = (lane: Lane): Spot => `slot:${laneKey(lane)}`;

/** The lane whose empty place a spot is; null for a step or the start. */
export function laneOfSlot(spot: Spot): Lane | null {
  const found = /^slot:(.*):([a-z]+(?:\.\d+)?)$/.exec(spot);
  return found === null ? null : { parent: found[1] === '' ? null : (found[1] ?? null), arm: found[2] ?? 'steps' };
}

const first = (definition: Definition, lane: Lane): Spot => stepsIn(definition, lane)[0]?.id ?? slotOf(lane);
const last = (definition: Definition, lane: Lane): Spot => stepsIn(definition, lane).at(-1)?.id ?? slotOf(lane);

interface At {
  readonly lane: Lane;
  readonly index: number;
  readonly id: string | null;
}

function at(definition: Definition, spot: Spot): At | null {
  const lane = laneOfSlot(spot);
  if (lane !== null) return { lane, index: 0, id: null };
  const found = findStep(definition, spot);
  return found === null ? null : { lane: found.lane, index: found.index, id: spot };
}

/** Where an arrow leads: down into what is inside a step, then past it; sideways to the way beside. Null: nowhere. */
export function walk(definition: Definition, spot: Spot, direction: Direction): Spot | null {
  if (spot === START) return direction === 'down' ? first(definition, ROOT) : null;
  const here = at(definition, spot);
  if (here === null) return START;
  if (direction === 'down') {
    const step = here.id === null ? undefined : findStep(definition, here.id)?.step;
    const inside = step === undefined ? undefined : armsOf(step)[0];
    if (step !== undefined && inside !== undefined) return first(definition, { parent: step.id, arm: inside.arm });
    return after(definition, here);
  }
  if (direction === 'up') return before(definition, here);
  return beside(definition, here, direction === 'left' ? -1 : 1);
}

function after(definition: Definition, here: At): Spot | null {
  const next = stepsIn(definition, here.lane)[here.index + 1];
  if (next !== undefined) return next.id;
  const parent = here.lane.parent === null ? null : at(definition, here.lane.parent);
  return parent === null ? null : after(definition, parent);
}

function before(definition: Definition, here: At): Spot {
  const previous = stepsIn(definition, here.lane)[here.index - 1];
  if (previous === undefined) return here.lane.parent ?? START;
  let spot: Spot = previous.id;
  for (;;) {
    const step = findStep(definition, spot)?.step;
    const inside = step === undefined ? undefined : armsOf(step)[0];
    if (step === undefined || inside === undefined) return spot;
    spot = last(definition, { parent: step.id, arm: inside.arm });
  }
}

function beside(definition: Definition, here: At, by: -1 | 1): Spot | null {
  if (here.lane.parent === null) return null;
  const parent = findStep(definition, here.lane.parent);
  if (parent === null) return null;
  const arms = armsOf(parent.step);
  const next = arms[arms.findIndex((arm) => arm.arm === here.lane.arm) + by];
  if (next === undefined) return beside(definition, { lane: parent.lane, index: parent.index, id: parent.step.id }, by);
  const lane = { parent: parent.step.id, arm: next.arm };
  return next.steps[Math.min(here.index, next.steps.length - 1)]?.id ?? slotOf(lane);
}

/** Where a new step goes that is asked for at this spot: into the empty place, after the step, or at the beginning. */
export function placeAfter(definition: Definition, spot: Spot): Place {
  const here = spot === START ? null : at(definition, spot);
  if (here === null) return { lane: ROOT, index: 0 };
  return { lane: here.lane, index: here.id === null ? 0 : here.index + 1 };
}

/** Where the focus goes when this spot is taken away. */
export function spotWithout(definition: Definition, spot: Spot): Spot {
  const here = at(definition, spot);
  if (here === null) return START;
  const lane = stepsIn(definition, here.lane);
  return lane[here.index + 1]?.id ?? lane[here.index - 1]?.id ?? slotOf(here.lane);
}

/** The spot itself while it is there; else what stands in its place. */
export function spotStill(definition: Definition, spot: Spot): Spot {
  if (spot === START) return spot;
  const lane = laneOfSlot(spot);
  if (lane === null) return findStep(definition, spot) === null ? START : spot;
  if (lane.parent !== null && findStep(definition, lane.parent) === null) return START;
  return first(definition, lane);
}
