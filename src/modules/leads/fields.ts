import { z } from 'zod';
import { Lead } from './lead.ts';

/** What a list can show of a lead beside the lead itself; each costs a look elsewhere, so it is asked for by name. */
export const LEAD_FIELDS = ['last_touch_at', 'owner', 'organisation', 'tags', 'custom', 'score'] as const;
export type LeadField = (typeof LEAD_FIELDS)[number];

export const LEAD_GRADES = ['A', 'B', 'C', 'D'] as const;

export const LeadRow = Lead.extend({
  lastTouchAt: z.date().nullable().optional().describe('Last word in either direction; null: never'),
  owner: z.object({ id: z.uuid(), name: z.string() }).nullable().optional(),
  organisation: z.object({ id: z.uuid(), name: z.string() }).nullable().optional(),
  tags: z.array(z.string()).optional(),
  score: z
    .object({ score: z.int().describe('0 to 100'), grade: z.enum(LEAD_GRADES) })
    .nullable()
    .optional()
    .describe('How promising; null: not worked out (yet)'),
  custom: z.record(z.string(), z.json()).optional().describe('Values of custom fields by key'),
});

const COLUMNS: Readonly<Record<LeadField, string>> = {
  last_touch_at: `nullif(l.last_touch_at, 'epoch') as "lastTouchAt"`,
  owner: `(select jsonb_build_object('id', u.id, 'name', coalesce(nullif(u.full_name, ''), u.email)) from users u where u.id = l.owner_id and u.company_id = l.company_id) as owner`,
  organisation: `(select jsonb_build_object('id', o.id, 'name', o.name) from organisations o where o.id = p.organisation_id and o.company_id = l.company_id) as organisation`,
  tags: `array(select t.name from person_tags pt join tags t on t.id = pt.tag_id where pt.person_id = l.person_id and pt.company_id = l.company_id order by t.name_key) as tags`,
  custom: 'p.custom',
  score: `(select jsonb_build_object('score', s.score, 'grade', s.grade) from lead_scores s where s.lead_id = l.id and s.company_id = l.company_id) as score`,
};

/** To follow LEAD_COLUMNS; empty when nothing was asked for. */
export function columnsOf(fields: readonly LeadField[]): string {
  return fields.map((field) => `, ${COLUMNS[field]}`).join('');
}
