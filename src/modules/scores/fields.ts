import type { PersonField } from '#core/fields/types.ts';
import { GRADES } from './rules.ts';

/** Scores stand for leads; of the person it is the open lead's, which is at most one. */
const rows = { of: 'rows', from: 'leads sl join lead_scores ls on ls.lead_id = sl.id and ls.company_id = $1' } as const;
const where = `sl.person_id = p.id and sl.company_id = $1 and sl.status not in ('converted', 'lost')`;

/** What segments may ask of a score. */
export const scoreFields: readonly PersonField[] = [
  { name: 'lead.score', label: 'Score', group: 'Lead', type: 'number', sql: () => ({ ...rows, where, value: 'ls.score' }) },
  {
    name: 'lead.grade',
    label: 'Grade',
    group: 'Lead',
    type: 'choice',
    options: GRADES.map((grade) => ({ value: grade, label: grade })),
    sql: () => ({ ...rows, where, value: 'ls.grade' }),
  },
  {
    name: 'lead.conversion',
    label: 'Chance to convert, in per cent',
    group: 'Lead',
    type: 'number',
    sql: () => ({
      of: 'rows',
      from: 'leads sl join conversion_predictions cp on cp.lead_id = sl.id and cp.company_id = $1',
      where,
      value: '(cp.chance * 100)',
    }),
  },
];
