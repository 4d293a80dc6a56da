import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict } from '#core/errors.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf, toPage } from '#core/operation/page.ts';
import { positionOf } from '../cursor.ts';
import { PersonNotFound } from '../errors.ts';
import { getPerson, Person } from '../person.ts';
import { MergeNotFound, MergeUndoRefused, PersonMerged } from './errors.ts';
import { mergePeople } from './merge.ts';
import { previewMerge } from './preview.ts';
import { undoMerge } from './undo.ts';

const personId = () => z.uuid().describe('Id of the person who stays');
const otherId = () => z.uuid().describe('Id of the person who is absorbed');

export const mergePreview = operation({
  name: 'people.merge_preview',
  summary: 'Two people side by side: what differs, what would move, what consent would be',
  http: 'GET /api/people/{person_id}/merge/{other_id}',
  cli: 'people merge-preview',
  access: 'read',
  input: z.object({ personId: personId(), otherId: otherId() }),
  output: z.object({
    fields: z.array(
      z.object({
        key: z.string().describe('What `fields` of people.merge takes'),
        this: z.json(),
        other: z.json(),
        suggested: z.enum(['this', 'other']),
      }),
    ),
    moves: z.record(z.string(), z.int()).describe('Rows of the absorbed person by table'),
    emails: z.array(z.string()).describe('All addresses afterwards'),
    openLeads: z.int().describe('Two become one'),
    runsStopped: z.int().describe('Runs that would end: one of the two replied, opted out, or is in the same sequence'),
    optedOut: z.boolean().describe('Whether the person would be opted out afterwards: the strictest wins'),
  }),
  errors: [PersonNotFound, PersonMerged, Conflict],
  run: (ctx, input) => previewMerge(ctx, ctx.companyId, input.personId, input.otherId),
});

export const mergeOperation = operation({
  name: 'people.merge',
  summary: 'Make one person of two; everything is kept, the strictest consent wins, and it can be undone',
  http: 'POST /api/people/{person_id}/merge',
  cli: 'people merge',
  access: 'write',
  status: 200,
  input: z.object({
    personId: personId(),
    otherId: otherId(),
    fields: z
      .record(z.string().max(80), z.enum(['this', 'other']))
      .default({})
      .describe('Whose value stays, by field; default: the first person’s where there is one'),
  }),
  output: z.object({
    mergeId: z.uuid().describe('Undo with POST /api/people/merges/{merge_id}/undo'),
    person: Person,
    moved: z.record(z.string(), z.int()),
    runsStopped: z.int(),
    optedOut: z.boolean(),
  }),
  errors: [PersonNotFound, PersonMerged, Conflict],
  async run(ctx, input) {
    await getPerson(ctx, ctx.companyId, input.personId);
    await getPerson(ctx, ctx.companyId, input.otherId);
    const merged = await mergePeople(ctx, ctx.runtime, {
      companyId: ctx.companyId,
      survivorId: input.personId,
      absorbedId: input.otherId,
      choices: input.fields,
      by: 'userId' in ctx.principal ? ctx.principal.userId : null,
      at: ctx.clock.now(),
    });
    ctx.subject('people', input.personId);
    ctx.emit({
      name: 'person.merged',
      subject: { type: 'person', id: input.personId },
      personId: input.personId,
      payload: { merge_id: merged.mergeId, absorbed_id: input.otherId },
    });
    return { ...merged, person: await getPerson(ctx, ctx.companyId, input.personId) };
  },
});

export const undoMergeOperation = operation({
  name: 'people.merge_undo',
  summary: 'Take a merge back: two people again; opt-outs since then count for both',
  http: 'POST /api/people/merges/{merge_id}/undo',
  cli: 'people merge-undo',
  access: 'write',
  status: 200,
  input: z.object({ mergeId: z.uuid() }),
  output: z.object({ person: Person, other: Person }),
  errors: [MergeNotFound, MergeUndoRefused],
  async run(ctx, input) {
    const by = 'userId' in ctx.principal ? ctx.principal.userId : null;
    const undone = await undoMerge(ctx, ctx.companyId, input.mergeId, by, ctx.clock.now());
    ctx.subject('people', undone.survivorId);
    ctx.emit({
      name: 'person.unmerged',
      subject: { type: 'person', id: undone.survivorId },
      personId: undone.survivorId,
      payload: { merge_id: input.mergeId, absorbed_id: undone.absorbedId },
    });
    return {
      person: await getPerson(ctx, ctx.companyId, undone.survivorId),
      other: await getPerson(ctx, ctx.companyId, undone.absorbedId),
    };
  },
});

const Merge = z.object({
  id: z.uuid(),
  personId: z.uuid().describe('Where the absorbed person is today'),
  name: z.string(),
  absorbedId: z.uuid(),
  absorbedName: z.string(),
  mergedBy: z.uuid().nullable(),
  createdAt: z.date(),
  undoneAt: z.date().nullable(),
});

const COLUMNS = `m.id, m.survivor_id as "personId", p.full_name as name, m.absorbed_id as "absorbedId", m.merged_by as "mergedBy", m.created_at as "createdAt", m.undone_at as "undoneAt",
  coalesce((select r.rows -> 0 ->> 'full_name' from person_merge_rows r where r.merge_id = m.id and r.table_name = 'people' and r.action = 'deleted'), '') as "absorbedName"`;
const LIST: Statement = {
  name: 'people.merges',
  text: `select ${COLUMNS} from person_merges m join people p on p.id = m.survivor_id where m.company_id = $1 and ($3::uuid is null or m.survivor_id = $3) order by m.created_at desc, m.id desc limit $2`,
};
const LIST_AFTER: Statement = {
  name: 'people.merges.after',
  text: `select ${COLUMNS} from person_merges m join people p on p.id = m.survivor_id where m.company_id = $1 and ($3::uuid is null or m.survivor_id = $3) and (m.created_at, m.id) < ($4::timestamptz, $5::uuid) order by m.created_at desc, m.id desc limit $2`,
};

export const listMerges = operation({
  name: 'people.merges',
  summary: 'Merges of people, newest first',
  http: 'GET /api/people/merges',
  cli: 'people merges',
  access: 'read',
  input: z.object({ personId: z.uuid().optional().describe('Only merges into this person'), ...pageInput }),
  output: pageOf(Merge),
  errors: [PersonNotFound, PersonMerged],
  async run(ctx, input) {
    if (input.personId !== undefined) await getPerson(ctx, ctx.companyId, input.personId);
    const values = [ctx.companyId, input.limit + 1, input.personId ?? null];
    const rows =
      input.cursor === undefined
        ? await ctx.query<z.input<typeof Merge>>(LIST, values)
        : await ctx.query<z.input<typeof Merge>>(LIST_AFTER, [...values, ...positionOf(input.cursor)]);
    return toPage(rows, input.limit, (row) => [row.createdAt.getTime(), row.id]);
  },
});
