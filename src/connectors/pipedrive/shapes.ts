import { z } from 'zod';
import type { SourceKind } from '#core/ports/source.ts';

const entry = z.object({ value: z.string().nullish(), primary: z.boolean().nullish() });
/** The parts of a record that we rely on; the rest may change freely. */
export const Record = z.looseObject({
  id: z.number(),
  update_time: z.string().nullish(),
  is_deleted: z.boolean().nullish(),
  owner_id: z.number().nullish(),
  org_id: z.number().nullish(),
  person_id: z.number().nullish(),
  stage_id: z.number().nullish(),
  pipeline_id: z.number().nullish(),
  emails: z.array(entry).nullish(),
  phones: z.array(entry).nullish(),
  custom_fields: z.record(z.string(), z.unknown()).nullish(),
});
export type Record = z.output<typeof Record>;
export const Listed = z.object({
  data: z.array(Record).nullable(),
  additional_data: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
export const One = z.object({ data: Record });
export const Fields = z.object({
  data: z.array(z.object({ key: z.string(), name: z.string(), field_type: z.string(), edit_flag: z.boolean().nullish() })),
});
export const Users = z.object({ data: z.array(z.object({ id: z.number(), name: z.string(), email: z.string() })) });
export const Named = z.object({
  data: z.array(z.object({ id: z.number(), name: z.string() })).nullable(),
  additional_data: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
export const Found = z.object({ data: z.object({ items: z.array(z.object({ item: z.object({ id: z.number() }) })) }) });

export const Notes = z.object({
  data: z
    .array(
      z.object({
        id: z.number(),
        active_flag: z.boolean().nullish(),
        add_time: z.string().nullish(),
        update_time: z.string().nullish(),
        content: z.string().nullish(),
        person_id: z.number().nullish(),
      }),
    )
    .nullable(),
});

interface Kind {
  readonly title: string;
  readonly kind: SourceKind;
  /** Fields that every account has. */
  readonly fields: Readonly<{ [name: string]: string }>;
  readonly more: string | null;
}

export const OBJECTS: Readonly<{ [name: string]: Kind }> = {
  persons: {
    title: 'Persons',
    kind: 'people',
    fields: {
      first_name: 'First name', last_name: 'Last name', name: 'Name', email: 'Email', other_emails: 'Other emails', phone: 'Phone', org_name: 'Organization', owner_email: 'Owner: email',
      marketing_status: 'Marketing status', add_time: 'Added',
    },
    more: '/v1/personFields',
  }, // prettier-ignore
  organizations: {
    title: 'Organizations',
    kind: 'organisations',
    fields: { name: 'Name', website: 'Website', owner_email: 'Owner: email', add_time: 'Added' },
    more: null,
  },
  deals: {
    title: 'Deals',
    kind: 'deals',
    fields: {
      title: 'Title', value: 'Value', currency: 'Currency', status: 'Status', stage_name: 'Stage', pipeline_name: 'Pipeline', expected_close_date: 'Expected close date', owner_name: 'Owner: name',
      owner_email: 'Owner: email', org_name: 'Organization', person_email: 'Person: email', probability: 'Probability', add_time: 'Added',
    },
    more: '/v1/dealFields',
  }, // prettier-ignore
  notes: {
    title: 'Notes on persons',
    kind: 'interactions',
    fields: { touch: 'What it was', content: 'Text', person_id: 'Person: id', add_time: 'Added' },
    more: null,
  },
};
