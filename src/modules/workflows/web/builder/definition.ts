/** One step as the builder holds it: a node of the definition's tree. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Of a branch. */
  readonly then?: readonly Step[];
  /** Of a branch or a switch. */
  readonly otherwise?: readonly Step[];
  /** Of a switch. */
  readonly cases?: readonly Case[];
  /** Of a loop: once for each entry. */
  readonly body?: readonly Step[];
  /** Of parallel ways. */
  readonly branches?: readonly { readonly title: string; readonly steps: readonly Step[] }[];
}

/** One way of a switch: its value is one of `is`, or the condition `when` holds. */
export interface Case {
  readonly title: string;
  readonly is?: readonly unknown[];
  readonly when?: unknown;
  readonly steps: readonly Step[];
}

/** A definition in the names of the API; what it holds below that is data and keeps its names. */
export interface Definition {
  readonly name: string;
  readonly title: string;
  readonly subject: string;
  readonly triggers: readonly Readonly<Record<string, unknown>>[];
  readonly stop_on: readonly unknown[];
  readonly reentry?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

/** A list of steps: the workflow's own, or one inside a step. `arm` is `steps`, `then`, `otherwise`, `body`, `cases.0` or `branches.1`. */
export interface Lane {
  readonly parent: string | null;
  readonly arm: string;
}
export interface Place {
  readonly lane: Lane;
  /** Before which step it stands; the length of the lane is its end. */
  readonly index: number;
}
export interface Arm {
  readonly arm: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

export const ROOT: Lane = { parent: null, arm: 'steps' };
export const laneKey = (lane: Lane): string => `${lane.parent ?? ''}:${lane.arm}`;

/** The lists of steps inside a step, in the order they are drawn. */
export function armsOf(step: Step): Arm[] {
  if (step.type === 'branch')
    return [
      { arm: 'then', title: 'If so', steps: step.then ?? [] },
      { arm: 'otherwise', title: 'Otherwise', steps: step.otherwise ?? [] },
    ];
  if (step.type === 'switch')
    return [
      ...(step.cases ?? []).map((one, i) => ({ arm: `cases.${i}`, title: one.title, steps: one.steps })),
      { arm: 'otherwise', title: 'Otherwise', steps: step.otherwise ?? [] },
    ];
  if (step.type === 'loop' || step.body !== undefined) return [{ arm: 'body', title: 'For each', steps: step.body ?? [] }];
  return (step.branches ?? []).map((branch, i) => ({ arm: `branches.${i}`, title: branch.title, steps: branch.steps }));
}

/** Every step, in the order they are drawn. */
export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...armsOf(step).flatMap((arm) => allSteps(arm.steps))]);
}

export interface Found extends Place {
  readonly step: Step;
}

export function findStep(definition: Definition, id: string): Found | null {
  const look = (steps: readonly Step[], lane: Lane): Found | null => {
    for (const [index, step] of steps.entries()) {
      if (step.id === id) return { step, lane, index };
      for (const { arm, steps: inside } of armsOf(step)) {
        const found = look(inside, { parent: step.id, arm });
        if (found !== null) return found;
      }
    }
    return null;
  };
  return look(definition.steps, ROOT);
}

export function stepsIn(definition: Definition, lane: Lane): readonly Step[] {
  if (lane.parent === null) return definition.steps;
  const parent = findStep(definition, lane.parent)?.step;
  return (parent === undefined ? undefined : armsOf(parent).find((arm) => arm.arm === lane.arm)?.steps) ?? [];
}

function withArm(step: Step, arm: string, change: (steps: readonly Step[]) => readonly Step[]): Step {
  if (arm === 'then') return { ...step, then: change(step.then ?? []) };
  if (arm === 'otherwise') return { ...step, otherwise: change(step.otherwise ?? []) };
  if (arm === 'body') return { ...step, body: change(step.body ?? []) };
  const index = Number(arm.split('.')[1]);
  if (arm.startsWith('cases.'))
    return { ...step, cases: (step.cases ?? []).map((one, i) => (i === index ? { ...one, steps: change(one.steps) } : one)) };
  return {
    ...step,
    branches: (step.branches ?? []).map((branch, i) => (i === index ? { ...branch, steps: change(branch.steps) } : branch)),
  };
}

/** Each step as `change` has it, from the inside out; null takes it away. */
function mapSteps(steps: readonly Step[], change: (step: Step) => Step | null): readonly Step[] {
  return steps.flatMap((step) => {
    const inside = armsOf(step).reduce((whole, { arm }) => withArm(whole, arm, (list) => mapSteps(list, change)), step);
    return change(inside) ?? [];
  });
}

export function replaceStep(definition: Definition, id: string, change: (step: Step) => Step): Definition {
  return { ...definition, steps: mapSteps(definition.steps, (step) => (step.id === id ? change(step) : step)) };
}

export function removeStep(definition: Definition, id: string): Definition {
  return { ...definition, steps: mapSteps(definition.steps, (step) => (step.id === id ? null : step)) };
}

export function insertSteps(definition: Definition, { lane, index }: Place, steps: readonly Step[]): Definition {
  const put = (list: readonly Step[]) => [...list.slice(0, index), ...steps, ...list.slice(index)];
  if (lane.parent === null) return { ...definition, steps: put(definition.steps) };
  return replaceStep(definition, lane.parent, (step) => withArm(step, lane.arm, put));
}

/** To another place; the same definition when it is there already or the place lies inside the step itself. */
export function moveStep(definition: Definition, id: string, place: Place): Definition {
  const found = findStep(definition, id);
  if (found === null) return definition;
  if (place.lane.parent !== null && allSteps([found.step]).some((step) => step.id === place.lane.parent)) return definition;
  const same = laneKey(found.lane) === laneKey(place.lane);
  if (same && (place.index === found.index || place.index === found.index + 1)) return definition;
  const index = same && place.index > found.index ? place.index - 1 : place.index;
  return insertSteps(removeStep(definition, id), { lane: place.lane, index }, [found.step]);
}

/** `Refund window` → `refund_window`, or `refund_window_2` where that is taken. */
export function freshId(title: string, taken: ReadonlySet<string>): string {
  const base =
    title
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 60) || 'step';
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}_${n}`)) n += 1;
  return `${base}_${n}`;
}

/** Copies with ids of their own; where one copy speaks of another's output, it still does. */
export function copySteps(steps: readonly Step[], definition: Definition): Step[] {
  const taken = new Set(allSteps(definition.steps).map((step) => step.id));
  const renamed = new Map<string, string>();
  for (const step of allSteps(steps)) {
    const id = taken.has(step.id) ? freshId(step.id.replace(/_\d+$/, ''), taken) : step.id;
    taken.add(id);
    if (id !== step.id) renamed.set(step.id, id);
  }
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') {
      // A message names the step that writes by its id alone.
      return renamed.get(value) ?? value.replaceAll(/\bsteps\.([a-z0-9_-]+)/g, (_path, id: string) => `steps.${renamed.get(id) ?? id}`);
    }
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === 'title' ? one : rename(one)]));
  };
  return [
    ...mapSteps(steps, (step) => {
      // An object of values stays one.
      const input = rename(step.input) as Record<string, unknown>;
      const cases = step.cases?.map((one) => (one.when === undefined ? one : { ...one, when: rename(one.when) }));
      return {
        ...step,
        id: renamed.get(step.id) ?? step.id,
        input,
        ...(cases === undefined ? {} : { cases }),
      };
    }),
  ];
}

/** Steps whose outputs are there when this one runs: all that stand before it on its way, and what lies inside those. */
export function stepsBefore(definition: Definition, id: string): Step[] {
  const found = findStep(definition, id);
  if (found === null) return [];
  const earlier = allSteps(stepsIn(definition, found.lane).slice(0, found.index));
  if (found.lane.parent === null) return earlier;
  const parent = findStep(definition, found.lane.parent)?.step;
  return [...stepsBefore(definition, found.lane.parent), ...(parent === undefined ? [] : [parent]), ...earlier];
}

/** No run gets past it: an `end`, or a branch or switch each of whose ways ends. */
export function endsHere(step: Step): boolean {
  if (step.type === 'end') return true;
  return (step.type === 'branch' || step.type === 'switch') && armsOf(step).every((arm) => arm.steps.some(endsHere));
}
