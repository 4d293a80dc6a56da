import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { PersonNotFound } from '../errors.ts';
import { requireUser } from '../lookups.ts';
import { MOST_TAGS, tagField } from '../tags/tag.ts';
import { tagEvents, tagPersons, untagPersons } from '../tags/tagging.ts';

const personIds = () => z.array(z.uuid()).min(1).max(10_000).describe('Whom, at most 10,000 at once');
const tagNames = () => z.array(tagField()).min(1).max(MOST_TAGS).describe('Names');
/** What an undo needs: exactly those who were changed. */
const Changed = z.object({ changed: z.int(), personIds: z.array(z.uuid()).describe('Who was changed; the others were so already') });

const KNOWN: Statement = {
  name: 'people.known',
  text: 'select count(*)::int as known from people where company_id = $1 and id = any($2::uuid[])',
};

/** @throws PersonNotFound when one of them is nobody here */
async function requirePeople(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const [row] = await ctx.query<{ known: number }>(KNOWN, [ctx.companyId, ids]);
  if ((row?.known ?? 0) < new Set(ids).size) throw new PersonNotFound('One of these people does not exist; list them with GET /api/people');
}

export const tagPeople = operation({
  name: 'people.tag',
  summary: 'Give many people tags; new tags are made',
  http: 'POST /api/people/tag',
  cli: 'people tag',
  access: 'write',
  status: 200,
  input: z.object({ personIds: personIds(), tags: tagNames() }),
  output: Changed,
  errors: [PersonNotFound],
  async run(ctx, input) {
    await requirePeople(ctx, input.personIds);
    const changed = await tagPersons(ctx, ctx.companyId, input.personIds, input.tags, ctx.clock.now());
    await ctx.runtime.engine.emit(ctx, tagEvents('person.tagged', ctx.companyId, changed, input.tags));
    return { changed: changed.length, personIds: changed };
  },
});

export const untagPeople = operation({
  name: 'people.untag',
  summary: 'Take tags from many people',
  http: 'POST /api/people/untag',
  cli: 'people untag',
  access: 'write',
  status: 200,
  input: z.object({ personIds: personIds(), tags: tagNames() }),
  output: Changed,
  errors: [PersonNotFound],
  async run(ctx, input) {
    await requirePeople(ctx, input.personIds);
    const changed = await untagPersons(ctx, ctx.companyId, input.personIds, input.tags);
    await ctx.runtime.engine.emit(ctx, tagEvents('person.untagged', ctx.companyId, changed, input.tags));
    return { changed: changed.length, personIds: changed };
  },
});

const ASSIGN: Statement = {
  name: 'people.assign',
  text: `with before as (select id, owner_id from people where company_id = $1 and id = any($2::uuid[]) and owner_id is distinct from $3::uuid order by id for update)
         update people p set owner_id = $3::uuid, updated_at = $4 from before b where p.id = b.id and p.company_id = $1
         returning p.id as "personId", b.owner_id as "ownerId"`,
};

export const assignPeople = operation({
  name: 'people.assign',
  summary: 'Give many people an owner, or none',
  http: 'POST /api/people/assign',
  cli: 'people assign',
  access: 'write',
  status: 200,
  input: z.object({ personIds: personIds(), ownerId: z.uuid().nullable().describe('The user who looks after them; null: nobody') }),
  output: z.object({
    changed: z.int(),
    before: z.array(z.object({ personId: z.uuid(), ownerId: z.uuid().nullable() })).describe('Who was changed, and whose they were'),
  }),
  errors: [PersonNotFound],
  async run(ctx, input) {
    await requireUser(ctx, ctx.companyId, input.ownerId);
    await requirePeople(ctx, input.personIds);
    const before = await ctx.query<{ personId: string; ownerId: string | null }>(ASSIGN, [
      ctx.companyId,
      input.personIds,
      input.ownerId,
      ctx.clock.now(),
    ]);
    await ctx.runtime.engine.emit(
      ctx,
      before.map(({ personId }) => ({
        name: 'person.updated',
        companyId: ctx.companyId,
        subject: { type: 'person', id: personId },
        personId,
        payload: { fields: ['ownerId'] },
      })),
    );
    return { changed: before.length, before };
  },
});
