import type { Transaction } from '#core/database/database.ts';
import { OPERATORS_OF, type Operator } from '#core/fields/operators.ts';
import type { FieldOption, FieldType } from '#core/fields/types.ts';
import type { Runtime } from '#core/runtime.ts';

/** One fact of a subject, as conditions and templates name it. */
export interface FactField {
  readonly name: string;
  readonly label: string;
  readonly group: string;
  readonly type: FieldType;
  readonly operators: readonly Operator[];
  readonly options: readonly FieldOption[];
}

const field = (name: string, label: string, group: string, type: FieldType, options: readonly FieldOption[] = []): FactField => ({
  name,
  label,
  group,
  type,
  operators: OPERATORS_OF[type],
  options,
});

const COMPANY = [
  field('company.name', 'Name of the company', 'Company', 'text'),
  field('company.industry', 'Industry of the company', 'Company', 'text'),
  field('company.website', 'Website of the company', 'Company', 'text'),
];
/** Facts that no segment asks for: a person has them too, a lead's facts name them so. */
const MORE: Readonly<Record<string, readonly FactField[]>> = {
  lead: [field('lead.name', 'Name of the lead', 'Lead', 'text'), field('lead.email', 'Email of the lead', 'Lead', 'text'), ...COMPANY],
  person: COMPANY,
  company: [field('company.id', 'Id of the company', 'Company', 'text')],
};
/** What the facts of a subject leave out, though people may be chosen by it. */
const LACKS: Readonly<Record<string, readonly string[]>> = {
  lead: ['person.created_at'],
  person: ['lead.score', 'lead.grade', 'lead.conversion'],
};
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  lead: ['lead', 'person', 'organisation'],
  person: ['person', 'lead', 'organisation'],
  company: [],
};

/** What a run about this may look at: the fields that people are chosen by, as far as a run's facts hold them, and the company's. */
export async function factFields(tx: Transaction, runtime: Runtime, companyId: string, subject: string): Promise<FactField[]> {
  const roots = ROOTS[subject] ?? [];
  const found: FactField[] = [];
  if (roots.length > 0) {
    const declared = await Promise.all(runtime.fields.map(async (one) => (typeof one === 'function' ? one(tx, companyId) : [one])));
    for (const one of declared.flat()) {
      const root = one.name.split('.')[0] ?? '';
      if (one.params !== undefined || one.type === 'count' || !roots.includes(root) || LACKS[subject]?.includes(one.name) === true)
        continue;
      const options = typeof one.options === 'function' ? await one.options(tx, companyId) : (one.options ?? []);
      found.push(field(one.name, one.label, one.group, one.type, options));
    }
  }
  const order = (one: FactField) => roots.indexOf(one.name.split('.')[0] ?? '');
  return [...found.toSorted((a, b) => order(a) - order(b)), ...(MORE[subject] ?? [])];
}
