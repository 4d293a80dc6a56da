import fc from '#testing/property.ts';
import { describe, expect, test } from 'vitest';
import {
  allSteps,
  copySteps,
  findStep,
  insertSteps,
  laneKey,
  moveStep,
  removeStep,
  replaceStep,
  ROOT,
  stepsBefore,
  stepsIn,
  type Definition,
  type Place,
  type Step,
} from './definition.ts';
import { beginning, history } from './history.ts';
import { layout, nearestPlace, pathOf } from './layout.ts';
import { fromClipboard, readDefinition, toClipboard } from './parse.ts';
import { placeAfter, slotOf, spotStill, spotWithout, START, walk } from './walk.ts';

const step = (id: string, more: Partial<Step> = {}): Step => ({ id, title: id, type: 'wait', input: {}, ...more });
const whole = (...steps: Step[]): Definition => ({
  name: 'w',
  title: 'W',
  subject: 'lead',
  triggers: [],
  stop_on: [],
  settings: {},
  steps,
});

const tree = whole(
  step('a'),
  step('b', { type: 'branch', then: [step('b1'), step('b2')], otherwise: [] }),
  step('l', { type: 'loop', body: [step('l1')] }),
  step('p', {
    type: 'parallel',
    branches: [
      { title: 'One', steps: [step('p1')] },
      { title: 'Two', steps: [step('p2')] },
    ],
  }),
  step('z', { type: 'end' }),
);

/** Any tree of at most a few dozen steps, ids unique. */
const definitions = fc
  .letrec<{ step: Step; steps: Step[] }>((tie) => ({
    step: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('wait', 'message', 'end').map((type) => step('', { type })),
      fc.record({ then: tie('steps'), otherwise: tie('steps') }).map((arms) => step('', { type: 'branch', ...arms })),
      fc
        .tuple(fc.array(tie('steps'), { minLength: 1, maxLength: 3 }), tie('steps'))
        .map(([ways, otherwise]) =>
          step('', { type: 'switch', cases: ways.map((steps, i) => ({ title: `Case ${i + 1}`, is: [i], steps })), otherwise }),
        ),
      tie('steps').map((body) => step('', { type: 'loop', body })),
      fc
        .array(tie('steps'), { minLength: 2, maxLength: 3 })
        .map((ways) => step('', { type: 'parallel', branches: ways.map((steps, i) => ({ title: `Way ${i + 1}`, steps })) })),
    ),
    steps: fc.array(tie('step'), { maxLength: 4, depthIdentifier: 'steps' }),
  }))
  .steps.map((steps) => whole(...numbered(steps)));

/** Ids in the order of the tree. */
function numbered(steps: readonly Step[], next = { n: 0 }): Step[] {
  return steps.map((one) => {
    next.n += 1;
    const id = `s${next.n}`;
    return {
      ...one,
      id,
      ...(one.then === undefined ? {} : { then: numbered(one.then, next) }),
      ...(one.otherwise === undefined ? {} : { otherwise: numbered(one.otherwise, next) }),
      ...(one.body === undefined ? {} : { body: numbered(one.body, next) }),
      ...(one.cases === undefined ? {} : { cases: one.cases.map((way) => ({ ...way, steps: numbered(way.steps, next) })) }),
      ...(one.branches === undefined ? {} : { branches: one.branches.map((way) => ({ ...way, steps: numbered(way.steps, next) })) }),
    };
  });
}

const places = (definition: Definition): Place[] => [
  ...layout(definition).lines.flatMap((line) => line.insert ?? []),
  ...layout(definition).items.flatMap((item) => item.place ?? []),
];

describe('a definition in the builder', () => {
  test('takes steps in, moves and drops them, at any depth', () => {
    const put = insertSteps(tree, { lane: { parent: 'b', arm: 'otherwise' }, index: 0 }, [step('n')]);
    expect(findStep(put, 'n')).toMatchObject({ lane: { parent: 'b', arm: 'otherwise' }, index: 0 });
    const moved = moveStep(put, 'n', { lane: { parent: 'p', arm: 'branches.1' }, index: 1 });
    expect(stepsIn(moved, { parent: 'p', arm: 'branches.1' }).map((one) => one.id)).toEqual(['p2', 'n']);
    expect(removeStep(moved, 'n')).toEqual(tree);
    expect(moveStep(tree, 'a', { lane: ROOT, index: 2 }).steps.map((one) => one.id)).toEqual(['b', 'a', 'l', 'p', 'z']);
  });

  test('a step never moves into itself', () => {
    expect(moveStep(tree, 'b', { lane: { parent: 'b', arm: 'then' }, index: 0 })).toBe(tree);
    fc.assert(
      fc.property(definitions, fc.nat(), fc.nat(), (definition, which, where) => {
        const ids = allSteps(definition.steps).map((one) => one.id);
        const spots = places(definition);
        fc.pre(ids.length > 0 && spots.length > 0);
        const moved = moveStep(definition, ids[which % ids.length] ?? '', spots[where % spots.length] ?? { lane: ROOT, index: 0 });
        expect(
          allSteps(moved.steps)
            .map((one) => one.id)
            .toSorted(),
        ).toEqual(ids.toSorted());
      }),
    );
  });

  test('copies have ids of their own and speak of each other, not of the originals', () => {
    const sends = step('send', { type: 'message', input: { subject: 'Re: {{ steps.write.subject }}', from: 'write' } });
    const asks = step('ask', { type: 'branch', input: { condition: { field: 'steps.send.state', is: 'sent' } }, then: [], otherwise: [] });
    const from = whole(step('write'), sends, asks);
    const copies = copySteps(from.steps, from);
    expect(copies.map((one) => one.id)).toEqual(['write_2', 'send_2', 'ask_2']);
    expect(copies[1]?.input).toEqual({ subject: 'Re: {{ steps.write_2.subject }}', from: 'write_2' });
    expect(copies[2]?.input).toEqual({ condition: { field: 'steps.send_2.state', is: 'sent' } });
    expect(copySteps([sends], from)[0]?.input['from']).toBe('write');
  });

  test('go through the clipboard as JSON; other text is none of ours', () => {
    expect(fromClipboard(toClipboard([...tree.steps]))).toEqual(tree.steps);
    expect(fromClipboard(JSON.stringify(tree))).toEqual(tree.steps);
    expect(fromClipboard('hello')).toBeNull();
    expect(fromClipboard('{"a":1}')).toBeNull();
    expect(readDefinition(JSON.parse(JSON.stringify(tree)))).toEqual(tree);
  });

  test('a step knows whose outputs it may use', () => {
    expect(stepsBefore(tree, 'b2').map((one) => one.id)).toEqual(['a', 'b', 'b1']);
    expect(stepsBefore(tree, 'l').map((one) => one.id)).toEqual(['a', 'b', 'b1', 'b2']);
    expect(stepsBefore(tree, 'p2').map((one) => one.id)).not.toContain('p1');
  });
});

describe('undo', () => {
  test('takes back step by step, and forward again; what is typed into one field is one step', () => {
    const title = (text: string) => ({ kind: 'set', definition: { ...tree, title: text }, merge: 'title' }) as const;
    let state = beginning(tree);
    state = history(history(history(state, title('N')), title('Ne')), title('New'));
    state = history(state, { kind: 'set', definition: removeStep(state.present, 'a') });
    state = history(state, { kind: 'undo' });
    expect(state.present.title).toBe('New');
    state = history(state, { kind: 'undo' });
    expect(state.present).toBe(tree);
    state = history(history(state, { kind: 'redo' }), { kind: 'redo' });
    expect(findStep(state.present, 'a')).toBeNull();
    expect(history(state, { kind: 'redo' })).toBe(state);
  });

  test('however much is changed, undoing all of it gives the beginning', () => {
    fc.assert(
      fc.property(definitions, fc.array(fc.nat(), { maxLength: 30 }), (definition, picks) => {
        let state = beginning(definition);
        for (const pick of picks) {
          const ids = allSteps(state.present.steps).map((one) => one.id);
          const next =
            pick % 3 === 0 || ids.length === 0
              ? insertSteps(state.present, { lane: ROOT, index: 0 }, copySteps([step('new')], state.present))
              : pick % 3 === 1
                ? removeStep(state.present, ids[pick % ids.length] ?? '')
                : replaceStep(state.present, ids[pick % ids.length] ?? '', (one) => ({ ...one, title: `t${pick}` }));
          state = history(state, { kind: 'set', definition: next });
        }
        const done = state.present;
        for (const _ of picks) state = history(state, { kind: 'undo' });
        expect(state.present).toEqual(definition);
        for (const _ of picks) state = history(state, { kind: 'redo' });
        expect(state.present).toEqual(done);
      }),
    );
  });
});

describe('the drawing', () => {
  test('shows each step once, and no two boxes touch', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const { items, width, height } = layout(definition);
        const drawn = items.filter((item) => item.kind === 'step').map((item) => item.key);
        expect(drawn.toSorted()).toEqual(
          allSteps(definition.steps)
            .map((one) => one.id)
            .toSorted(),
        );
        const boxes = items.filter((item) => item.kind !== 'frame');
        const faults: string[] = [];
        for (const [i, a] of boxes.entries()) {
          if (a.x < 0 || a.x + a.width > width + 0.01 || a.y + a.height > height + 0.01) faults.push(`${a.key} is outside`);
          for (const b of boxes.slice(i + 1))
            if (a.x + a.width > b.x && b.x + b.width > a.x && a.y + a.height > b.y && b.y + b.height > a.y)
              faults.push(`${a.key} lies on ${b.key}`);
        }
        expect(faults).toEqual([]);
      }),
    );
  });

  test('a step may be called as the drawing calls its own parts', () => {
    const keys = layout(whole(step('start'), step('end'))).items.map((item) => item.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('lines lead downwards, and each place for a step is offered once', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const { lines } = layout(definition);
        for (const one of lines) {
          expect(one.to.y).toBeGreaterThan(one.from.y);
          expect(pathOf(one)).not.toContain('NaN');
        }
        const offered = places(definition).map(({ lane, index }) => `${laneKey(lane)} ${index}`);
        expect(new Set(offered).size).toBe(offered.length);
      }),
    );
  });

  test('a step dropped near a line goes there; far from all, nowhere', () => {
    const { items } = layout(tree);
    const slot = items.find((item) => item.kind === 'slot');
    expect(nearestPlace(layout(tree), { x: (slot?.x ?? 0) + 100, y: slot?.y ?? 0 })).toEqual({
      lane: { parent: 'b', arm: 'otherwise' },
      index: 0,
    });
    expect(nearestPlace(layout(tree), { x: -5_000, y: 0 })).toBeNull();
  });
});

describe('the arrow keys', () => {
  test('walk the tree', () => {
    const path = ['a', 'b', 'b1', 'b2', 'l', 'l1', 'p', 'p1', 'z'];
    let spot: string | null = START;
    for (const id of path) {
      spot = walk(tree, spot ?? '', 'down');
      expect(spot).toBe(id);
    }
    expect(walk(tree, 'z', 'down')).toBeNull();
    expect(walk(tree, 'b2', 'right')).toBe(slotOf({ parent: 'b', arm: 'otherwise' }));
    expect(walk(tree, slotOf({ parent: 'b', arm: 'otherwise' }), 'left')).toBe('b1');
    expect(walk(tree, 'p1', 'right')).toBe('p2');
    expect(walk(tree, 'z', 'up')).toBe('p1');
    expect(walk(tree, 'a', 'up')).toBe(START);
  });

  test('from the start, down alone gets past everything; up alone gets home', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        let spot = START;
        const seen = new Set<string>();
        for (let next = walk(definition, spot, 'down'); next !== null; next = walk(definition, spot, 'down')) {
          expect(seen.has(next)).toBe(false);
          seen.add(next);
          spot = next;
        }
        for (let n = 0; spot !== START; n++) {
          expect(n).toBeLessThan(500);
          spot = walk(definition, spot, 'up') ?? START;
        }
      }),
    );
  });

  test('a new step goes after the one that has the focus, or into the empty place', () => {
    expect(placeAfter(tree, 'b1')).toEqual({ lane: { parent: 'b', arm: 'then' }, index: 1 });
    expect(placeAfter(tree, slotOf({ parent: 'b', arm: 'otherwise' }))).toEqual({ lane: { parent: 'b', arm: 'otherwise' }, index: 0 });
    expect(placeAfter(tree, START)).toEqual({ lane: ROOT, index: 0 });
    expect(spotWithout(tree, 'b1')).toBe('b2');
    expect(spotWithout(tree, 'l1')).toBe(slotOf({ parent: 'l', arm: 'body' }));
    expect(spotStill(tree, slotOf({ parent: 'b', arm: 'then' }))).toBe('b1');
    expect(spotStill(removeStep(tree, 'b'), 'b1')).toBe(START);
  });
});
