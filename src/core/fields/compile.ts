import { InvalidInput } from '#core/errors.ts';
import type { Condition, Json } from '#core/engine/types.ts';
import { anniversaryOf, stretchOf } from '#core/engine/windows.ts';
import { OPERATORS, OPERATORS_OF, type Operator } from './operators.ts';
import type { FieldSql, PersonField } from './types.ts';

/** SQL that holds for the people `p` who fit, with its parameters; `$1` is the company. */
export interface CompiledCondition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

export interface CompileInput {
  readonly condition: Condition;
  readonly fields: readonly PersonField[];
  readonly companyId: string;
  /** What relative dates are seen from, and on which calendar. */
  readonly now: Date;
  readonly zone: string;
  /** Parameters that stand before these in the statement, the company first. Default: the company alone. */
  readonly values?: readonly unknown[];
}

type Cast = 'text' | 'uuid' | 'numeric' | 'boolean' | 'timestamptz';

const DEEPEST = 8;
const MOST_LEAVES = 100;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Says in SQL what `holds()` says of facts; a property test compares the two. Each operator is a test that is false for what is missing, or
 * the negation of one, so that NOT never meets a null.
 * @throws InvalidInput an unknown field, or an operator or value that does not fit it
 */
export function compileCondition(input: CompileInput): CompiledCondition {
  const values: unknown[] = [...(input.values ?? [input.companyId])];
  let leaves = 0;
  const bind = (value: unknown) => `$${values.push(value)}`;
  const compile = (condition: Condition, path: string, depth: number): string => {
    if (depth > DEEPEST) throw fault(path, 'groups may be nested eight deep');
    if ('all' in condition) return group(condition.all, 'and', 'true', path, depth);
    if ('any' in condition) return group(condition.any, 'or', 'false', path, depth);
    if ('not' in condition) return `not ${compile(condition.not, `${path}.not`, depth + 1)}`;
    if (++leaves > MOST_LEAVES) throw fault(path, `a segment has at most ${MOST_LEAVES} conditions`);
    return new Leaf(condition, find(input.fields, condition.field, path), bind, input, path).sql();
  };
  const group = (parts: readonly Condition[], word: 'and' | 'or', empty: string, path: string, depth: number) => {
    const name = word === 'and' ? 'all' : 'any';
    if (parts.length === 0) return empty;
    return `(${parts.map((part, i) => compile(part, `${path}.${name}.${i}`, depth + 1)).join(` ${word} `)})`;
  };
  return { sql: compile(input.condition, 'condition', 0), values };
}

/** The fields that a condition names, as it says them. */
export function fieldsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(fieldsIn);
  if ('any' in condition) return condition.any.flatMap(fieldsIn);
  return 'not' in condition ? fieldsIn(condition.not) : [condition.field];
}

interface Found {
  readonly field: PersonField;
  readonly parts: readonly string[];
}

/** The field of a path, with the parts that fill its params. @throws InvalidInput */
export function find(fields: readonly PersonField[], path: string, at: string): Found {
  const exact = fields.find((field) => field.name === path && field.params === undefined);
  if (exact !== undefined) return { field: exact, parts: [] };
  for (const field of fields) {
    if (field.params === undefined || !path.startsWith(`${field.name}.`)) continue;
    const parts = path.slice(field.name.length + 1).split('.');
    if (parts.length !== field.params.length) continue;
    const wrong = field.params.findIndex((param, i) => param.kind === 'days' && !/^(ever|[1-9]\d{0,3}d)$/.test(parts[i] ?? ''));
    if (wrong >= 0) throw fault(at, `${parts[wrong]} is no stretch of time: write ever, or days such as 30d`);
    return { field, parts };
  }
  throw fault(at, `there is no field ${path}; see GET /api/segments/fields`);
}

type LeafCondition = Extract<Condition, { field: string }>;

class Leaf {
  readonly #condition: LeafCondition;
  readonly #field: PersonField;
  readonly #bind: (value: unknown) => string;
  readonly #input: CompileInput;
  readonly #path: string;
  readonly #parts: readonly string[];
  readonly #cast: Cast;
  #known: FieldSql | undefined;

  constructor(condition: LeafCondition, { field, parts }: Found, bind: (value: unknown) => string, input: CompileInput, path: string) {
    this.#condition = condition;
    this.#field = field;
    this.#bind = bind;
    this.#input = input;
    this.#path = path;
    this.#parts = parts;
    this.#cast = field.cast ?? castOf(field.type);
  }

  /** Made when it is used, and not before: a parameter that no SQL names has no type, and is an error. */
  get #read(): FieldSql {
    return (this.#known ??= this.#field.sql(this.#parts, this.#bind, this.#input.now));
  }

  sql(): string {
    const operator = OPERATORS.find((one) => one in this.#condition);
    if (operator === undefined || !OPERATORS_OF[this.#field.type].includes(operator))
      throw fault(this.#path, `${this.#field.label} takes ${OPERATORS_OF[this.#field.type].join(', ')}`);
    return this.#of(operator);
  }

  #of(operator: Operator): string {
    const condition = this.#condition;
    if ('is' in condition) return this.#is(condition.is);
    if ('isNot' in condition) return `not ${this.#is(condition.isNot)}`;
    if ('in' in condition) return condition.in.length === 0 ? 'false' : `(${condition.in.map((one) => this.#is(one)).join(' or ')})`;
    if ('exists' in condition) return condition.exists ? this.#present() : `not ${this.#present()}`;
    if ('contains' in condition) return this.#contains(condition.contains);
    if ('above' in condition) return this.#compare('>', condition.above);
    if ('below' in condition) return this.#compare('<', condition.below);
    if ('within' in condition) return this.#within(condition.within);
    if ('anniversary' in condition) return this.#anniversary(condition.anniversary);
    throw fault(this.#path, `${operator} cannot be asked of ${this.#field.label}`);
  }

  /** True where the test holds of the value; false where there is none. `test` gets the value's expression. */
  #where(test: (value: string) => string): string {
    const read = this.#read;
    if (read.of === 'person') return `(${read.value} is not null and ${test(read.value)})`;
    if (read.of === 'count') return `(${test(`(select count(*) from ${read.from} where ${read.where})`)})`;
    return `exists (select 1 from ${read.from} where ${read.where} and ${test(read.value)})`;
  }

  #present(): string {
    return this.#where((value) => `${value} is not null`);
  }

  /** A value of another kind is never the same; null is the missing one. */
  #is(value: Json): string {
    if (value === null) return this.#field.type === 'count' ? 'false' : `not ${this.#present()}`;
    const cast = this.#cast;
    const fits =
      cast === 'numeric' ? typeof value === 'number' : cast === 'boolean' ? typeof value === 'boolean' : typeof value === 'string';
    if (!fits || (cast === 'uuid' && !UUID.test(String(value)))) return 'false';
    if (this.#field.type === 'count') return this.#counted('=', Number(value));
    return this.#where((found) => `${found} = ${this.#bind(value)}::${cast}`);
  }

  #contains(part: string): string {
    if (this.#field.type === 'list') {
      const wanted = this.#field.translate === undefined ? part : this.#field.translate(part);
      return wanted === null ? 'false' : this.#where((value) => `${value} = ${this.#bind(wanted)}::${this.#cast}`);
    }
    return this.#where((value) => `position(lower(${this.#bind(part)}::text) in lower(${value})) > 0`);
  }

  #compare(sign: '>' | '<', bound: number | string): string {
    if (this.#cast === 'numeric') {
      const number = typeof bound === 'number' ? bound : bound.trim() === '' ? Number.NaN : Number(bound);
      if (!Number.isFinite(number)) throw fault(this.#path, `${this.#field.label} is compared with a number`);
      if (this.#field.type === 'count') return this.#counted(sign, number);
      return this.#where((value) => `${value} ${sign} ${this.#bind(number)}::numeric`);
    }
    if (this.#field.type === 'date') {
      if (typeof bound !== 'string' || !isDay(bound))
        throw fault(this.#path, `${this.#field.label} is compared with a day such as 2026-05-31`);
      return this.#where((value) => `${value} collate "C" ${sign} ${this.#bind(bound)}::text`);
    }
    const time = typeof bound === 'string' && /^\d{4}-\d{2}-\d{2}/.test(bound) ? Date.parse(bound) : Number.NaN;
    if (Number.isNaN(time)) throw fault(this.#path, `${this.#field.label} is compared with a moment such as 2026-05-31T12:00:00Z`);
    return this.#where((value) => `${value} ${sign} ${this.#bind(new Date(time))}::timestamptz`);
  }

  /** None and some need no counting: the first row that is found decides. */
  #counted(sign: '=' | '>' | '<', bound: number): string {
    if (sign === '>' && bound < 0) return 'true';
    if ((sign === '<' && bound <= 0) || (sign === '=' && bound < 0)) return 'false';
    const read = this.#read;
    if (read.of !== 'count') throw fault(this.#path, 'is not counted');
    const some = `exists (select 1 from ${read.from} where ${read.where})`;
    if (sign === '>' && bound < 1) return some;
    if ((sign === '<' && bound <= 1) || (sign === '=' && bound === 0)) return `not ${some}`;
    return this.#where((value) => `${value} ${sign} ${this.#bind(bound)}::numeric`);
  }

  #within(window: string): string {
    const stretch = stretchOf(window, this.#input.now, this.#input.zone);
    if (stretch === null) throw fault(this.#path, `${window} is no stretch of time`);
    const day = this.#field.type === 'date';
    const [from, to] = day ? [stretch.fromDay, stretch.toDay] : [stretch.from, stretch.to];
    return this.#where((value) => {
      const text = day ? `${value} collate "C"` : value;
      const cast = day ? 'text' : 'timestamptz';
      const tests = [
        ...(from === null ? [] : [`${text} >= ${this.#bind(from)}::${cast}`]),
        ...(to === null ? [] : [`${text} ${day ? '<=' : '<'} ${this.#bind(to)}::${cast}`]),
      ];
      return `(${tests.join(' and ')})`;
    });
  }

  #anniversary(window: string): string {
    const days = anniversaryOf(window, this.#input.now, this.#input.zone);
    if (days === null) throw fault(this.#path, `${window} does not come round every year`);
    return this.#where((value) => {
      const day = `substr(${value}, 6, 5) collate "C"`;
      const [from, to] = [this.#bind(days[0]), this.#bind(days[1])];
      return `(${day} >= ${from}::text ${days[0] <= days[1] ? 'and' : 'or'} ${day} <= ${to}::text)`;
    });
  }
}

function castOf(type: PersonField['type']): Cast {
  switch (type) {
    case 'number':
    case 'count':
      return 'numeric';
    case 'boolean':
      return 'boolean';
    case 'moment':
      return 'timestamptz';
    default:
      return 'text';
  }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function fault(path: string, message: string): InvalidInput {
  return new InvalidInput(`${path}: ${message}`, { fields: [{ path, message }] });
}
