import type { Statement, Transaction } from '#core/database/database.ts';
import { scoreOf } from './compute.ts';
import { gather, type Candidate } from './gather.ts';
import { modelOf } from './model.ts';
import type { Grade, Grades, Rule } from './rules.ts';

/** Leads that a preview works out: those that changed last. */
const SAMPLE = 2_000;
const MOST_SHOWN = 30;

const RECENT: Statement = {
  name: 'scores.preview_leads',
  text: `select id from leads where company_id = $1 and status not in ('converted', 'lost') order by updated_at desc, id desc limit ${SAMPLE + 1}`,
};

export interface Change {
  readonly leadId: string;
  readonly personId: string;
  readonly name: string;
  readonly from: { readonly score: number; readonly grade: Grade };
  readonly to: { readonly score: number; readonly grade: Grade };
}

/** How many have each grade. */
export interface Counts {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export interface Preview {
  /** Leads that were worked out. */
  readonly looked: number;
  /** False: only the ones that changed last were. */
  readonly all: boolean;
  readonly before: Counts;
  readonly after: Counts;
  /** How many change grade. */
  readonly changing: number;
  /** Some of them, biggest change first. */
  readonly changes: readonly Change[];
}

/** Who would change grade with these rules. Nothing is written. */
export async function previewOf(
  tx: Transaction,
  companyId: string,
  proposed: { readonly rules: readonly Rule[]; readonly grades: Grades },
  now: Date,
): Promise<Preview> {
  const current = await modelOf(tx, companyId);
  const ids = (await tx.query<{ id: string }>(RECENT, [companyId])).map((row) => row.id);
  const candidates = await gather(tx, companyId, ids.slice(0, SAMPLE), now);
  const both = candidates.map((candidate) => compare(candidate, current, proposed, now));
  const changing = both.filter(({ from, to }) => from.grade !== to.grade);
  return {
    looked: candidates.length,
    all: ids.length <= SAMPLE,
    before: countOf(both.map(({ from }) => from.grade)),
    after: countOf(both.map(({ to }) => to.grade)),
    changing: changing.length,
    changes: changing.toSorted((a, b) => Math.abs(b.to.score - b.from.score) - Math.abs(a.to.score - a.from.score)).slice(0, MOST_SHOWN),
  };
}

type Rules = { readonly rules: readonly Rule[]; readonly grades: Grades };

function compare({ leadId, personId, name, facts, touches }: Candidate, current: Rules, proposed: Rules, now: Date): Change {
  const [from, to] = [scoreOf(current, facts, touches, now), scoreOf(proposed, facts, touches, now)];
  return { leadId, personId, name, from: { score: from.score, grade: from.grade }, to: { score: to.score, grade: to.grade } };
}

function countOf(grades: readonly Grade[]): Counts {
  const of = (grade: Grade) => grades.filter((one) => one === grade).length;
  return { a: of('A'), b: of('B'), c: of('C'), d: of('D') };
}
