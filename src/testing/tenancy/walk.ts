import { AppError } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { execute, type Answer } from '#core/operation/execute.ts';
import type { AnyOperation } from '#core/operation/operation.ts';
import type { Principal } from '#core/operation/principal.ts';
import { compileWire, parseInput } from '#core/operation/wire.ts';
import type { Runtime } from '#core/runtime.ts';
import { idFields, requiredSample, type IdField } from './sample.ts';
import { catalogue, type World } from './world.ts';

/** Further input that an operation needs beside what its schema requires; wire names. */
export type Samples = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Which table a field points to: `owner_id` → users; null: it names no row (a step of a definition). `onboardings.plan_id`: of these operations only. */
export type Targets = Readonly<Record<string, string | null>>;

interface Walk {
  readonly runtime: Runtime;
  /** Whose data must stay unseen and untouched. */
  readonly victim: World;
  /** Who walks, with data of their own. */
  readonly walker: World;
  readonly as: Principal;
  readonly victimAdmin: Principal;
  readonly samples: Samples;
  readonly targets: Targets;
}

type Outcome = { readonly status: number; readonly text: string; readonly replayed: boolean };

/**
 * Calls one operation in the walker's company with the victim's ids: in the path (must be 404), in the body and in filters (refused, or
 * without effect and with an empty answer), and with the victim's Idempotency-Key (must be no replay). Answers what went wrong, in words.
 */
export async function walk(operation: AnyOperation, w: Walk): Promise<string[]> {
  const faults: string[] = [];
  const fields = idFields(operation).filter((field) => targetOf(operation, field, w) !== null);
  for (const field of fields) {
    const lacking = lackOf(operation, field, w);
    if (lacking !== null) return [`${operation.name}: ${lacking}`];
  }
  const own = inputFor(operation, fields, w, () => w.walker);
  const unfit = misfit(operation, own);
  if (unfit !== null) return [`${operation.name}: its sample does not fit (${unfit}); add one to the samples of the walk`];

  if (operation.http.startsWith('GET ') && fields.some((field) => field.inPath)) {
    const control = await call(w.runtime, operation, w.as, own);
    if (control.status !== 200)
      faults.push(`${operation.name}: does not find even its own row (${control.status} ${control.text}), so the walk proves nothing`);
  }

  const before = await snapshot(w);
  for (const foreign of fields.length === 0 ? [null] : fields) {
    const input = foreign === null ? own : inputFor(operation, fields, w, (field) => (field === foreign ? w.victim : w.walker));
    faults.push(...judge(operation, foreign, await call(w.runtime, operation, w.as, input), w));
  }
  faults.push(...marks(operation, before, await snapshot(w)));
  if (operation.http.startsWith('POST ')) faults.push(...(await replay(operation, fields, w)));
  return faults;
}

/** Undefined: nobody knows. */
function targetOf(operation: AnyOperation, { name }: IdField, { targets }: Walk): string | null | undefined {
  const own = targets[`${operation.name.split('.')[0]}.${name}`];
  return own === undefined ? targets[name] : own;
}

/** What the walk does not know of a field, or null. */
function lackOf(operation: AnyOperation, field: IdField, w: Walk): string | null {
  const { name, kind } = field;
  if (kind === 'word') {
    const sample = w.samples[operation.name]?.[name];
    return typeof sample === 'string' && sample.includes('$marker')
      ? null
      : `${name} in its path names a row; add a sample with $marker to the samples of the walk`;
  }
  const table = targetOf(operation, field, w);
  if (table === undefined || table === null) return `nobody knows which table ${name} points to; add it to the targets of the walk`;
  return w.victim.ids.get(table) === undefined ? `the world has no row in ${table} for ${name}` : null;
}

/** `$marker` in a word of the path stands for the marker of the company whose row is asked for. */
function inputFor(
  operation: AnyOperation,
  fields: readonly IdField[],
  w: Walk,
  worldOf: (field: IdField) => World,
): Record<string, unknown> {
  const samples = w.samples[operation.name] ?? {};
  const input: Record<string, unknown> = { ...requiredSample(operation), ...samples };
  for (const field of fields) {
    const world = worldOf(field);
    const id = world.ids.get(targetOf(operation, field, w) ?? '');
    if (field.kind === 'word') input[field.name] = String(samples[field.name]).replaceAll('$marker', world.marker);
    else input[field.name] = field.kind === 'ids' ? [id] : id;
  }
  return input;
}

function misfit(operation: AnyOperation, input: unknown): string | null {
  try {
    parseInput(operation.input, compileWire(operation.input).in(input));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
}

async function call(
  runtime: Runtime,
  operation: AnyOperation,
  principal: Principal,
  input: unknown,
  idempotencyKey?: string,
): Promise<Outcome> {
  try {
    const request = { id: newId(), face: 'test' as const, ip: null, userAgent: null };
    const answer: Answer = await execute(runtime, { operation, principal, request, input, idempotencyKey });
    return { status: answer.status, text: JSON.stringify(answer.body ?? null), replayed: answer.replayed };
  } catch (error) {
    if (error instanceof AppError) return { status: error.status, text: error.message, replayed: false };
    return { status: 500, text: error instanceof Error ? `${error.name} ${error.message}` : 'not an error', replayed: false };
  }
}

function judge(operation: AnyOperation, foreign: IdField | null, outcome: Outcome, w: Walk): string[] {
  const where = foreign === null ? 'with no ids' : `with another company's ${foreign.name}`;
  const faults: string[] = [];
  // A word may be anybody's: whoever uses the same one for a row of their own makes that row, and may be told what it lacks.
  const right = foreign?.kind === 'word' && operation.http.startsWith('PUT ') ? [404, 422, 200, 201] : [404];
  if (outcome.status === 500) faults.push(`${operation.name} ${where}: failed inside: ${outcome.text}`);
  else if (foreign?.inPath === true && !right.includes(outcome.status))
    faults.push(`${operation.name} ${where}: answered ${outcome.status}, not 404`);
  if (shows(outcome, w.victim, foreign?.kind === 'word')) faults.push(`${operation.name} ${where}: shows the other company's data`);
  return faults;
}

/** An error may repeat the id, or the word, that it was asked for; an answer may not. */
function shows({ status, text }: Outcome, victim: World, askedByWord: boolean): boolean {
  const refused = status >= 400;
  if (!(refused && askedByWord) && text.includes(victim.marker)) return true;
  return !refused && [victim.companyId, ...victim.ids.values()].some((id) => text.includes(id));
}

/** The victim calls with a key, then the walker calls the same with the same key. */
async function replay(operation: AnyOperation, fields: readonly IdField[], w: Walk): Promise<string[]> {
  const key = `walk-${newId()}`;
  const theirs = inputFor(operation, fields, w, () => w.victim);
  await call(w.runtime, operation, w.victimAdmin, theirs, key);
  const between = await snapshot(w);
  const outcome = await call(w.runtime, operation, w.as, theirs, key);
  const faults = marks(operation, between, await snapshot(w));
  if (outcome.replayed) faults.push(`${operation.name}: replayed the other company's answer to their Idempotency-Key`);
  if (
    shows(
      outcome,
      w.victim,
      fields.some((field) => field.kind === 'word'),
    )
  )
    faults.push(`${operation.name}: shows the other company's data to their Idempotency-Key`);
  return faults;
}

/** The victim's rows as hashes, and the walker's rows that speak of the victim, by table. */
interface Snapshot {
  readonly hashes: ReadonlyMap<string, string>;
  readonly strays: ReadonlySet<string>;
}

/** What an audit row and an idempotency row hold is what was asked. */
const MAY_QUOTE = new Set(['audit_log', 'idempotency_keys']);

async function snapshot({ runtime, victim, walker }: Walk): Promise<Snapshot> {
  const tables = [...(await catalogue(runtime)).keys()];
  const hashes = tables.map(
    (table) =>
      `select '${table}' as "table", md5(coalesce(string_agg(x::text, '|' order by x::text), '')) as hash from ${table} x where company_id = $1`,
  );
  const quotes = tables
    .filter((table) => !MAY_QUOTE.has(table))
    .map(
      (table) =>
        `(select '${table}' as "table" from (select x::text as row from ${table} x where company_id = $1 offset 0) x where row like any ($2::text[]) limit 1)`,
    );
  const names = [victim.marker, victim.companyId, ...victim.ids.values()].map((name) => `%${name}%`);
  return runtime.system.read(async (tx) => {
    const rows = await tx.query<{ table: string; hash: string }>({ name: 'walk.hashes', text: hashes.join(' union all ') }, [
      victim.companyId,
    ]);
    const found = await tx.query<{ table: string }>({ name: 'walk.quotes', text: quotes.join(' union all ') }, [walker.companyId, names]);
    return { hashes: new Map(rows.map((row) => [row.table, row.hash])), strays: new Set(found.map((row) => row.table)) };
  });
}

function marks(operation: AnyOperation, before: Snapshot, after: Snapshot): string[] {
  const changed = [...after.hashes].filter(([table, hash]) => before.hashes.get(table) !== hash).map(([table]) => table);
  const strays = [...after.strays].filter((table) => !before.strays.has(table));
  return [
    ...changed.map((table) => `${operation.name}: changed the other company's rows in ${table}`),
    ...strays.map((table) => `${operation.name}: left the other company's ids or texts in ${table}`),
  ];
}
