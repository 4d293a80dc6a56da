import type { Statement } from '#core/database/database.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';

/** In real time. */
const LOOK_MS = 3_600_000;
/** Days after which a file goes that nothing names. An editor that is open keeps what it shows: its draft is saved at once. */
const UNUSED_DAYS = 30;

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/**
 * Every id that stands in a template (any version: readers still open mails of old ones), a draft or a snippet is a name, and so is the list of files of any
 * message (index messages_attached). A text that names something else by the same id keeps a file too long, which harms nobody.
 */
const CLEAR: Statement = {
  name: 'messages.files.clear',
  text: `with old as materialized (
           select id, company_id from template_files where added_at < $1::timestamptz - interval '${UNUSED_DAYS} days'
         ), texts as (
           select company_id, concat_ws(' ', source::text, html, body, variants::text, attachments::text) as words from message_templates
           union all select company_id, content::text from message_template_drafts
           union all select company_id, body from message_snippets
         ), named as materialized (
           select distinct t.company_id, (found.ids)[1]::uuid as id
             from texts t cross join lateral regexp_matches(t.words, '${UUID}', 'g') as found (ids) where t.company_id in (select company_id from old)
         )
         delete from template_files f using old
          where f.id = old.id and f.added_at < $1::timestamptz - interval '${UNUSED_DAYS} days'
            and not exists (select from named n where n.id = old.id and n.company_id = old.company_id)
            and not exists (select from messages m where m.company_id = old.company_id and m.attachments is not null
                              and m.attachments @> jsonb_build_array(jsonb_build_object('attachmentId', old.id)))
         returning f.id`,
};

/** Deletes the files of templates that nothing has named for a month. Answers how many. */
export async function clearUnusedFiles(runtime: Runtime): Promise<number> {
  return runtime.system.write(async (tx) => (await tx.query(CLEAR, [runtime.clock.now()])).length);
}

/** The worker's share. */
export function watchFiles(runtime: Runtime): Stop {
  return nowAndThen({ log: runtime.log, everyMs: LOOK_MS, what: 'clear files that nothing names', round: () => clearUnusedFiles(runtime) });
}
