import { z } from 'zod';
import type { VendorHttp } from '#core/connector/http.ts';
import type { PageWanted, SourcePage, SourceValue } from '#core/ports/source.ts';
import { Notes } from './shapes.ts';

const PAGE = 500;
const OVERLAP_MS = 60_000;
/** `since`: as Pipedrive writes moments; null: from the first note on. `start`: how many of that very moment are read. */
const Cursor = z.object({ since: z.string().nullable(), start: z.int() });

/** Pipedrive writes `2026-05-01 10:00:00`, at UTC. */
export function momentOf(text: string | null | undefined): Date | null {
  const at = text == null ? Number.NaN : Date.parse(text.replace(' ', 'T').replace(/(\d)$/, '$1Z'));
  return Number.isNaN(at) ? null : new Date(at);
}
const asked = (at: Date) => at.toISOString().replace(/\.\d+Z$/, 'Z');

/** Notes have only offsets: each page begins at the last moment seen, since an offset would pass over notes whenever one is deleted meanwhile. */
export async function notesPage(http: VendorHttp, wanted: PageWanted, call: { readonly signal?: AbortSignal }): Promise<SourcePage> {
  const since = wanted.mark === null ? null : asked(new Date(Date.parse(wanted.mark) - OVERLAP_MS));
  const place = wanted.cursor === null ? { since, start: 0 } : Cursor.parse(JSON.parse(wanted.cursor));
  const query = { limit: PAGE, start: place.start, sort: 'update_time ASC', updated_since: place.since ?? undefined };
  const data = (await http.get('/v1/notes', { answer: Notes, query, ...call })).data ?? [];
  const living = data.filter((note) => note.active_flag !== false);
  const records = living.map((note) => {
    const all: Readonly<{ [name: string]: SourceValue }> = {
      touch: 'note',
      content: note.content ?? null,
      person_id: note.person_id ?? null,
      add_time: momentOf(note.add_time)?.toISOString() ?? null,
    };
    return {
      externalId: String(note.id),
      changedAt: momentOf(note.update_time),
      values: Object.fromEntries(wanted.fields.map((field) => [field, all[field] ?? null])),
    };
  });
  const gone = data.filter((note) => note.active_flag === false).map(({ id }) => String(id));
  const last = momentOf(data.at(-1)?.update_time);
  const seen = last === null ? place.since : asked(last);
  // The mark is the last change that was seen, by their clock.
  if (data.length < PAGE) return { records, gone, cursor: null, mark: seen ?? wanted.mark };
  const next = seen === place.since ? { since: seen, start: place.start + data.length } : { since: seen, start: 0 };
  return { records, gone, cursor: JSON.stringify(next), mark: null };
}
