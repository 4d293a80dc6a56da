import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Conflict, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { decodeCursor, pageInput, pageOf, toPage } from '#core/operation/page.ts';
import {
  parseName,
  readCustom,
  readPhone,
  updatePerson,
  upsertOrganisations,
  organisationKey,
  type PersonChanges,
} from '#modules/people/public.ts';
import { getSource, SourceNotFound } from '../source.ts';
import { sourceId } from './sources.ts';

/** No such conflict. */
export class ConflictNotFound extends NotFound {
  override readonly code = 'sync_conflict_not_found';
}
/** Somebody has decided it. */
export class ConflictDecided extends Conflict {
  override readonly code = 'sync_conflict_decided';
}

const Clash = z.object({
  id: z.uuid(),
  externalId: z.string(),
  personId: z.uuid().nullable(),
  organisationId: z.uuid().nullable(),
  name: z.string().describe('Of the person or organisation'),
  field: z.string(),
  ours: z.string().nullable(),
  theirs: z.string().nullable(),
  kept: z.enum(['ours', 'theirs']).describe('Who wrote last; a person may decide otherwise'),
  at: z.date(),
});
type Clash = z.output<typeof Clash>;

const SELECT = `select k.id, k.external_id as "externalId", k.person_id as "personId", k.organisation_id as "organisationId", coalesce(nullif(p.full_name, ''), p.email, o.name, '') as name, k.field,
    k.ours, k.theirs, k.kept, k.at
  from sync_conflicts k left join people p on p.id = k.person_id and p.company_id = k.company_id left join organisations o on o.id = k.organisation_id and o.company_id = k.company_id`;
const LIST: Statement = {
  name: 'sync.conflicts.list',
  text: `${SELECT} where k.company_id = $1 and k.source_id = $2 and k.decided_at is null and ($3::timestamptz is null or (k.at, k.id) < ($3::timestamptz, $4::uuid)) order by k.at desc, k.id desc limit $5`,
};

export const listConflicts = operation({
  name: 'sources.conflicts',
  summary: 'Fields that both sides changed since they last agreed, whose value stands, and what the other one was',
  http: 'GET /api/sources/{source_id}/conflicts',
  cli: 'sources conflicts',
  access: 'read',
  input: z.object({ sourceId, ...pageInput }),
  output: pageOf(Clash),
  errors: [SourceNotFound],
  async run(ctx, { sourceId: id, limit, cursor }) {
    await getSource(ctx, ctx.companyId, id);
    const [at, after] = cursor === undefined ? [null, null] : z.tuple([z.number(), z.uuid()]).parse(decodeCursor(cursor, 2));
    const rows = await ctx.query<Clash>(LIST, [ctx.companyId, id, at === null ? null : new Date(at), after, limit + 1]);
    return toPage(rows, limit, (row) => [row.at.getTime(), row.id]);
  },
});

const ONE: Statement = {
  name: 'sync.conflicts.one',
  text: `select field, ours, theirs, kept, person_id as "personId", organisation_id as "organisationId", decided_at as "decidedAt" from sync_conflicts where company_id = $1 and source_id = $2 and id = $3 for update`,
};
const DECIDE: Statement = {
  name: 'sync.conflicts.decide',
  text: 'update sync_conflicts set kept = $4, decided_at = $5, decided_by = $6 where company_id = $1 and source_id = $2 and id = $3',
};

export const decideConflict = operation({
  name: 'sources.decide',
  summary: 'Say whose value stands. Another one than now is written here, and with a source that goes both ways there, too',
  http: 'POST /api/sources/{source_id}/conflicts/{conflict_id}/decide',
  cli: 'sources decide',
  access: 'write',
  status: 200,
  input: z.object({ sourceId, conflictId: z.uuid().describe('Id of the conflict'), take: z.enum(['ours', 'theirs']) }),
  output: z.object({ changed: z.boolean().describe('false: that value stood already') }),
  errors: [SourceNotFound, ConflictNotFound, ConflictDecided],
  async run(ctx, { sourceId: id, conflictId, take }) {
    await getSource(ctx, ctx.companyId, id);
    const [row] = await ctx.query<{
      field: string;
      ours: string | null;
      theirs: string | null;
      kept: 'ours' | 'theirs';
      personId: string | null;
      organisationId: string | null;
      decidedAt: Date | null;
    }>(ONE, [ctx.companyId, id, conflictId]);
    if (row === undefined) throw new ConflictNotFound('There is no such conflict; list them with GET /api/sources/{source_id}/conflicts');
    if (row.decidedAt !== null) throw new ConflictDecided('Somebody has decided this one already');
    const changed = row.kept !== take;
    if (changed) await write(ctx, row, take === 'ours' ? row.ours : row.theirs);
    const by = ctx.principal.kind === 'user' ? ctx.principal.userId : null;
    await ctx.query(DECIDE, [ctx.companyId, id, conflictId, take, ctx.clock.now(), by]);
    ctx.subject('source', id);
    return { changed };
  },
});

const NAME: Statement = {
  name: 'sync.conflicts.organisation_name',
  text: 'update organisations set name = $3, name_key = $4, updated_at = $5 where company_id = $1 and id = $2',
};
const DOMAIN: Statement = {
  name: 'sync.conflicts.organisation_domain',
  text: 'update organisations set domain = $3, updated_at = $4 where company_id = $1 and id = $2',
};

async function write(
  ctx: Ctx,
  row: { field: string; personId: string | null; organisationId: string | null },
  value: string | null,
): Promise<void> {
  const at = ctx.clock.now();
  if (row.organisationId !== null) {
    if (row.field === 'domain') await ctx.query(DOMAIN, [ctx.companyId, row.organisationId, value, at]);
    else if (value !== null) await ctx.query(NAME, [ctx.companyId, row.organisationId, value, organisationKey(value), at]);
    return;
  }
  if (row.personId === null) return;
  await updatePerson(ctx, ctx.companyId, row.personId, await changesOf(ctx, row.field, value), at);
  ctx.emit({
    name: 'person.updated',
    subject: { type: 'person', id: row.personId },
    personId: row.personId,
    payload: { fields: [row.field] },
  });
}

async function changesOf(ctx: Ctx, field: string, value: string | null): Promise<PersonChanges> {
  switch (field) {
    case 'email':
      return value === null ? {} : { email: value };
    case 'name':
      return value === null ? {} : { name: parseName(value) };
    case 'phone':
      return { phone: await readPhone(ctx, ctx.companyId, value) };
    case 'organisation': {
      if (value === null) return { organisationId: null };
      const ids = await upsertOrganisations(ctx, ctx.companyId, [value], ctx.clock.now());
      return { organisationId: ids.get(organisationKey(value)) ?? null };
    }
    case 'owner':
      return { ownerId: value };
    case 'language':
      return { language: value };
    case 'time_zone':
      return { timeZone: value };
    case 'country':
      return { country: value };
    default:
      return { custom: await readCustom(ctx, ctx.companyId, { [field.slice('custom.'.length)]: value }) };
  }
}
