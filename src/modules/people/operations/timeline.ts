import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '../cursor.ts';
import { PersonNotFound } from '../errors.ts';
import { INTERACTION_COLUMNS, Interaction } from '../interactions.ts';
import { getPerson } from '../person.ts';
import { INTERACTION_TYPES } from '../tables.ts';
import { personId } from './people.ts';

const TIMELINE: Statement = {
  name: 'people.timeline',
  text: `select ${INTERACTION_COLUMNS} from interactions i where i.person_id = $1 and i.company_id = $2 and i.type = any($3::text[])
          order by i.created_at desc, i.id desc limit $4`,
};
const TIMELINE_AFTER: Statement = {
  name: 'people.timeline.after',
  text: `select ${INTERACTION_COLUMNS} from interactions i where i.person_id = $1 and i.company_id = $2 and i.type = any($3::text[])
            and (i.created_at, i.id) < ($5::timestamptz, $6::uuid)
          order by i.created_at desc, i.id desc limit $4`,
};

export const personTimeline = operation({
  name: 'people.timeline',
  summary: 'Every touch with a person, newest first',
  http: 'GET /api/people/{person_id}/timeline',
  cli: 'people timeline',
  access: 'read',
  input: z.object({
    personId: personId(),
    ...pageInput,
    kind: z.array(z.enum(INTERACTION_TYPES)).optional().describe('Only these kinds of touch'),
  }),
  output: pageOf(Interaction),
  errors: [PersonNotFound],
  async run(ctx, input) {
    await getPerson(ctx, ctx.companyId, input.personId);
    const values = [input.personId, ctx.companyId, input.kind ?? INTERACTION_TYPES, input.limit + 1];
    const rows =
      input.cursor === undefined
        ? await ctx.query<Interaction>(TIMELINE, values)
        : await ctx.query<Interaction>(TIMELINE_AFTER, [...values, ...positionOf(input.cursor)]);
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});
