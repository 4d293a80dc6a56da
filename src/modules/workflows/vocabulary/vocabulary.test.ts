import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSubjects } from '#core/engine/subjects.ts';
import type { Facts, Json } from '#core/engine/types.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { workflowVocabulary } from '../operations/vocabulary.ts';
import { knownEvents } from './events.ts';

describe('the vocabulary of workflows', () => {
  let app: TestApp;
  let words: Awaited<ReturnType<typeof read>>;
  const read = () => app.call(workflowVocabulary, {});
  beforeAll(async () => {
    app = await testApp();
    words = await read();
  });
  afterAll(() => app.close());

  test('names every step type that there is, each with a description and a form', () => {
    expect(words.steps.map((step) => step.type).toSorted()).toEqual([...app.runtime.engine.vocabulary.steps.keys()].toSorted());
    for (const step of words.steps) {
      expect(step.description, `${step.type} has no description in vocabulary/steps.ts`).not.toBe('');
      expect(
        Object.keys(step.schema).some((key) => ['properties', 'anyOf', 'oneOf'].includes(key)),
        step.type,
      ).toBe(true);
    }
  });

  test('a condition, a duration and an event are one control each', () => {
    const of = (type: string) => words.steps.find((step) => step.type === type)?.schema;
    expect(of('branch')).toMatchObject({ properties: { condition: { 'x-widget': 'condition' } } });
    expect(of('wait')).toMatchObject({
      anyOf: [
        { properties: { for: { 'x-widget': 'duration' } } },
        { properties: { until: { format: 'date-time' } } },
        { properties: { untilField: { 'x-widget': 'field' }, plus: { 'x-widget': 'duration' } } },
        { properties: { events: { items: { 'x-widget': 'event' } }, within: { 'x-widget': 'duration' } } },
      ],
    });
    expect(JSON.stringify(words.steps)).not.toContain('$ref');
  });

  test('every field that it offers is among the facts of such a run', async () => {
    const lead = await app.call(createLeadOperation, { name: 'Ann Lee', email: 'ann@firm.example' });
    const { companyId } = app.company;
    const subjects = [
      { companyId, type: 'lead', id: lead.id },
      { companyId, type: 'person', id: lead.personId },
      { companyId, type: 'company', id: companyId },
    ];
    const loaded = await app.runtime.system.read((tx) => loadSubjects(app.runtime.engine.vocabulary, tx, subjects));
    for (const { type, id } of subjects) {
      const facts: Facts = loaded.get(`${type} ${id}`)?.facts ?? {};
      const fields = words.subjects.find((subject) => subject.type === type)?.fields ?? [];
      expect(fields.length).toBeGreaterThan(0);
      const missing = fields.map((field) => field.name).filter((name) => !name.startsWith('organisation.') && !has(facts, name));
      expect(missing, type).toEqual([]);
    }
  });

  test('every event that the code says is known, and no other', () => {
    const source = sources(path.resolve(import.meta.dirname, '../../..'));
    // A new one belongs in vocabulary/events.ts: with its words, or among those that no list offers.
    expect(unknownIn(source)).toEqual([]);
    expect([...knownEvents].filter((name) => !source.includes(`'${name}'`))).toEqual([]);
    expect(unknownIn(`${source}\nctx.emit({ name: 'lead.abandoned', subject })`)).toEqual(['lead.abandoned']);
  });
});

/** Words of audit rows and names of statements that read like events. */
const NO_EVENTS = new Set(['lead.updated', 'leads.alert_owner_imported']);

function unknownIn(source: string): string[] {
  const said = new Set([...source.matchAll(EVENT_NAME)].map((match) => match[1] ?? ''));
  return [...said].filter((name) => !knownEvents.has(name) && !NO_EVENTS.has(name));
}

/** Something happened to one of these. */
const EVENT_NAME =
  /'((?:approval|company|connection|form|leads?|message|page|person|run|schedule|segment|task|webhook)\.(?:[a-z_]*(?:ed|sent|left|reached|undone)|opted_in|opted_out))'/g;

function has(facts: Json | undefined, name: string): boolean {
  const [first = '', ...rest] = name.split('.');
  if (facts === null || typeof facts !== 'object' || Array.isArray(facts) || !Object.hasOwn(facts, first)) return false;
  return rest.length === 0 || has(facts[first], rest.join('.'));
}

function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(core|modules)\/.*\.ts$/.test(name) && !name.includes('.test.') && !/vocabulary\/(client-)?events\.ts$/.test(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
}
