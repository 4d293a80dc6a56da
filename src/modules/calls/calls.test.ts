import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { constraintOf } from '#core/database/pg-error.ts';
import { newId } from '#core/ids.ts';
import type { Principal } from '#core/operation/principal.ts';
import { authorizedConnection } from '#modules/connections/operations/sign-in.ts';
import { createConnection } from '#modules/connections/operations.ts';
import { listRuns } from '#modules/workflows/operations/runs.ts';
import { erasePerson } from '#modules/people/public.ts';
import { createPersonOperation } from '#modules/people/operations/people.ts';
import { testApp, type TestApp, type TestCompany } from '#testing/app.ts';
import { fakeGoogleCalendar, type FakeGoogleCalendar } from '#testing/vendors/google-calendar.ts';
import { bookCall, callLinkOperation, callTimes, cancelCallOperation, enterCallAgain, getCallOperation, listCalls, moveCallOperation, planCallOperation } from './operations/calls.ts'; // prettier-ignore
import { connectHost, listHosts, saveHost } from './operations/hosts.ts';
import { createKind, updateKind } from './operations/kinds.ts';
import { eventIdOf } from './entry/effect.ts';
import { watchEntries } from './entry/watch.ts';

let app: TestApp;
let google: FakeGoogleCalendar;
beforeAll(async () => {
  google = await fakeGoogleCalendar();
  app = await testApp({ vendorBaseUrls: { google_calendar: google.url } });
});
afterAll(async () => {
  await app.close();
  await google.close();
});
beforeEach(async () => {
  google.fate(() => 'taken');
  await app.drain();
  google.events.clear();
  google.busy.clear();
  google.unreadable.clear();
});

const SESSION = '0190a000-0000-7000-8000-000000000001';
/** A Wednesday, two days from the first one of the test clock. */
const at = (clock: string, day = '2026-06-03') => new Date(`${day}T${clock}:00+02:00`);
const clocks = (items: readonly { at: Date }[], day = '2026-06-03') =>
  items
    .map((one) => one.at.toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' }))
    .filter((text) => text.startsWith(day))
    .map((text) => text.slice(11, 16));

/** A company whose admin can be called, with a kind of call and, unless told otherwise, a calendar at Google. */
async function office({ connected = true, ...kind }: { connected?: boolean } & Partial<Parameters<typeof app.call<typeof createKind.input, typeof createKind.output>>[1]> = {}) {
  const company: TestCompany = await app.aCompany();
  const as: Principal = { kind: 'user', companyId: company.companyId, userId: company.userId, role: 'admin', sessionId: SESSION };
  if (connected) {
    await app.call(createConnection, { connector: 'google_calendar', credentials: { client_id: 'client-of-tests', client_secret: 'secret-of-tests' } }, { as });
    const { url } = await app.call(connectHost, { userId: company.userId }, { as });
    const state = new URL(url).searchParams.get('state') ?? '';
    expect(await app.call(authorizedConnection, { state, code: 'any' }, { as })).toMatchObject({ ok: true, account: 'ann@acme.test' });
  }
  const made = await app.call(createKind, { title: 'First call', hostIds: [company.userId], minutes: 60, stepMinutes: 60, noticeMinutes: 0, horizonDays: 7, ...kind }, { as });
  const person = (name: string) => app.call(createPersonOperation, { fullName: name, email: `${name.toLowerCase()}@calls.test` }, { as });
  const times = () => app.call(callTimes, { kindId: made.id }, { as });
  const entries = () => [...(google.events.get('primary')?.values() ?? [])];
  return { company, as, kind: made, person, times, entries };
} // prettier-ignore

const get = (url: string) => app.http.inject({ method: 'GET', url });
const onceOf = (page: string) => /name="once" value="([^"]+)"/.exec(page)?.[1] ?? '';
const post = (url: string, fields: Record<string, string>) =>
  app.http.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });

test('times on offer keep clear of the calendar, of what is around them and of calls of ours; the invitation goes out, and the entry stands once', async () => {
  const { as, kind, person, times, entries } = await office({ afterMinutes: 15 });
  google.busy.set('primary', [{ start: '2026-06-03T10:00:00+02:00', end: '2026-06-03T11:00:00+02:00' }]);
  app.clock.advance({ minutes: 2 });
  expect(clocks((await times()).items)).toEqual(['11:00', '12:00', '13:00', '14:00', '15:00', '16:00']);
  const ann = await person('Ann');
  const call = await app.call(bookCall, { personId: ann.id, kindId: kind.id, at: at('13:00') }, { as });
  expect(call).toMatchObject({ state: 'planned', sequence: 1, bookedBy: 'us', entry: 'waiting', hostName: 'Ada Admin', unread: false });
  await app.drain();
  expect(entries()).toMatchObject([{ id: eventIdOf(call.id), status: 'confirmed', writes: 1, body: { summary: 'First call: Ann', start: { dateTime: at('13:00').toISOString() } } }]);
  expect(await app.call(getCallOperation, { callId: call.id }, { as })).toMatchObject({ entry: 'there', entryLink: expect.stringContaining('calendar.google.test') });
  const mails = await app.runtime.system.read((tx) =>
    tx.query<{ subject: string; text: string; attachments: readonly { filename: string; contentType: string }[] }>({ name: 'test.mails', text: 'select subject, text, attachments from messages where person_id = $1' }, [ann.id]),
  );
  expect(mails).toMatchObject([{ subject: 'Our call on 3 June 2026, 13:00 (Europe/Berlin)', text: expect.stringContaining('/call/'), attachments: [{ filename: 'invitation.ics', contentType: 'text/calendar; charset=utf-8; method=REQUEST' }] }]);
  await expect(app.call(bookCall, { personId: ann.id, kindId: kind.id, at: at('15:00') }, { as })).rejects.toMatchObject({ code: 'call_planned' });

  // Moved and called off, each once in the calendar, by the same name.
  await app.call(moveCallOperation, { callId: call.id, at: at('15:00') }, { as });
  await app.drain();
  expect(entries()).toMatchObject([{ id: eventIdOf(call.id), writes: 2, body: { start: { dateTime: at('15:00').toISOString() } } }]);
  await app.call(cancelCallOperation, { callId: call.id }, { as });
  await app.drain();
  expect(entries()).toMatchObject([{ status: 'cancelled', writes: 3 }]);
  expect(await app.call(getCallOperation, { callId: call.id }, { as })).toMatchObject({ state: 'cancelled', sequence: 3, entry: 'gone' });
  expect(google.faults).toEqual([]);
}); // prettier-ignore

test('a limit a day, notice and holidays hold; two hosts are asked, and whoever has less to do takes it', async () => {
  const { as, kind, person, company, times } = await office({ connected: false, dailyLimit: 1, noticeMinutes: 24 * 60 });
  expect(clocks((await times()).items)[0]).toBe('11:00');
  const [ben, cleo] = [await person('Ben'), await person('Cleo')];
  await app.call(bookCall, { personId: ben.id, kindId: kind.id, at: at('11:00') }, { as });
  app.clock.advance({ minutes: 2 });
  expect(clocks((await times()).items)).toEqual([]);
  await expect(app.call(bookCall, { personId: cleo.id, kindId: kind.id, at: at('14:00') }, { as })).rejects.toMatchObject({
    code: 'time_taken',
  });
  const second = newId();
  await app.runtime.system.write((tx) =>
    tx.query(
      {
        name: 'test.colleague',
        text: `insert into users (id, company_id, username, email, full_name, role, hashed_password) values ($1, $2, $3, $3, 'Bo Second', 'user', '$argon2id$none')`,
      },
      [second, company.companyId, `${second}@acme.test`],
    ),
  );
  await app.call(updateKind, { kindId: kind.id, hostIds: [company.userId, second] }, { as });
  const taken = await app.call(bookCall, { personId: cleo.id, kindId: kind.id, at: at('14:00') }, { as });
  expect(taken.hostName).toBe('Bo Second');
});

test('a calendar that cannot be read is not free: its times are hidden, and nothing is booked on a guess; unless that was chosen', async () => {
  const { as, kind, person, times } = await office();
  const dora = await person('Dora');
  google.unreadable.set('primary', 'internalError');
  app.clock.advance({ minutes: 2 });
  expect(await times()).toMatchObject({ items: [], hidden: true, unread: [{ hostName: 'Ada Admin', why: expect.stringContaining('Google could not') }] });
  const book = () => app.call(bookCall, { personId: dora.id, kindId: kind.id, at: at('13:00') }, { as });
  await expect(book()).rejects.toMatchObject({ code: 'calendars_unread' });
  const link = await app.call(callLinkOperation, { personId: dora.id, kindId: kind.id }, { as });
  expect((await get(new URL(link.url).pathname)).body).toContain('we do not guess');
  google.unreadable.clear();
  google.fate(() => 'down');
  await expect(book()).rejects.toMatchObject({ code: 'calendars_unread' });
  expect((await app.call(listHosts, {}, { as })).items).toMatchObject([{ connected: true, problem: expect.stringContaining('500') }]);
  await app.call(updateKind, { kindId: kind.id, unread: 'offer' }, { as });
  expect(clocks((await times()).items)).toContain('13:00');
  expect(await book()).toMatchObject({ unread: true });
}); // prettier-ignore

test('two who press the same time at once: one gets it, the other is told kindly, with fresh times', async () => {
  const { as, kind, person, entries } = await office();
  const pages = await Promise.all(
    ['Emil', 'Fay', 'Gus', 'Hal'].map(async (name) => {
      const { url } = await app.call(callLinkOperation, { personId: (await person(name)).id, kindId: kind.id }, { as });
      const path = new URL(url).pathname;
      const chosen = `${path}?at=${at('13:00').toISOString()}&zone=Europe%2FBerlin`;
      return { path, chosen, once: onceOf((await get(chosen)).body) };
    }),
  );
  const answers = await Promise.all(pages.map(({ chosen, once }) => post(chosen, { do: 'book', once })));
  expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([303, 409, 409, 409]);
  const lost = answers.find(({ statusCode }) => statusCode === 409)?.body ?? '';
  expect(lost).toContain('just taken by somebody else');
  expect(lost).toContain('>14:00</a>');
  expect(lost).not.toContain(encodeURIComponent(at('13:00').toISOString()));
  await app.drain();
  expect(entries()).toMatchObject([{ writes: 1 }]);
  expect((await app.call(listCalls, {}, { as })).items).toHaveLength(1);
});

test('the database lets nobody be in two calls at once, whoever writes there', async () => {
  const { as, person, company } = await office({ connected: false });
  const ida = await person('Ida');
  await app.call(planCallOperation, { personId: ida.id, at: at('10:00'), minutes: 30 }, { as });
  await expect(app.call(planCallOperation, { personId: ida.id, at: at('10:15'), minutes: 30 }, { as })).rejects.toMatchObject({
    code: 'time_taken',
  });
  await app.call(planCallOperation, { personId: ida.id, at: at('10:30'), minutes: 30 }, { as });
  const raw = (hostId: string | null) =>
    app.runtime.database.write(company.companyId, (tx) =>
      tx.query(
        {
          name: 'test.raw_call',
          text: `insert into calls (id, company_id, person_id, host_id, title, starts_at, ends_at, time_zone, booked_by, uid) values ($1::uuid, $2, $3, $4, 'x', $5, $6, 'UTC', 'us', $1::uuid::text) returning id`,
        },
        [newId(), company.companyId, ida.id, hostId, at('10:00'), at('11:00')],
      ),
    );
  expect(constraintOf(await raw(company.userId).catch((error: unknown) => error))).toBe('calls_apart');
  expect(await raw(null)).toHaveLength(1);
});

test('an answer that is lost, before or after it was entered, leaves one entry; and so does a vendor that is busy for a while', async () => {
  const { as, kind, person, entries } = await office();
  for (const [i, fate] of (['lost_after', 'lost_before', 'busy', 'down'] as const).entries()) {
    google.events.clear();
    let times = 2;
    // Questions for busy times are POSTs, too: they are answered.
    const one = await person(`Jo${i}`);
    google.fate(({ method, path }) => {
      if (path === '/freeBusy' || method === 'GET') return 'taken';
      times -= 1;
      return times > 0 ? fate : 'taken';
    });
    const call = await app.call(bookCall, { personId: one.id, kindId: kind.id, at: at(`${10 + i}:00`) }, { as });
    await app.drain();
    await app.advance({ minutes: 10 });
    expect(entries(), fate).toMatchObject([{ id: eventIdOf(call.id), status: 'confirmed', writes: 1 }]);
    expect(await app.call(getCallOperation, { callId: call.id }, { as })).toMatchObject({ entry: 'there' });
    await app.call(cancelCallOperation, { callId: call.id }, { as });
    await app.drain();
    expect(entries()).toMatchObject([{ status: 'cancelled' }]);
  }
  expect(google.faults).toEqual([]);
});

test('an entry that somebody moves or takes out in the calendar changes no call: the host hears of it once, and decides', async () => {
  const { as, company, kind, person, entries } = await office();
  const vera = await person('Vera');
  const call = await app.call(bookCall, { personId: vera.id, kindId: kind.id, at: at('10:00') }, { as });
  await app.drain();
  const standing = () => app.call(getCallOperation, { callId: call.id }, { as });
  const inGoogle = (change: object) => {
    const [entry] = entries();
    if (entry !== undefined) google.events.get('primary')?.set(entry.id, { ...entry, ...change, body: { ...entry.body, ...change } });
  };
  const told = () => app.runtime.system.read((tx) => tx.query<{ title: string }>({ name: 'test.found', text: `select title from notifications where company_id = $1 order by created_at, key` }, [company.companyId]));
  const round = async () => {
    app.clock.advance({ minutes: 16 });
    await watchEntries(app.runtime);
  };
  await round();
  expect(await standing()).toMatchObject({ entryFound: null, startsAt: at('10:00') });
  inGoogle({ start: { dateTime: at('11:00').toISOString() }, end: { dateTime: at('12:00').toISOString() } });
  await round();
  await round();
  expect(await standing()).toMatchObject({ startsAt: at('10:00'), entryFound: { startsAt: at('11:00').toISOString(), endsAt: at('12:00').toISOString() } });
  expect((await told()).map(({ title }) => title)).toEqual(['First call with Vera was moved in your calendar']);
  await app.call(enterCallAgain, { callId: call.id }, { as });
  await app.drain();
  expect(entries()).toMatchObject([{ body: { start: { dateTime: at('10:00').toISOString() } } }]);
  inGoogle({ status: 'cancelled' });
  await round();
  expect(await standing()).toMatchObject({ state: 'planned', entryFound: { startsAt: null, endsAt: null } });
  expect((await told()).map(({ title }) => title)).toContain('First call with Vera was taken out of your calendar');
  await app.call(moveCallOperation, { callId: call.id, at: at('15:00') }, { as });
  await app.drain();
  await round();
  expect(await standing()).toMatchObject({ startsAt: at('15:00'), entry: 'there', entryFound: null });
  expect(entries()).toMatchObject([{ status: 'confirmed' }]);
  expect(google.faults).toEqual([]);
}); // prettier-ignore

test('changes that follow each other quickly end as the last one says, whatever was under way', async () => {
  const { as, kind, person, entries } = await office();
  const kay = await person('Kay');
  const call = await app.call(bookCall, { personId: kay.id, kindId: kind.id, at: at('10:00') }, { as });
  await app.call(moveCallOperation, { callId: call.id, at: at('11:00') }, { as });
  await app.call(moveCallOperation, { callId: call.id, at: at('12:00') }, { as });
  await app.drain();
  expect(entries()).toMatchObject([{ writes: 1, body: { start: { dateTime: at('12:00').toISOString() } } }]);
  await app.call(cancelCallOperation, { callId: call.id }, { as });
  await app.call(moveCallOperation, { callId: call.id, at: at('16:00') }, { as });
  await app.drain();
  expect(entries()).toMatchObject([{ status: 'confirmed', body: { start: { dateTime: at('16:00').toISOString() } } }]);
  await app.call(cancelCallOperation, { callId: call.id }, { as });
  await expect(app.call(cancelCallOperation, { callId: call.id }, { as })).rejects.toMatchObject({ code: 'call_settled' });
});

test('with its person a call leaves the calendar', async () => {
  const { as, kind, person, entries, company } = await office();
  const ole = await person('Ole');
  await app.call(bookCall, { personId: ole.id, kindId: kind.id, at: at('10:00') }, { as });
  await app.drain();
  expect(entries()).toMatchObject([{ status: 'confirmed' }]);
  await app.runtime.database.write(company.companyId, (tx) =>
    erasePerson(tx, app.runtime, company.companyId, ole.id, { by: company.userId }),
  );
  await app.drain();
  expect(entries()).toMatchObject([{ status: 'cancelled' }]);
  expect((await app.call(listCalls, {}, { as })).items).toEqual([]);
});

test('a guest moves and calls off by the link in the mail, twice pressed is once done, and nobody else’s call is theirs', async () => {
  const { as, kind, person } = await office();
  const [lea, max] = [await person('Lea'), await person('Max')];
  const pathOf = async (id: string) => new URL((await app.call(callLinkOperation, { personId: id, kindId: kind.id }, { as })).url).pathname;
  const [path, other] = [await pathOf(lea.id), await pathOf(max.id)];
  const chosen = `${path}?at=${at('10:00').toISOString()}&zone=America%2FNew_York`;
  const page = (await get(chosen)).body;
  expect(page).toContain('Wednesday, 3 June, 04:00 (America/New_York)');
  const once = onceOf(page);
  const both = await Promise.all([post(chosen, { do: 'book', once, note: 'About prices' }), post(chosen, { do: 'book', once })]);
  expect(both.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
  const [call] = (await app.call(listCalls, { personId: lea.id }, { as })).items;
  expect(call).toMatchObject({ bookedBy: 'them', note: expect.any(String), timeZone: 'America/New_York', sequence: 1 });
  expect((await get(path)).body).toContain('04:00 (America/New_York)');
  const file = (await get(`${path}/invitation.ics?call=${call?.id ?? ''}`)).body.replaceAll('\r\n ', '');
  for (const line of ['METHOD:REQUEST', `UID:call-${call?.id ?? ''}@steward`, 'SEQUENCE:1', 'DTSTART:20260603T080000Z', 'mailto:lea@calls.test'])
    expect(file.toLowerCase()).toContain(line.toLowerCase());

  expect((await post(other, { do: `cancel:${call?.id ?? ''}` })).statusCode).toBe(404);
  const move = `${path}?move=1&at=${at('15:00').toISOString()}&zone=America%2FNew_York`;
  expect((await post(move, { do: 'move', once: onceOf((await get(move)).body) })).statusCode).toBe(303);
  expect((await post(path, { do: `cancel:${call?.id ?? ''}` })).statusCode).toBe(303);
  expect((await app.call(listCalls, { personId: lea.id }, { as })).items).toMatchObject([{ state: 'cancelled', sequence: 3, startsAt: at('15:00') }]);
  expect((await get(`${path.slice(0, -2)}xx`)).statusCode).toBe(404);
  // What they did, the host was told.
  const bell = await app.runtime.system.read((tx) => tx.query<{ title: string }>({ name: 'test.bell', text: `select title from notifications where company_id = $1 and kind = 'call_booked' order by created_at, key` }, [as.kind === 'user' ? as.companyId : '']));
  expect(bell.map(({ title }) => title)).toEqual(['Lea books First call', 'Lea moves First call', 'Lea calls off First call']);
  await app.drain();
  const runs = (await app.call(listRuns, { personId: lea.id }, { as })).items;
  expect(runs.length).toBeGreaterThan(0);
}); // prettier-ignore

test('while a call is moved its own time is not in its way, in our diary or in the calendar; to anybody else it is taken', async () => {
  const { as, kind, person, times } = await office();
  const uma = await person('Uma');
  await app.call(updateKind, { kindId: kind.id, stepMinutes: 30 }, { as });
  const call = await app.call(bookCall, { personId: uma.id, kindId: kind.id, at: at('10:00') }, { as });
  await app.drain();
  // As Google tells it, with what else lies against it.
  google.busy.set('primary', [{ start: '2026-06-03T10:00:00+02:00', end: '2026-06-03T12:00:00+02:00' }]);
  app.clock.advance({ minutes: 2 });
  expect(clocks((await times()).items).slice(0, 2)).toEqual(['09:00', '12:00']);
  const { url } = await app.call(callLinkOperation, { personId: uma.id, kindId: kind.id }, { as });
  const offered = (await get(`${new URL(url).pathname}?move=1&zone=Europe%2FBerlin`)).body;
  expect(offered).toContain(encodeURIComponent(at('09:30').toISOString()));
  expect(offered).not.toContain(encodeURIComponent(at('10:30').toISOString()));
  google.busy.set('primary', [{ start: '2026-06-03T10:00:00+02:00', end: '2026-06-03T11:00:00+02:00' }]);
  const here = `${new URL(url).pathname}?move=1&at=${at('10:30').toISOString()}&zone=Europe%2FBerlin`;
  expect((await post(here, { do: 'move', once: onceOf((await get(here)).body) })).statusCode).toBe(303);
  expect(await app.call(getCallOperation, { callId: call.id }, { as })).toMatchObject({ startsAt: at('10:30') });
});

test('the pages speak four languages: as chosen, as it stands on the person, as the browser likes it', async () => {
  const { as, kind } = await office({ connected: false, open: true });
  const path = new URL(kind.url).pathname;
  const seen = (url: string, language: string) => app.http.inject({ url, headers: { 'accept-language': language } });
  const french = (await seen(path, 'nl, fr-CA;q=0.8, en;q=0.5')).body;
  for (const words of ['<html lang="fr">', 'Choisir un horaire', 'Mercredi 3 juin', 'First call avec']) expect(french).toContain(words);
  const chosen = `${path}?at=${at('10:00').toISOString()}&zone=Europe%2FBerlin&lang=es`;
  const spanish = (await seen(chosen, 'fr')).body;
  for (const words of ['Reservar esta hora', 'Miércoles, 3 de junio, 10:00', 'lang=es']) expect(spanish).toContain(words);
  expect((await post(chosen, { do: 'book', once: onceOf(spanish), name: 'N', email: 'x' })).body).toContain(
    'no es una dirección de correo',
  );
  const eva = await app.call(createPersonOperation, { fullName: 'Eva', email: 'eva@calls.test', language: 'de-AT' }, { as });
  const { url } = await app.call(callLinkOperation, { personId: eva.id, kindId: kind.id }, { as });
  expect((await seen(new URL(url).pathname, 'fr')).body).toContain('Termin wählen');
  expect((await seen(`${path.slice(0, -4)}0000`, 'es')).body).toContain('Este enlace ya no es válido');
});

test('anybody books where a kind is open, becomes a lead once, and learns nothing of others', async () => {
  const { as, kind } = await office({ connected: false, open: true });
  const path = new URL(kind.url).pathname;
  const chosen = (clock: string) => `${path}?at=${at(clock).toISOString()}&zone=Europe%2FBerlin`;
  const book = async (clock: string, fields: Record<string, string>) =>
    post(chosen(clock), { do: 'book', once: onceOf((await get(chosen(clock))).body), ...fields });
  expect((await get(path)).body).toContain('>10:00</a>');
  const refused = await book('10:00', { name: 'N', email: 'nobody' });
  expect([refused.statusCode, refused.body.includes('is not an email address')]).toEqual([422, true]);
  const booked = await book('10:00', { name: 'Nora New', email: 'Nora@New.test' });
  expect(booked.statusCode).toBe(303);
  const after = (await get(String(booked.headers.location))).body;
  expect(after).toContain('it is booked');
  expect(after).not.toContain('cancel:');
  expect((await book('12:00', { name: 'Nora', email: 'nora@new.test' })).body).toContain('with this address already');
  const leads = await app.runtime.system.read((tx) =>
    tx.query<{ source: string }>({ name: 'test.leads', text: `select source from leads where company_id = $1` }, [kind.companyId]),
  );
  expect(leads).toEqual([{ source: 'booking' }]);
  await app.call(updateKind, { kindId: kind.id, open: false }, { as });
  expect((await get(path)).statusCode).toBe(404);
});

test('hours and calendars are one’s own to set; a colleague’s are a manager’s', async () => {
  const { as, company } = await office({ connected: false });
  const user: Principal = { ...as, kind: 'user', companyId: company.companyId, userId: newId(), role: 'user' };
  await expect(app.call(saveHost, { userId: company.userId, calendars: ['x'] }, { as: user })).rejects.toMatchObject({ status: 403 });
  await expect(app.call(connectHost, { userId: company.userId }, { as: user })).rejects.toMatchObject({ status: 403 });
  await expect(app.call(connectHost, { userId: company.userId }, { as })).rejects.toMatchObject({ code: 'no_calendar_app' });
  const hours = { mon: [], tue: [], wed: ['13:00-15:00'], thu: [], fri: [], sat: [], sun: [] };
  const saved = await app.call(saveHost, { userId: company.userId, hours, timeZone: 'America/New_York', calendars: ['primary', 'team@acme.test', 'primary'] }, { as }); // prettier-ignore
  expect(saved).toMatchObject({ timeZone: 'America/New_York', hours: { wed: ['13:00-15:00'] }, calendars: ['primary', 'team@acme.test'] });
  await expect(app.call(saveHost, { userId: company.userId, hours: { ...hours, wed: ['15:00-13:00'] } }, { as })).rejects.toThrow();
});
