import { z } from 'zod';
import type { Transaction } from '#core/database/database.ts';
import { InvalidInput } from '#core/errors.ts';
import { getSegment } from '#modules/segments/public.ts';
import { customChanges } from '../custom/changes.ts';
import { customFields } from '../custom/field.ts';
import type { PeopleFilter } from '../filter.ts';
import { requireOrganisation, requireUser } from '../lookups.ts';
import { requireTags } from '../tags/tag.ts';

/** Which people: the filters of lists, counts and bulk changes. */
export const peopleFilter = {
  q: z.string().trim().max(200).optional().describe('Words in names, addresses and numbers; all must be found, in any order'),
  ownerId: z.uuid().optional(),
  organisationId: z.uuid().optional(),
  segmentId: z.uuid().optional().describe('Members of this segment'),
  tagIds: z.array(z.uuid()).max(10).optional().describe('People who carry all of these tags'),
  optedOut: z.boolean().optional().describe('Only people who refuse commercial messages, or only others'),
  createdFrom: z.date().optional(),
  createdTo: z.date().optional().describe('Before this moment'),
  custom: z
    .array(z.string().max(2_100))
    .max(10)
    .optional()
    .describe('Custom fields with this value: key:value, such as plan:pro; several must all hold'),
};
const Input = z.object(peopleFilter);

/** The filter with values of its fields' types. @throws NotFound for a user, an organisation, a segment or a tag that is not there; InvalidInput */
export async function readPeopleFilter(tx: Transaction, companyId: string, input: z.output<typeof Input>): Promise<PeopleFilter> {
  await requireUser(tx, companyId, input.ownerId);
  await requireOrganisation(tx, companyId, input.organisationId);
  await requireTags(tx, companyId, input.tagIds);
  if (input.segmentId !== undefined) await getSegment(tx, companyId, input.segmentId);
  const { custom, ...filter } = input;
  if (custom === undefined) return filter;
  const { set } = customChanges(await customFields(tx, companyId), Object.fromEntries(custom.map(keyAndValue)));
  return { ...filter, custom: set };
}

function keyAndValue(text: string): [string, string] {
  const [, key, value] = /^([^:]+):([^]+)$/.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw new InvalidInput('Write a custom field as key:value, such as plan:pro', {
    fields: [{ path: 'custom', message: 'is not key:value' }],
  });
}
