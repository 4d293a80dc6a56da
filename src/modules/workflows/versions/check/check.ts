import type { Statement, Transaction } from '#core/database/database.ts';
import type { Facts, StepFinding } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { placedSteps } from '../steps.ts';
import type { Asked, Finding } from './finding.ts';
import { liquidFindings } from './liquid.ts';
import { endings, events, fields, moments } from './rules.ts';
import { shapeOf } from './shape.ts';

export interface Asking {
  readonly tx: Transaction;
  readonly runtime: Runtime;
  readonly companyId: string;
  /** The workflow it is meant for, when there is one: its settings count. */
  readonly workflow: { readonly name: string; readonly settings: Facts } | null;
}

/** Everything wrong or doubtful about a definition; it may be anything. Faults keep it from being published. */
export async function check({ tx, runtime, companyId, workflow }: Asking, value: unknown): Promise<Finding[]> {
  const { definition, faults } = shapeOf(value, runtime);
  if (definition === null) return faults;
  const fieldsOfSubject = runtime.engine.vocabulary.subjects.get(definition.subject)?.fields ?? null;
  const asked: Asked = {
    tx,
    runtime,
    companyId,
    definition,
    placed: placedSteps(definition.steps),
    settings: workflow?.settings ?? {},
    fields: fieldsOfSubject,
  };
  const findings = [...faults, ...endings(asked), ...events(asked), ...fields(asked), ...moments(asked)];
  findings.push(...(await started(asked)), ...(await asTypesSay(asked)));
  return findings;
}

const KNOWN: Statement = {
  name: 'workflows.known_names',
  text: `select name from workflows where company_id = $1 and name = any ($2::text[])`,
};

/** Workflows that it starts and that are not there. */
async function started(asked: Asked): Promise<Finding[]> {
  const starts = asked.placed.flatMap(({ node, path }) =>
    node.type === 'start_workflow' && typeof node.input['workflow'] === 'string' ? [{ node, path, name: node.input['workflow'] }] : [],
  );
  if (starts.length === 0) return [];
  const rows = await asked.tx.query<{ name: string }>(KNOWN, [asked.companyId, starts.map(({ name }) => name)]);
  const known = new Set([...rows.map((row) => row.name), asked.definition.name]);
  return starts.flatMap(({ node, path, name }): Finding[] => {
    const at = { path: `${path}.input.workflow`, stepId: node.id };
    if (name === asked.definition.name)
      return [{ ...at, severity: 'warning', code: 'starts_itself', message: 'It starts itself: make sure that it ends some day' }];
    if (known.has(name)) return [];
    return [
      { ...at, severity: 'fault', code: 'unknown_workflow', message: `There is no workflow ${name}; make it first, or choose another` },
    ];
  });
}

/** What each step type says of its steps, and the names in their texts. */
async function asTypesSay(asked: Asked): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, placed] of Map.groupBy(asked.placed, (one) => one.node.type)) {
    const type = asked.runtime.engine.vocabulary.steps.get(name);
    if (type === undefined) continue;
    const byId = new Map(placed.map((one) => [one.node.id, one]));
    const good = placed.flatMap((one) => {
      const parsed = type.input.safeParse(one.node.input);
      return parsed.success ? [{ one, input: parsed.data }] : [];
    });
    const texts = (stepId: string, path: string, source: string) => {
      const one = byId.get(stepId);
      if (one !== undefined) findings.push(...liquidFindings(asked, one, `${one.path}.${path}`, source));
    };
    for (const { one, input } of good)
      for (const [path, source] of Object.entries(type.liquid?.(input) ?? {})) texts(one.node.id, `input.${path}`, source);
    const steps = good.map(({ one, input }) => ({
      id: one.node.id,
      title: one.node.title,
      input,
      raw: one.node.input,
      earlier: one.earlier,
    }));
    const said =
      (await type.check?.(
        asked.tx,
        { companyId: asked.companyId, subject: asked.definition.subject, steps, alsoLiquid: texts },
        asked.runtime,
      )) ?? [];
    findings.push(...said.map((finding) => inDefinition(finding, byId.get(finding.stepId)?.path ?? '')));
  }
  return findings;
}

function inDefinition({ severity, code, stepId, path, message }: StepFinding, place: string): Finding {
  return { severity, code, stepId, message, path: path === '' ? place : `${place}.${path}` };
}
