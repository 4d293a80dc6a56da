import type { Statement, Transaction } from '#core/database/database.ts';
import { AppError } from '#core/errors.ts';
import { nowAndThen, type Stop } from '#core/now-and-then.ts';
import type { Runtime } from '#core/runtime.ts';
import { dayOf } from '../days.ts';
import { saveDraft, type LineInput } from '../draft.ts';
import { lockInvoice } from '../invoice.ts';
import { issueDraft } from '../issue.ts';
import { addressee, startMail } from '../mail/start.ts';
import { paperLanguage } from '../paper-language.ts';
import { tellLapsed } from '../quote/lapse.ts';
import { chargeLateFees } from '../late/charge.ts';
import { loadSettings, type InvoiceSettings } from '../settings/load.ts';
import { netOfLines } from './amount.ts';
import { chargesOf, wordsOf } from './charge.ts';
import { lockPlan, openAdjustments, turnOf, versionsOf, type Adjustment, type StoredPlan } from './plan.ts';

/** In real time. */
const LOOK_MS = 60_000;
const MOST = 500;
/** Periods of one plan in one transaction: after a long downtime it goes on in the next one. */
const MOST_PERIODS = 24;

/** Plans whose day has come, by the company's own calendar. No zone is more than 14 hours ahead of UTC: that is what the index serves. */
const DUE: Statement = {
  name: 'invoice_plans.due',
  text: `select k.id, k.company_id as "companyId" from invoice_plans k join companies c on c.id = k.company_id
          where k.state = 'active' and k.bill_on <= ($1::timestamptz at time zone 'UTC' + interval '14 hours')::date
            and k.bill_on <= ($1::timestamptz at time zone coalesce(c.settings ->> 'time_zone', 'UTC'))::date and ($2::uuid is null or k.company_id = $2)
          order by k.bill_on, k.id limit ${MOST}`,
};
const TAKE: Statement = {
  name: 'invoice_plans.take_period',
  text: `insert into invoice_plan_periods (company_id, plan_id, starts_on, ends_on, made_at) values ($1, $2, $3::date, $4::date, $5) on conflict (plan_id, starts_on) do nothing returning plan_id`,
};
const MADE: Statement = {
  name: 'invoice_plans.period_made',
  text: 'update invoice_plan_periods set invoice_id = $4 where company_id = $1 and plan_id = $2 and starts_on = $3::date',
};
const SETTLED: Statement = {
  name: 'invoice_plans.adjustments_settled',
  text: 'update invoice_plan_adjustments set invoice_id = $3, settled_at = $4 where company_id = $1 and id = any ($2::uuid[])',
};
const MOVE: Statement = {
  name: 'invoice_plans.move_on',
  text: `update invoice_plans set next_on = $3::date, bill_on = $4::date, state = case when $3::date is null then 'ended' else state end, problem = $5, updated_at = $6 where company_id = $1 and id = $2`,
};
const STOP: Statement = {
  name: 'invoice_plans.stop',
  text: `update invoice_plans set state = 'paused', problem = $3, updated_at = $4 where company_id = $1 and id = $2 and state = 'active'`,
};

/** Invoices every period of a locked plan that is due, each once: the period's row, its invoice and where the plan stands commit together. Answers the ids of the invoices. */
export async function billPlan(tx: Transaction, runtime: Runtime, locked: StoredPlan, at: Date): Promise<string[]> {
  const { companyId, id, clientId } = locked;
  const settings = await loadSettings(tx, companyId);
  const today = dayOf(at, settings.timeZone);
  const [versions, adjustments] = [await versionsOf(tx, companyId, id), await openAdjustments(tx, companyId, id)];
  const words = wordsOf(await paperLanguage(tx, companyId, clientId, settings.options));
  const made: string[] = [];
  let open: readonly Adjustment[] = adjustments;
  let { nextOn, billOn, problem } = locked;
  for (let count = 0; nextOn !== null && billOn !== null && billOn <= today && count < MOST_PERIODS; count++) {
    const turn = turnOf(locked, nextOn);
    if (turn === null) break;
    const { period, whole, next } = turn;
    const fresh = (await tx.query(TAKE, [companyId, id, period.from, period.to, at])).length > 0;
    if (fresh) {
      const { lines, taken } = withAdjustments(chargesOf(versions, period, whole, words), open);
      if (lines.length > 0) {
        const invoice = await write(tx, runtime, locked, settings, { lines, period, at });
        made.push(invoice.id);
        problem = invoice.problem;
        await tx.query(MADE, [companyId, id, period.from, invoice.id]);
        await tx.query(SETTLED, [companyId, taken.map((one) => one.id), invoice.id, at]);
        open = open.filter((one) => !taken.includes(one));
      }
    }
    const after = turnOf(locked, next);
    nextOn = after === null ? null : next;
    billOn = after?.billOn ?? null;
  }
  if (nextOn === null && open.length > 0) problem = 'It ended with something that no invoice could hold; write a credit note for it';
  await tx.query(MOVE, [companyId, id, nextOn, billOn, problem, at]);
  return made;
}

/** What changed in periods before goes along, as long as the sum stays above nothing; else it waits for the next one. */
function withAdjustments(charges: readonly LineInput[], open: readonly Adjustment[]): { lines: LineInput[]; taken: Adjustment[] } {
  let sum = netOfLines(charges);
  const taken = open.filter(({ lines }) => {
    const more = netOfLines(lines);
    if (sum + more < 0) return false;
    sum += more;
    return true;
  });
  return { lines: [...charges, ...taken.flatMap(({ lines }) => lines)], taken };
}

async function write(
  tx: Transaction,
  runtime: Runtime,
  plan: StoredPlan,
  settings: InvoiceSettings,
  {
    lines,
    period,
    at,
  }: { readonly lines: readonly LineInput[]; readonly period: { readonly from: string; readonly to: string }; readonly at: Date },
): Promise<{ readonly id: string; readonly problem: string | null }> {
  const { companyId, clientId, title, notes, currency, paymentDays, mode } = plan;
  const id = await saveDraft(tx, settings, {
    companyId, clientId, kind: 'invoice', lines, title, notes, currency, paymentDays, periodStart: period.from, periodEnd: period.to, by: null, at,
  }); // prettier-ignore
  if (mode === 'draft') return { id, problem: null };
  const { event, number } = await issueDraft(tx, await lockInvoice(tx, companyId, id), settings, at);
  await runtime.engine.emit(tx, [{ ...event, companyId }]);
  if (mode === 'issue') return { id, problem: null };
  const whom = await addressee(tx, companyId, clientId);
  if (whom === null) return { id, problem: `${number} was issued and not mailed: ${plan.clientName} has no address` };
  await startMail(tx, runtime, companyId, id, whom.id);
  return { id, problem: null };
}

/** One look: every plan that is due, of one company or of all. Answers the ids of the invoices. What can't be invoiced stands still and says why. */
export async function billDue(runtime: Runtime, companyId: string | null = null, going: () => boolean = () => true): Promise<string[]> {
  const made: string[] = [];
  const at = runtime.clock.now();
  for (;;) {
    const due = await runtime.system.read((tx) => tx.query<{ id: string; companyId: string }>(DUE, [at, companyId]));
    for (const plan of due) {
      if (!going()) return made;
      try {
        made.push(
          ...(await runtime.database.write(plan.companyId, async (tx) => {
            const locked = await lockPlan(tx, plan.companyId, plan.id);
            return locked.state === 'active' ? billPlan(tx, runtime, locked, at) : [];
          })),
        );
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        await runtime.database.write(plan.companyId, (tx) => tx.query(STOP, [plan.companyId, plan.id, error.message, at]));
      }
    }
    if (due.length === 0) break;
  }
  if (made.length > 0) runtime.engine.nudge();
  return made;
}

/** The worker's share: what is due again, the fees of what is late, and quotes that lapse. */
export function startBilling(runtime: Runtime): Stop {
  return nowAndThen({
    log: runtime.log,
    everyMs: LOOK_MS,
    what: 'invoice what is due',
    round: async (going) => {
      await billDue(runtime, null, going);
      await chargeLateFees(runtime, null, going);
      await tellLapsed(runtime, going);
    },
  });
}
