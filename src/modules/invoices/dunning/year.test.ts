import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from '#testing/app.ts';
import { queryAs } from '#testing/database.ts';
import { createInvoice } from '../operations/invoices.ts';
import { creditInvoice, payInvoice, voidInvoice, writeOffInvoice } from '../operations/money.ts';
import { aPayer, ledgerFaults } from '../testing.ts';

/** Many in a long proof: STEWARD_TEST_INVOICES=1000 STEWARD_TEST_STRIDE=1 (days) */
const COUNT = Number(process.env['STEWARD_TEST_INVOICES'] ?? 14);
const STRIDE = Number(process.env['STEWARD_TEST_STRIDE'] ?? 9);
const DAYS = 366;

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ settings: { FROM_EMAIL: 'us@acme.test' } });
});
afterAll(() => app.close());

const ENDS = ['never', 'whole', 'parts', 'over', 'void', 'write off', 'credit'] as const;

/** The same in every run: a small generator of its own (Park and Miller). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

async function end(how: (typeof ENDS)[number], invoiceId: string): Promise<void> {
  if (how === 'whole') await app.call(payInvoice, { invoiceId });
  if (how === 'over') await app.call(payInvoice, { invoiceId, amount: '500.00' });
  if (how === 'void') await app.call(voidInvoice, { invoiceId });
  if (how === 'write off') await app.call(writeOffInvoice, { invoiceId });
  if (how === 'credit') await app.call(creditInvoice, { invoiceId });
  if (how !== 'parts') return;
  await app.call(payInvoice, { invoiceId, amount: '1.00' });
  await app.call(payInvoice, { invoiceId });
}

test(
  'a year of invoices: nobody is reminded after the end of what they owe, nobody twice of the same, and the books are right to the cent',
  async () => {
    const roll = dice(20_260_602);
    const clients = await Promise.all(Array.from({ length: Math.min(COUNT, 5) }, () => aPayer(app)));
    // Issued in the first nine months; ended at some day after that, or never: before they are due, on a rung, between two.
    const plan = Array.from({ length: COUNT }, (_, i) => {
      const on = roll(270);
      return { on, endOn: on + 1 + roll(80), how: ENDS[i % ENDS.length] ?? 'never', id: '', ended: false };
    });
    for (let day = 0; day <= DAYS; day += STRIDE) {
      for (const one of plan.filter(({ id, on }) => id === '' && on <= day)) {
        const amount = `${10 + roll(90)}.${String(roll(100)).padStart(2, '0')}`;
        one.id = (await app.call(createInvoice, { clientId: clients[roll(clients.length)] ?? '', amount, paymentDays: roll(31), issue: true })).id; // prettier-ignore
      }
      // Half of the ends come in the very moment in which letters fall due: before anybody has looked.
      const due = plan.filter(({ id, ended, endOn }) => id !== '' && !ended && endOn <= day);
      const [before, after] = [due.filter(({ on }) => on % 2 === 0), due.filter(({ on }) => on % 2 === 1)];
      for (const one of before) await end(one.how, one.id);
      await app.drain();
      for (const one of after) await end(one.how, one.id);
      due.forEach((one) => (one.ended = true));
      app.clock.advance({ days: STRIDE });
    }
    await app.drain();

    expect(await ledgerFaults(app)).toEqual([]);
    const [told] = await queryAs<Record<string, number>>(
      app.target,
      'owner',
      `select count(*)::int as letters,
         count(*) filter (where i.state not in ('issued', 'partly_paid') and coalesce(m.sent_at, m.created_at) > ended.at)::int as after_the_end,
         count(*) - count(distinct (r.subject_id, m.step_id)) as twice, count(*) filter (where coalesce(m.sent_at, m.created_at) < i.overdue_from)::int as early,
         (select count(*) from invoices where state in ('issued', 'partly_paid') and reminders < 3 and kind = 'invoice')::int as forgotten
       from messages m join runs r on r.id = m.run_id join invoices i on i.id = r.subject_id
       cross join lateral (select coalesce(i.paid_at, i.updated_at) as at) ended
       where m.workflow = 'invoice-reminders' and m.state = 'captured'`,
    );
    process.stdout.write(`a year of ${COUNT} invoices: ${JSON.stringify(told)}\n`);
    expect(told).toMatchObject({ after_the_end: 0, early: 0, forgotten: 0 });
    expect(Number(told?.['twice'])).toBe(0);
    expect(Number(told?.['letters'])).toBeGreaterThanOrEqual(COUNT);
    const [sums] = await queryAs<Record<string, string>>(
      app.target,
      'owner',
      `select (select sum(g) from (select max(sequence) - count(*) as g from invoices where sequence is not null group by series) s) as gaps, count(*) - count(distinct number) as doubles,
         sum(total_cents - paid_cents - credited_cents - written_off_cents) filter (where state <> 'void') - (select sum(amount_cents) from ledger_entries where account = 'receivable') as owed,
         sum(written_off_cents) - (select sum(amount_cents) from ledger_entries where account = 'write_off') as written_off,
         (select sum(amount_cents) from ledger_entries) as all_entries
       from invoices where kind = 'invoice'`,
    );
    expect(sums).toEqual({ gaps: '0', doubles: '0', owed: '0', written_off: '0', all_entries: '0' });
  },
  COUNT > 100 ? 3_000_000 : 60_000,
);
