import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { Forbidden, NotFound } from '#core/errors.ts';
import type { Ctx } from '#core/operation/context.ts';
import { operation } from '#core/operation/operation.ts';
import { pageInput, pageOf } from '#core/operation/page.ts';
import { atLeast } from '#core/operation/principal.ts';
import { notify } from '#modules/notifications/public.ts';
import { PersonNotFound } from '../errors.ts';
import { INTERACTION_COLUMNS, Interaction, recordInteractions } from '../interactions.ts';
import { getPerson, type Person } from '../person.ts';
import { personId } from './people.ts';
import { personTimeline } from './timeline.ts';

/** No such note on this person. */
export class NoteNotFound extends NotFound {
  override readonly code = 'note_not_found';
}

const content = () => z.string().trim().min(1).max(20_000);
const mentions = () => z.array(z.uuid()).max(50).describe('Users who are named in the note and told of it');

const userIdOf = (ctx: Ctx): string | null => ('userId' in ctx.principal ? ctx.principal.userId : null);

const USERS: Statement = {
  name: 'people.notes.users',
  text: `select id, coalesce(nullif(full_name, ''), username) as name from users where company_id = $1 and id = any($2::uuid[])`,
};

interface Mention {
  readonly user_id: string;
  readonly name: string;
}

/** @throws NotFound when one is no user of this company */
async function mentioned(ctx: Ctx, ids: readonly string[]): Promise<Mention[]> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return [];
  const users = await ctx.query<{ id: string; name: string }>(USERS, [ctx.companyId, wanted]);
  if (users.length < wanted.length) {
    throw new NotFound('One of the users you mention does not exist; list them with GET /api/users', {
      fields: [{ path: 'mention_ids', message: 'no such user' }],
    });
  }
  return users.map((user) => ({ user_id: user.id, name: user.name }));
}

async function tell(ctx: Ctx, person: Person, note: Interaction, users: readonly Mention[]): Promise<void> {
  const by = userIdOf(ctx);
  const name = person.fullName === '' ? (person.email ?? person.phone ?? 'a person') : person.fullName;
  await notify(
    ctx,
    ctx.runtime,
    users
      .filter((user) => user.user_id !== by)
      .map((user) => ({
        companyId: ctx.companyId,
        userId: user.user_id,
        kind: 'mention',
        title: `You are mentioned in a note on ${name}`,
        body: note.content.slice(0, 500).toWellFormed(),
        link: `/people/${person.id}`,
        personId: person.id,
        key: `mention:${note.id}:${user.user_id}`,
      })),
  );
}

export const createNote = operation({
  name: 'notes.create',
  summary: 'Write a note on a person; who is mentioned is told',
  http: 'POST /api/people/{person_id}/notes',
  cli: 'people note',
  access: 'write',
  input: z.object({ personId: personId(), content: content(), mentionIds: mentions().default([]) }),
  output: Interaction,
  errors: [PersonNotFound],
  async run(ctx, input) {
    const person = await getPerson(ctx, ctx.companyId, input.personId);
    const users = await mentioned(ctx, input.mentionIds);
    const [note] = await recordInteractions(ctx, [
      {
        companyId: ctx.companyId,
        personId: input.personId,
        type: 'note',
        direction: 'internal',
        content: input.content,
        ...(users.length === 0 ? {} : { metadata: { mentions: users.map((user) => ({ ...user })) } }),
        createdBy: userIdOf(ctx),
        at: ctx.clock.now(),
      },
    ]);
    if (note === undefined) throw new PersonNotFound('This person was deleted a moment ago');
    await tell(ctx, person, note, users);
    return note;
  },
});

const LOCK: Statement = {
  name: 'people.notes.lock',
  text: `select ${INTERACTION_COLUMNS} from interactions i where i.company_id = $1 and i.person_id = $2 and i.id = $3 and i.type = 'note' for update`,
};
const UPDATE: Statement = {
  name: 'people.notes.update',
  text: `update interactions i set content = $3, metadata = jsonb_set(metadata, '{mentions}', $4::jsonb), edited_at = $5 where i.company_id = $1 and i.id = $2
         returning ${INTERACTION_COLUMNS}`,
};
const DELETE: Statement = { name: 'people.notes.delete', text: 'delete from interactions where company_id = $1 and id = $2' };

/** One's own; a manager's right reaches to those of others. @throws NoteNotFound, Forbidden */
async function ownNote(ctx: Ctx, person: string, id: string): Promise<Interaction> {
  const [note] = await ctx.query<Interaction>(LOCK, [ctx.companyId, person, id]);
  if (note === undefined) throw new NoteNotFound('There is no such note on this person; list them with GET /api/people/{person_id}/notes');
  const role = ctx.principal.kind === 'public' ? 'user' : ctx.principal.role;
  if (note.createdBy !== userIdOf(ctx) && !atLeast(role, 'manager'))
    throw new Forbidden('Somebody else wrote this note; its writer or a manager may change it');
  return note;
}

export const updateNote = operation({
  name: 'notes.update',
  summary: 'Change a note; who is newly mentioned is told',
  http: 'PUT /api/people/{person_id}/notes/{note_id}',
  cli: 'people update-note',
  access: 'write',
  input: z.object({ personId: personId(), noteId: z.uuid(), content: content(), mentionIds: mentions().default([]) }),
  output: Interaction,
  errors: [NoteNotFound],
  async run(ctx, input) {
    const note = await ownNote(ctx, input.personId, input.noteId);
    ctx.expectVersion({ updatedAt: note.editedAt ?? note.createdAt });
    const users = await mentioned(ctx, input.mentionIds);
    const [changed] = await ctx.query<Interaction>(UPDATE, [ctx.companyId, note.id, input.content, JSON.stringify(users), ctx.clock.now()]);
    if (changed === undefined) throw new NoteNotFound('This note was deleted a moment ago');
    await tell(ctx, await getPerson(ctx, ctx.companyId, input.personId), changed, users);
    return changed;
  },
});

export const deleteNote = operation({
  name: 'notes.delete',
  summary: 'Delete a note',
  http: 'DELETE /api/people/{person_id}/notes/{note_id}',
  cli: 'people delete-note',
  access: 'write',
  destructive: true,
  input: z.object({ personId: personId(), noteId: z.uuid() }),
  output: z.object({}),
  errors: [NoteNotFound],
  async run(ctx, input) {
    const note = await ownNote(ctx, input.personId, input.noteId);
    await ctx.query(DELETE, [ctx.companyId, note.id]);
    return {};
  },
});

export const listNotes = operation({
  name: 'notes.list',
  summary: 'Notes on a person, newest first',
  http: 'GET /api/people/{person_id}/notes',
  cli: 'people notes',
  access: 'read',
  input: z.object({ personId: personId(), ...pageInput }),
  output: pageOf(Interaction),
  errors: [PersonNotFound],
  run: (ctx, input) => personTimeline.run(ctx, { ...input, kind: ['note'] }),
});
