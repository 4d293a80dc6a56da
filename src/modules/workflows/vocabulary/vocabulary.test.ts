import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSubjects } from '#core/engine/subjects.ts';
import type { Facts, Json } from '#core/engine/types.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { workflowVocabulary } from '../operations/vocabulary.ts';
import { EVENTS } from './events.ts';

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

  test('every event that the code emits can be chosen', () => {
    const source = sources(path.resolve(import.meta.dirname, '../../..'));
    const emitted = new Set(
      [...source.matchAll(/'((?:lead|person|message|form|segment|task)\.[a-z_]+)'/g)]
        .map((match) => match[1] ?? '')
        .filter((name) => /(ed|sent|left|reached|opted_(in|out))$/.test(name)),
    );
    const known = new Set(EVENTS.map((event) => event.name));
    // What no workflow should hang on: what undoes or tidies, and the words of audit rows.
    const inward = new Set(['person.unmerged', 'person.email_removed', 'lead.restored', 'lead.updated']);
    // A new one belongs in vocabulary/events.ts, with its words.
    expect([...emitted].filter((name) => !known.has(name) && !inward.has(name))).toEqual([]);
    expect([...known].filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });
});

function has(facts: Json | undefined, name: string): boolean {
  const [first = '', ...rest] = name.split('.');
  if (facts === null || typeof facts !== 'object' || Array.isArray(facts) || !Object.hasOwn(facts, first)) return false;
  return rest.length === 0 || has(facts[first], rest.join('.'));
}

function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(core|modules)\/.*\.ts$/.test(name) && !name.includes('.test.') && !name.endsWith('vocabulary/events.ts'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
}
