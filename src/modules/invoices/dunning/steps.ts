import { z } from 'zod';
import type { Statement } from '#core/database/database.ts';
import { batchStep, type EventHandler, type StepResult } from '#core/engine/types.ts';

const OPEN: Statement = {
  name: 'invoices.still_owed',
  text: `select id from invoices where id = any ($1::uuid[]) and kind = 'invoice' and state in ('issued', 'partly_paid')`,
};
const MARK: Statement = {
  name: 'invoices.mark_overdue',
  text: `update invoices set overdue_told_at = $2 where id = any ($1::uuid[]) and kind = 'invoice' and state in ('issued', 'partly_paid') and overdue_told_at is null and overdue_from <= $2
         returning id, company_id as "companyId", number, reminders`,
};
/** Paid in part meanwhile: what is left falls due later. */
const LATER: Statement = {
  name: 'invoices.due_later',
  text: `select id, overdue_from as "overdueFrom" from invoices where id = any ($1::uuid[]) and kind = 'invoice' and state in ('issued', 'partly_paid') and overdue_from > $2`,
};
const SETTLED: StepResult = { kind: 'end', outcome: 'settled' };

/** Tells, once, that an invoice is overdue. */
export const overdueStep = batchStep({
  type: 'invoice_overdue',
  title: 'Say that the invoice is overdue',
  description: 'Raises “An invoice is overdue” while something is owed on it; ends the run when it is settled.',
  input: z.object({}),
  async run(tx, items, runtime) {
    const marked = await tx.query<{ id: string; companyId: string; number: string }>(MARK, [
      items.map(({ run }) => run.subject.id),
      runtime.clock.now(),
    ]);
    const events = marked.map(({ id, companyId, number }) => ({
      name: 'invoice.overdue',
      companyId,
      subject: { type: 'invoice', id },
      payload: { number },
    }));
    if (events.length > 0) await runtime.engine.emit(tx, events);
    const told = new Set(marked.map(({ id }) => id));
    const rest = items.map(({ run }) => run.subject.id).filter((id) => !told.has(id));
    const later = rest.length === 0 ? [] : await tx.query<{ id: string; overdueFrom: Date }>(LATER, [rest, runtime.clock.now()]);
    const waits = new Map(later.map(({ id, overdueFrom }) => [id, overdueFrom]));
    return items.map(({ run }): StepResult => {
      if (told.has(run.subject.id)) return { kind: 'next' };
      const until = waits.get(run.subject.id);
      return until === undefined ? SETTLED : { kind: 'wait', until, reason: 'Until the rest is overdue' };
    });
  },
});

/** Looks at the invoice again: who has paid is not reminded. */
export const owedStep = batchStep({
  type: 'invoice_owed',
  title: 'Is it still owed?',
  description: 'Goes on while something is owed on the invoice; ends the run when it was paid, credited, voided or written off.',
  input: z.object({}),
  facts: false,
  changesFacts: false,
  async run(tx, items) {
    const open = new Set((await tx.query<{ id: string }>(OPEN, [items.map(({ run }) => run.subject.id)])).map(({ id }) => id));
    return items.map(({ run }): StepResult => (open.has(run.subject.id) ? { kind: 'next' } : SETTLED));
  },
});

/** Notes on the invoice that its client was reminded. By an event: a payment locks the invoice and then the run, a step the other way round. */
export const remindedStep = batchStep({
  type: 'invoice_reminded',
  title: 'Note the reminder',
  description: 'Counts on the invoice that its client was reminded.',
  input: z.object({ level: z.int().min(1).max(20) }),
  facts: false,
  changesFacts: false,
  async run(tx, items, runtime) {
    await runtime.engine.emit(
      tx,
      items.map(({ run, input }) => ({
        name: 'invoice.reminded',
        companyId: run.companyId,
        subject: { type: 'invoice', id: run.subject.id },
        payload: { level: input.level },
      })),
    );
    return items.map((): StepResult => ({ kind: 'next' }));
  },
});

const COUNT: Statement = {
  name: 'invoices.count_reminder',
  text: `update invoices i set reminders = greatest(i.reminders, x.level), reminded_at = x.at
           from (select company_id, id, max(level) as level, max(at) as at from jsonb_to_recordset($1::jsonb) as e(company_id uuid, id uuid, level integer, at timestamptz) group by 1, 2) x
          where i.id = x.id and i.company_id = x.company_id`,
};

export const onReminded: EventHandler = {
  event: 'invoice.reminded',
  name: 'invoices.count_reminder',
  async handle(tx, events) {
    const rows = events.map(({ companyId, subject, payload, at }) => ({
      company_id: companyId,
      id: subject.id,
      level: Number(payload?.['level'] ?? 1),
      at,
    }));
    await tx.query(COUNT, [JSON.stringify(rows)]);
  },
};
