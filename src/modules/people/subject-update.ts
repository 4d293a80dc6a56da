import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { customChanges } from './custom/changes.ts';
import { customFields } from './custom/field.ts';
import { languageTag } from './language-tag.ts';
import { requireUsers } from './lookups.ts';
import { tagField } from './tags/tag.ts';
import { tagEvents, tagPersons, untagPersons } from './tags/tagging.ts';
import { timeZoneName } from './time-zone.ts';

const tags = () => z.array(tagField()).max(20).optional();

/** What the `update` step of a workflow may set of a person, directly or by their lead. */
export const personUpdates = {
  addTags: tags().meta({ title: 'Give tags' }),
  removeTags: tags().meta({ title: 'Take tags away' }),
  custom: z.record(z.string(), z.json()).optional().meta({ title: 'Fields of your own', format: 'custom' }),
  language: languageTag().optional().meta({ title: 'Language' }).describe('Such as en or de-AT'),
  timeZone: timeZoneName().optional().meta({ title: 'Time zone' }).describe('Such as Europe/Berlin'),
};

export const ownerField = () => z.uuid().optional().meta({ title: 'Who looks after them', format: 'user' });

/** A step that sets nothing is a step that was forgotten. */
export const something = <Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape, z.core.$strict>) =>
  schema.refine((set) => Object.keys(set).length > 0, { error: 'sets nothing; fill in at least one field' });

export interface PersonSet {
  readonly addTags?: readonly string[] | undefined;
  readonly removeTags?: readonly string[] | undefined;
  readonly custom?: Readonly<Record<string, unknown>> | undefined;
  readonly language?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly ownerId?: string | undefined;
}

interface Change {
  readonly companyId: string;
  readonly personId: string;
  readonly set: PersonSet;
}

const SET: Statement = {
  name: 'people.set',
  text: `with wanted as (
           select * from jsonb_to_recordset($1::jsonb) as x (company_id uuid, id uuid, language text, time_zone text, owner_id uuid, custom jsonb, clear text[])),
         locked as (
           select p.id, p.company_id, coalesce(w.language, p.language) as language, coalesce(w.time_zone, p.time_zone) as time_zone,
                  coalesce(w.owner_id, p.owner_id) as owner_id, (p.custom || w.custom) - w.clear as custom
             from wanted w join people p on p.id = w.id and p.company_id = w.company_id order by p.id for update of p)
         update people p set language = l.language, time_zone = l.time_zone, owner_id = l.owner_id, custom = l.custom, updated_at = $2
           from locked l
          where p.id = l.id and p.company_id = l.company_id
            and (p.language, p.time_zone, p.owner_id, p.custom) is distinct from (l.language, l.time_zone, l.owner_id, l.custom)
         returning p.id`,
};

/**
 * Sets fields and tags of many people, under either role, a handful of statements for each company; tells of those that changed.
 * @throws InvalidInput naming a custom field that is none, or a value that does not fit it; NotFound for an owner who is no user
 */
export async function setPersons(tx: Transaction, runtime: Runtime, changes: readonly Change[]): Promise<void> {
  const at = runtime.clock.now();
  for (const [companyId, own] of Map.groupBy(changes, (change) => change.companyId)) {
    await requireUsers(
      tx,
      companyId,
      own.flatMap(({ set }) => set.ownerId ?? []),
    );
    const fields = own.some(({ set }) => set.custom !== undefined) ? await customFields(tx, companyId) : [];
    const rows = own.flatMap(({ personId, set }) => {
      if (set.language === undefined && set.timeZone === undefined && set.ownerId === undefined && set.custom === undefined) return [];
      const custom = customChanges(fields, set.custom ?? {});
      const { language = null, timeZone: time_zone = null, ownerId: owner_id = null } = set;
      return [{ company_id: companyId, id: personId, language, time_zone, owner_id, custom: custom.set, clear: custom.clear }];
    });
    const changed = rows.length === 0 ? [] : await tx.query<{ id: string }>(SET, [JSON.stringify(rows), at]);
    const named = new Map(own.map((change) => [change.personId, change.set]));
    await runtime.engine.emit(
      tx,
      changed.map(({ id }) => ({
        name: 'person.updated',
        companyId,
        subject: { type: 'person', id },
        personId: id,
        payload: { fields: Object.keys(named.get(id) ?? {}).filter((key) => key !== 'addTags' && key !== 'removeTags') },
      })),
    );
    await retag(tx, runtime, companyId, own, at);
  }
}

/** Those who get or lose the same tags go together. */
async function retag(tx: Transaction, runtime: Runtime, companyId: string, own: readonly Change[], at: Date): Promise<void> {
  for (const group of Map.groupBy(own, ({ set }) => JSON.stringify([set.addTags ?? [], set.removeTags ?? []])).values()) {
    const { addTags = [], removeTags = [] } = group[0]?.set ?? {};
    const ids = group.map((change) => change.personId);
    const tagged = addTags.length === 0 ? [] : await tagPersons(tx, companyId, ids, addTags, at);
    const untagged = await untagPersons(tx, companyId, ids, removeTags);
    await runtime.engine.emit(tx, [
      ...tagEvents('person.tagged', companyId, tagged, addTags),
      ...tagEvents('person.untagged', companyId, untagged, removeTags),
    ]);
  }
}
