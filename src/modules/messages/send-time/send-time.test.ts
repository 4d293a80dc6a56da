import { afterAll, beforeAll, expect, test } from 'vitest';
import { modules } from '#app/modules.ts';
import { workflow } from '#core/engine/builder.ts';
import { newId } from '#core/ids.ts';
import { module } from '#core/module.ts';
import { createLeadOperation } from '#modules/leads/operations/leads.ts';
import { testApp, type TestApp } from '#testing/app.ts';
import { smtpSink, type SmtpSink } from '#testing/smtp-sink.ts';
import { listMessages } from '../operations/messages.ts';
import { updateSendingSettings } from '../operations/sending.ts';
import { messageStep } from '../send/step.ts';

const letter = module({
  name: 'letter',
  operations: [],
  workflows: [
    {
      active: true,
      definition: workflow('letter', { title: 'Letter', subject: 'lead', triggers: [{ on: 'event', event: 'lead.created' }] }, (w) => [
        w.step('Offer', messageStep, { subject: 'Hello', text: 'Hello {{ person.first_name }}', sendTime: 'best' }),
      ]),
    },
  ],
});

let app: TestApp;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await smtpSink();
  app = await testApp({
    settings: {
      SENDING: 'launched',
      SMTP_URL: sink.url,
      FROM_EMAIL: 'us@acme.test',
      POSTAL_ADDRESS: '1 High Street',
      SENDING_HOURS: '08:00-18:00',
    },
    modules: [...modules.filter((one) => one.name !== 'nurturing'), letter],
  });
});
afterAll(async () => {
  await app.close();
  await sink.close();
});

/** Mails of other weeks at one hour of the week, by UTC, and how many of them were answered. */
async function sentBefore(at: Date, weeks: number, answered: number): Promise<void> {
  const rows = Array.from({ length: weeks }, (_, index) => ({
    id: newId(),
    reply_id: newId(),
    at: new Date(at.getTime() - (index + 1) * 7 * 86_400_000),
    answered: index < answered,
  }));
  await app.runtime.system.write((tx) =>
    tx.query(
      {
        name: 'test.past_mails',
        text: `with past as (select * from json_to_recordset($1::json) as x (id uuid, reply_id uuid, at timestamptz, answered boolean)), sent as (
                 insert into messages (id, company_id, class, direction, state, to_email, thread_id, sent_at, created_at, updated_at)
                 select id, $2, 'commercial', 'outbound', 'sent', 'x@past.test', id, at, at, at from past)
               insert into messages (id, company_id, class, direction, state, to_email, thread_id, reply_to_id, created_at, updated_at)
               select reply_id, $2, 'transactional', 'inbound', 'received', 'us@acme.test', id, id, at, at from past where answered`,
      },
      [JSON.stringify(rows), app.company.companyId],
    ),
  );
}

test('a mail waits for the hour of the week at which people answered, says so, and leaves then', async () => {
  await app.call(updateSendingSettings, { keepHolidays: false });
  // The next Wednesday from now on, at ten and at three.
  const now = app.clock.now();
  const wednesday = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + ((3 - now.getUTCDay() + 7) % 7 || 7)));
  const at = (hour: number) => new Date(wednesday.getTime() + hour * 3_600_000);
  for (let copy = 0; copy < 8; copy++) {
    // eight weeks, within one summer time
    await sentBefore(at(10.5), 8, 0);
    await sentBefore(at(15.5), 8, 5);
  }
  app.clock.advance({ seconds: (at(10.25).getTime() - now.getTime()) / 1_000 });
  await app.call(createLeadOperation, { name: 'Ann Lee', email: 'ann@acme.test' });
  await app.drain();
  const [waiting] = (await app.call(listMessages, { direction: 'outbound', state: 'queued' })).items;
  expect(waiting).toMatchObject({
    toEmail: 'ann@acme.test',
    dueAt: at(15),
    stateReason: expect.stringContaining('40 of 64 mails were answered then'),
  });
  app.clock.advance({ hours: 4, minutes: 44 });
  await app.drain();
  expect(sink.mails).toEqual([]);
  app.clock.advance({ minutes: 2 });
  await app.drain();
  expect(sink.mails.map((mail) => mail.to)).toEqual(['ann@acme.test']);
});
