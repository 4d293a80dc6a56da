import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Statement, Transaction } from '#core/database/database.ts';
import { digestOf } from '#core/engine/definition.ts';
import type { WorkflowDefinition } from '#core/engine/types.ts';

/** What a rehearsal was made from, each part as a digest. */
export const Parts = z.object({
  definition: z.string(),
  settings: z.string(),
  templates: z.string(),
  sending: z.string(),
  people: z.string(),
});
export type Parts = z.output<typeof Parts>;

// Names tables of other modules, below them: whatever decides what leaves counts, and nothing is changed here. That sending is not launched or
// paused does not count: a rehearsal takes it as launched.
const SETTINGS: Statement = {
  name: 'rehearsals.parts.settings',
  text: `select w.settings, w.templates,
      (select coalesce(jsonb_agg(jsonb_build_array(t.key, t.version) order by t.key), '[]') from (
         select key, max(version) as version from message_templates where company_id = $1 and retired_at is null group by key) t) as texts,
      (select jsonb_build_object('name', c.name, 'settings', c.settings, 'industry', c.industry, 'website', c.website) from companies c where c.id = $1) as company,
      (select to_jsonb(s) - '{updated_at,launched_at,launched_by,paused_at,paused_by,pause_reason,rehearse_above}'::text[] from sending s where s.company_id = $1) as sending,
      (select to_jsonb(n) - 'updated_at' - 'created_at' from nurturing_settings n where n.company_id = $1) as letters,
      (select coalesce(jsonb_agg(jsonb_build_array(k.id, k.connector, k.state) order by k.id), '[]') from connections k where k.company_id = $1) as connections
    from workflows w where w.company_id = $1 and w.id = $2`,
};

/** One line a person: it differs when anything that a message of theirs hangs on has changed. */
const STAMPS: Statement = {
  name: 'rehearsals.parts.stamps',
  text: `with meant as materialized (
      select id from people where company_id = $1 and id = any ($2::uuid[])
      union select person_id from leads where company_id = $1 and id = any ($3::uuid[])
    )
    select p.id, md5(concat_ws('|', p.updated_at, p.full_name, p.email, p.time_zone, p.language, p.organisation_id, p.opted_out_at, p.custom::text,
        (select string_agg(concat_ws(':', l.id, l.status, l.source, l.owner_id), ',' order by l.id) from leads l where l.person_id = p.id and l.company_id = $1),
        (select string_agg(concat_ws(':', s.topic, s.state), ',' order by s.topic) from consent_state s where s.person_id = p.id and s.company_id = $1),
        (select count(*) from suppressions s where s.company_id = $1 and s.channel = 'email' and s.address = p.email),
        (select max(m.created_at) from messages m where m.person_id = p.id and m.company_id = $1))) as stamp
      from people p join meant on meant.id = p.id where p.company_id = $1 order by p.id`,
};

export interface Watermark {
  readonly parts: Parts;
  readonly hash: string;
  readonly stamps: ReadonlyMap<string, string>;
}

const sha = (value: unknown): string =>
  createHash('sha256')
    .update(typeof value === 'string' ? value : JSON.stringify(value))
    .digest('hex');

/** Definition, settings, templates, how sending stands, and the people with what is known of them: as they are now. */
export async function watermark(
  tx: Transaction,
  companyId: string,
  workflowId: string,
  definition: WorkflowDefinition,
  audience: { readonly personIds: readonly string[]; readonly leadIds: readonly string[] },
): Promise<Watermark> {
  const [[settings], stamps] = await Promise.all([
    tx.query<Record<'settings' | 'templates' | 'texts' | 'company' | 'sending' | 'letters' | 'connections', unknown>>(SETTINGS, [
      companyId,
      workflowId,
    ]),
    tx.query<{ id: string; stamp: string }>(STAMPS, [companyId, audience.personIds, audience.leadIds]),
  ]);
  const parts: Parts = {
    definition: digestOf(definition),
    settings: sha([settings?.settings, settings?.letters]),
    templates: sha([settings?.templates, settings?.texts]),
    sending: sha([settings?.company, settings?.sending, settings?.connections]),
    people: sha(stamps.map((row) => [row.id, row.stamp])),
  };
  return { parts, hash: sha(Object.entries(parts)), stamps: new Map(stamps.map((row) => [row.id, row.stamp])) };
}

const SAYS: Readonly<Record<Exclude<keyof Parts, 'people'>, string>> = {
  definition: 'The steps have changed',
  settings: 'The settings that letters are written from have changed',
  templates: 'A template has changed',
  sending: 'How mail is sent has changed: limits, hours, the sender or the mail server',
};

export interface Change {
  readonly part: keyof Parts;
  readonly says: string;
}

/**
 * What is no longer as it was rehearsed, in words. `all`: those who were rehearsed are meant, all of them; else some of them will do.
 */
export function changesSince(then: { parts: Parts; stamps: ReadonlyMap<string, string> }, now: Watermark, all: boolean): Change[] {
  const changes = changesOfWorkflow(then.parts, now.parts);
  const joined = [...now.stamps.keys()].filter((id) => !then.stamps.has(id)).length;
  const left = all ? [...then.stamps.keys()].filter((id) => !now.stamps.has(id)).length : 0;
  const other = [...now.stamps].filter(([id, stamp]) => then.stamps.has(id) && then.stamps.get(id) !== stamp).length;
  const say = (count: number, one: string, many: string) => {
    if (count > 0) changes.push({ part: 'people', says: count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${many}` });
  };
  say(joined, 'person is new', 'people are new');
  say(left, 'person is gone', 'people are gone');
  say(other, 'person has changed: their facts, consent, or mail since', 'people have changed: their facts, consent, or mail since');
  return changes;
}

/** The same, whoever enters. */
export function changesOfWorkflow(then: Parts, now: Parts): Change[] {
  return (['definition', 'settings', 'templates', 'sending'] as const).flatMap((part) =>
    then[part] === now[part] ? [] : [{ part, says: SAYS[part] }],
  );
}
