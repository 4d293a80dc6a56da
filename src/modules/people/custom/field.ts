import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { NotFound } from '#core/errors.ts';
import { CUSTOM_TYPES } from '../tables.ts';

/** No such custom field in this company. */
export class CustomFieldNotFound extends NotFound {
  override readonly code = 'custom_field_not_found';
}

/** A number, a boolean, or text; a date is YYYY-MM-DD. */
export type CustomValue = string | number | boolean;
/** What people.custom holds, by key. A field without a value is absent. */
export type CustomValues = Readonly<Record<string, CustomValue>>;

export const CustomRecord = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** A field that the company invented, as the API shows it. */
export const CustomField = z.object({
  id: z.uuid(),
  companyId: z.uuid(),
  key: z.string().describe('Its name in templates and conditions: person.custom.<key>'),
  label: z.string(),
  type: z.enum(CUSTOM_TYPES),
  options: z.array(z.string()).describe('Of a choice: what may be chosen, in order'),
  position: z.int(),
  archivedAt: z.date().nullable().describe('An archived field is shown nowhere and keeps its values'),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type CustomField = z.output<typeof CustomField>;

/** Columns in the API's names; alias the table `f`. */
export const FIELD_COLUMNS = `f.id, f.company_id as "companyId", f.key, f.label, f.type, f.options, f.position, f.archived_at as "archivedAt",
  f.created_at as "createdAt", f.updated_at as "updatedAt"`;

const ACTIVE: Statement = {
  name: 'custom_fields.active',
  text: `select ${FIELD_COLUMNS} from custom_fields f where f.company_id = $1 and f.archived_at is null order by f.position, f.id`,
};

/** The fields in use, in order: for forms, import, segments, templates. */
export function customFields(tx: Transaction, companyId: string): Promise<CustomField[]> {
  return tx.query<CustomField>(ACTIVE, [companyId]);
}
