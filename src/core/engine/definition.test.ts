import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { workflow, type WorkflowBuilder } from './builder.ts';
import { holds } from './conditions.ts';
import { compile, digestOf, type Vocabulary } from './definition.ts';
import { coreSteps } from './steps/core.ts';
import { companySubject } from './company.ts';
import { batchStep, type StepNode, type SubjectType, type WorkflowDefinition } from './types.ts';

const greet = batchStep({
  type: 'greet',
  title: 'Greet',
  input: z.strictObject({ name: z.string(), times: z.int().default(1) }),
  run: () => Promise.resolve([]),
});
const idle = batchStep({ type: 'idle', title: 'Idle', input: z.strictObject({}), run: () => Promise.resolve([]) });
const lead: SubjectType = {
  type: 'lead',
  load: () => Promise.resolve(new Map()),
  update: () => Promise.resolve(),
  updates: z.strictObject({ status: z.enum(['new', 'contacted']) }).partial(),
};
const subjects = new Map([companySubject, lead].map((subject) => [subject.type, subject]));
const vocabulary: Vocabulary = { subjects, steps: new Map([...coreSteps(subjects), greet, idle].map((step) => [step.type, step])) };
const manual = { title: 'T', subject: 'lead', triggers: [{ on: 'manual' }] } as const;

function faultsOf(definition: WorkflowDefinition): string[] {
  try {
    compile(definition, vocabulary);
    return [];
  } catch (error) {
    return error instanceof Error && 'fields' in error && Array.isArray(error.fields)
      ? error.fields.map((fault: { path: string }) => fault.path)
      : [String(error)];
  }
}

describe('the builder', () => {
  test('types the input of a step by its schema', () => {
    workflow('typed', manual, (w) => {
      expectTypeOf(w).toEqualTypeOf<WorkflowBuilder>();
      expectTypeOf(w.step<typeof greet>)
        .parameter(2)
        .toEqualTypeOf<{ name: string; times?: number | undefined }>();
      // @ts-expect-error name is missing
      expect(() => w.step('No name', greet, { times: 2 })).toThrow('does not fit');
      // @ts-expect-error a number is no name
      expect(() => w.step('Bad name', greet, { name: 3 })).toThrow('does not fit');
      // @ts-expect-error greet needs an input
      expect(() => w.act('No input', greet)).toThrow('does not fit');
      expectTypeOf(w.act('Idle', idle)).toEqualTypeOf<StepNode>();
      return [w.act('Idle', idle)];
    });
  });

  test('writes plain JSON, without what the schema would fill in', () => {
    const made = workflow('plain', manual, (w) => [
      w.step('Say hello', greet, { name: 'Ann' }),
      w.wait('Three days', { days: 3 }, { id: 'gap' }),
      w.end(),
    ]);
    expect(made.steps).toEqual([
      { id: 'say_hello', title: 'Say hello', type: 'greet', input: { name: 'Ann' } },
      { id: 'gap', title: 'Three days', type: 'wait', input: { for: { days: 3 } } },
      { id: 'end', title: 'End', type: 'end', input: { outcome: 'done' } },
    ]);
    expect(digestOf(JSON.parse(JSON.stringify(made)))).toBe(digestOf(made));
  });
});

describe('a definition', () => {
  const step = (id: string, type: string, input = {}): StepNode => ({ id, title: id, type, input });
  const of = (steps: StepNode[], more: Partial<WorkflowDefinition> = {}): WorkflowDefinition => ({
    name: 'd',
    stopOn: [],
    settings: {},
    ...manual,
    steps,
    ...more,
  });

  test('leads the cursor through branches to the end', () => {
    const made = workflow('cursor', manual, (w) => [
      w.branch(
        'A?',
        { field: 'lead.status', is: 'new' },
        [w.act('One', idle), w.branch('B?', { field: 'x', exists: true }, [w.act('Two', idle)])],
        [],
      ),
      w.act('Last', idle),
    ]);
    const { steps, first } = compile(made, vocabulary);
    expect(first).toBe('a');
    expect(Object.fromEntries(steps.get('a')?.arms ?? [])).toEqual({ then: 'one', otherwise: 'last' });
    expect(Object.fromEntries(steps.get('b')?.arms ?? [])).toEqual({ then: 'two', otherwise: 'last' });
    expect(steps.get('two')?.next).toBe('last');
    expect(steps.get('last')?.next).toBeNull();
  });

  test('leads the cursor into the first case of a switch that fits, and out of it', () => {
    const made = workflow('ways', manual, (w) => [
      w.switch('Which?', 'lead.status', {
        New: { is: ['new'], steps: [w.act('One', idle)] },
        Hot: { when: { field: 'lead.score', above: 5 }, steps: [] },
      }),
      w.act('Last', idle),
    ]);
    const { steps } = compile(made, vocabulary);
    expect(Object.fromEntries(steps.get('which')?.arms ?? [])).toEqual({ New: 'one', Hot: 'last', otherwise: 'last' });
    expect(steps.get('one')?.next).toBe('last');
    expect(compile(JSON.parse(JSON.stringify(made)), vocabulary).steps.size).toBe(3);
  });

  test('with a switch is refused where its cases can’t be told apart, or lead nowhere', () => {
    const ways = (cases: StepNode['cases'], input = {}, otherwise: StepNode[] = []): WorkflowDefinition =>
      of([{ ...step('a', 'switch', input), cases: cases ?? [], otherwise }, step('z', 'idle')]);
    const is = { is: ['x'], steps: [] };
    expect(faultsOf(ways([]))).toEqual(['steps.0.cases']);
    expect(faultsOf(ways([{ title: 'A', ...is }]))).toEqual(['steps.0.input.field']);
    expect(faultsOf(ways([{ title: 'A', steps: [] }]))).toEqual(['steps.0.cases.0']);
    expect(
      faultsOf(
        ways(
          [
            { title: 'A', ...is },
            { title: 'A', ...is },
            { title: 'Otherwise', ...is },
          ],
          { field: 'x' },
        ),
      ),
    ).toEqual(['steps.0.cases.1.title', 'steps.0.cases.2.title']);
    const ended = ways([{ title: 'A', is: ['x'], steps: [step('b', 'end')] }], { field: 'x' }, [step('c', 'end')]);
    expect(faultsOf(ended)).toEqual(['steps.1']);
    expect(faultsOf(of([{ ...step('a', 'idle'), cases: [] }]))).toEqual(['steps.0']);
  });

  test('is refused with the place of every fault', () => {
    expect(faultsOf(of([step('a', 'nothing')]))).toEqual(['steps.0.type']);
    expect(faultsOf(of([step('a', 'greet', { name: 3 })]))).toEqual(['steps.0.input.name']);
    expect(faultsOf(of([step('a', 'idle'), step('a', 'idle')]))).toEqual(['steps.1.id']);
    expect(faultsOf(of([step('a', 'end'), step('b', 'idle')]))).toEqual(['steps.1']);
    expect(
      faultsOf(
        of([
          { ...step('a', 'branch', { condition: { field: 'x', is: 1 } }), then: [step('b', 'end')], otherwise: [step('c', 'end')] },
          step('d', 'idle'),
        ]),
      ),
    ).toEqual(['steps.1']);
    expect(faultsOf(of([{ ...step('a', 'idle'), then: [step('b', 'idle')] }]))).toEqual(['steps.0']);
    expect(faultsOf(of([step('a', 'idle')], { subject: 'ghost' }))).toEqual(['subject']);
    expect(faultsOf(of([step('a', 'update', { set: { status: 'gone' } })]))).toEqual(['steps.0.input.set.status']);
    expect(faultsOf(of([step('a', 'update', { set: {} })], { subject: 'company' }))).toEqual(['steps.0']);
    expect(faultsOf(of([{ ...step('a', 'branch', { condition: { field: 'x' } }), then: [] }]))).toHaveLength(1);
    expect(faultsOf(of([step('a', 'update', { set: { status: 'contacted' } })]))).toEqual([]);
  });

  test('of a lead has no schedule and no webhook: those are about the company', () => {
    expect(faultsOf(of([step('a', 'idle')], { triggers: [{ on: 'webhook', key: 'in' }] }))).toEqual(['triggers.0']);
    expect(faultsOf(of([step('a', 'idle')], { triggers: [{ on: 'webhook', key: 'in' }], subject: 'company' }))).toEqual([]);
  });
});

describe('a condition', () => {
  const facts = {
    lead: { status: 'new', tags: ['hot', 'at'], score: 7, since: '2026-06-01T10:00:00Z', empty: null, born: '1980-02-29' },
    list: [{ n: 1 }],
  };
  test.each([
    [{ field: 'lead.status', is: 'new' }, true],
    [{ field: 'lead.status', isNot: 'new' }, false],
    [{ field: 'lead.missing', is: null }, true],
    [{ field: 'lead.missing', isNot: 'x' }, true],
    [{ field: 'lead.status', in: ['new', 'lost'] }, true],
    [{ field: 'lead.status', contains: 'NE' }, true],
    [{ field: 'lead.tags', contains: 'hot' }, true],
    [{ field: 'lead.tags', contains: 'ho' }, false],
    [{ field: 'lead.score', above: 6 }, true],
    [{ field: 'lead.score', above: 7 }, false],
    [{ field: 'lead.score', below: 10 }, true],
    [{ field: 'lead.missing', below: 10 }, false],
    [{ field: 'lead.since', above: '2026-06-01T11:00:00+02:00' }, true],
    [{ field: 'lead.since', below: '2026-06-01T09:00:00-02:00' }, true],
    [{ field: 'lead.empty', exists: false }, true],
    [{ field: 'list.0.n', is: 1 }, true],
    [{ field: 'lead.constructor', exists: true }, false],
    [{ field: 'lead.since', within: 'last_1_days' }, true],
    [{ field: 'lead.since', within: 'today' }, false],
    [{ field: 'lead.since', within: 'this_month' }, true],
    [{ field: 'lead.since', within: 'over_30_days_ago' }, false],
    [{ field: 'lead.missing', within: 'this_year' }, false],
    [{ field: 'lead.born', within: 'over_9999_days_ago' }, true],
    [{ field: 'lead.born', anniversary: 'this_month' }, false],
    [{ field: 'lead.born', anniversary: 'last_120_days' }, true],
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ not: { any: [{ field: 'lead.score', is: 1 }, { all: [{ field: 'lead.score', is: 7 }] }] } }, false],
  ] as const)('%j is %s', (condition, expected) => {
    expect(holds(condition, facts, new Date('2026-06-02T08:00:00Z'))).toBe(expected);
  });
});
