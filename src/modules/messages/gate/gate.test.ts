import fc from '#testing/property.ts';
import { describe, expect, test } from 'vitest';
import { decide, RULES } from './decide.ts';
import { slotOf } from '../send-time/best.ts';
import { calendarOf, loadHolidays } from './holidays.ts';
import { nextOpening } from './hours.ts';
import type { Grounds } from '#modules/people/public.ts';
import type { Candidate, GatePerson, GateSettings } from './types.ts';

/** A Tuesday, 10 in the morning in Berlin. */
const now = new Date('2026-06-02T08:00:00Z');
const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

const settings: GateSettings = {
  companyId: 'c',
  companyName: 'Acme',
  mode: 'live',
  pauseReason: null,
  hours: '09:00-17:00',
  days: [1, 2, 3, 4, 5, 6, 7],
  timeZone: 'Europe/Berlin',
  capPerDay: 1,
  capPerWeek: 3,
  dailyLimit: null,
  sentToday: 0,
  basis: 'by_country',
  topics: [
    { key: 'follow_up', title: 'Follow-ups', channels: ['email'], bases: ['inquiry', 'soft_opt_in', 'legitimate_interest'] },
    { key: 'news', title: 'News', channels: ['email'], bases: ['soft_opt_in', 'legitimate_interest'] },
    { key: 'texts', title: 'Texts', channels: ['sms'], bases: [] },
  ],
  countries: {},
  from: { name: 'Acme', address: 'us@acme.test' },
  replyTo: null,
  postalAddress: '1 High Street, Springfield',
  publicUrl: 'https://acme.test',
  loopback: false,
  connectionId: 'x',
  connectionRejected: false,
};
const days = (count: number) => before(count * 24).toISOString();
/** What they said to topics, as `grounds` keeps it. */
const said = (states: Readonly<Record<string, 'granted' | 'withdrawn' | 'objected'>>): Grounds['consent'] =>
  Object.fromEntries(
    Object.entries(states).map(([topic, state]) => [topic, { state, lawfulBasis: null, since: days(9), logId: `log-${topic}` }]),
  );
const nowhere = { address: null, phone: null, timeZone: null, domain: null };
/** A colleague wrote them down ten days ago; nobody knows where they are. */
const written: Grounds = {
  consent: {},
  enquiry: null,
  lead: { id: 'l', at: days(10) },
  client: null,
  self: { id: 'p', at: days(10) },
  person: { id: 'p', at: days(10) },
  where: nowhere,
  business: false,
};
/** From a file, and nothing else is known. */
const cold: Grounds = { ...written, lead: null, person: null };
const somebody: GatePerson = {
  id: 'p',
  timeZone: null,
  optedOutAt: null,
  grounds: written,
  phoneCountry: (phone) => (phone.startsWith('+44') ? 'GB' : 'US'),
};
const good: Candidate = {
  now,
  stage: 'hand',
  class: 'commercial',
  channel: 'email',
  topic: 'follow_up',
  to: 'ann@example.test',
  subject: 'Hello',
  text: 'Hi Ann, how are you?',
  unresolved: [],
  draftedAt: before(1),
  runStopped: null,
  runPaused: false,
  answers: null,
  person: somebody,
  suppressed: null,
  history: { commercial: [], repliedAt: null, colleague: null },
  settings,
};
const person = ({ consent, ...changes }: Partial<GatePerson> & { consent?: Parameters<typeof said>[0] }) => ({
  person: { ...somebody, grounds: { ...written, consent: said(consent ?? {}) }, ...changes },
});
/** Mail about news to somebody of whom this is known. */
const news = (grounds: Partial<Grounds>, topic = 'news'): Partial<Candidate> => ({
  topic,
  person: { ...somebody, grounds: { ...cold, ...grounds } },
});
const at = (address: string | null, rest: Partial<Grounds['where']> = {}): Pick<Grounds, 'where'> => ({
  where: { ...nowhere, address, ...rest },
});
const sms = (consent: Parameters<typeof said>[0]): Partial<Candidate> => ({
  channel: 'sms',
  to: '+4915112345678',
  topic: 'surprise',
  subject: '',
  ...person({ consent }),
});
const mailOnly: Partial<Candidate> = {
  settings: { ...settings, topics: [{ key: 'surprise', title: 'Surprise', channels: ['email'], bases: [] }] },
};
const bare = { settings: { ...settings, from: null, postalAddress: null, publicUrl: null } };
const company = (changes: Partial<GateSettings>) => ({ settings: { ...settings, ...changes } });
const history = (changes: Partial<Candidate['history']>) => ({ history: { ...good.history, ...changes } });
const listed = (reason: string) => ({ suppressed: { reason, since: before(100) } });

/** Written while mail at this moment's hour of the week was answered half the time, and no other. */
const best = (at: string): Partial<Candidate> => ({
  stage: 'draft',
  times: { company: new Map([[slotOf(new Date(at), 'Europe/Berlin'), { sent: 100, replied: 50 }]]), person: new Map() },
});
/** 2 June is the day of the Republic in Italy. */
await loadHolidays();
const onHoliday = (where: { readonly timeZone: string }): Partial<Candidate> => ({
  person: { ...somebody, timeZone: where.timeZone, grounds: { ...written, where: { ...nowhere, timeZone: where.timeZone } } },
  settings: { ...settings, calendar: (country) => calendarOf(country, []) },
});
const waiting = (rule: 'sender' | 'sender_health' | 'sender_limit', until: Date | null): Partial<Candidate> => ({
  choice: { kind: 'waits', rule, sender: null, finding: { decision: 'later', until, value: null, says: 'It waits', fix: 'Wait' } },
});

type Expected = readonly [decision: 'send' | 'later' | 'block', rules: readonly string[], until?: string | null];
const rows: readonly (readonly [title: string, changes: Partial<Candidate>, expected: Expected])[] = [
  ['a good message', {}, ['send', []]],
  ['no address', { to: null }, ['block', ['recipient']]],
  ['commercial mail to nobody we know', { person: null }, ['block', ['recipient']]],
  ['transactional mail to nobody we know', { person: null, class: 'transactional' }, ['send', []]],
  ['an opted-out address', listed('opt_out'), ['block', ['suppression']]],
  ['an opted-out address, transactional', { ...listed('opt_out'), class: 'transactional' }, ['send', []]],
  ['an address that bounced, transactional', { ...listed('bounce'), class: 'transactional' }, ['block', ['suppression']]],
  ['a complaint', listed('complaint'), ['block', ['suppression']]],
  ['an address an admin listed', listed('manual'), ['block', ['suppression']]],
  ['withdrawn consent', person({ consent: { marketing: 'withdrawn' } }), ['block', ['objection']]],
  ['an objection', person({ consent: { marketing: 'objected' } }), ['block', ['objection']]],
  ['an objection to email only', person({ consent: { 'marketing.email': 'objected', marketing: 'granted' } }), ['block', ['objection']]],
  ['an SMS without consent, whatever makes mail lawful', sms({}), ['block', ['sms_consent']]],
  ['an SMS with consent to SMS', sms({ 'marketing.sms': 'granted' }), ['send', []]],
  ['an SMS with consent to all', sms({ marketing: 'granted' }), ['send', []]],
  ['an SMS with consent to mail alone', sms({ 'marketing.email': 'granted' }), ['block', ['sms_consent']]],
  ['an SMS after an objection to mail alone', sms({ 'marketing.email': 'objected', 'marketing.sms': 'granted' }), ['send', []]],
  ['an SMS after an objection to SMS', sms({ 'marketing.sms': 'objected', marketing: 'granted' }), ['block', ['objection']]],
  [
    'an SMS at night',
    { ...sms({ marketing: 'granted' }), now: new Date('2026-06-02T01:00:00Z') },
    ['later', ['sending_hours', 'sms_quiet_hours']],
  ],
  ['an SMS about a topic of mail', { ...sms({ marketing: 'granted' }), ...mailOnly }, ['block', ['topic_channel']]],
  ['an SMS needs neither subject, sender, postal address nor link', { ...sms({}), ...bare, class: 'transactional' }, ['send', []]],
  ['no number', { ...sms({}), class: 'transactional', to: null }, ['block', ['recipient']]],
  ['a topic switched off', person({ consent: { follow_up: 'withdrawn' } }), ['block', ['objection']]],
  ['another topic switched off', person({ consent: { news: 'withdrawn' } }), ['send', []]],
  ['a person who is out', person({ optedOutAt: before(5), consent: { marketing: 'granted' } }), ['block', ['objection']]],
  ['a person who is out, transactional', { ...person({ optedOutAt: before(5) }), class: 'transactional' }, ['send', []]],
  ['opt-in asked for and not given', company({ basis: 'opt_in' }), ['block', ['consent']]],
  ['opt-in asked for and given', { ...company({ basis: 'opt_in' }), ...person({ consent: { marketing: 'granted' } }) }, ['send', []]],
  ['a topic that does not go out by mail', news({ consent: said({ texts: 'granted' }) }, 'texts'), ['block', ['topic_channel']]],
  ['a cold address from a file', news({}, 'follow_up'), ['block', ['lawful_basis']]],
  ['news to somebody who only asked', news({ ...written }), ['block', ['lawful_basis']]],
  ['news to somebody who agreed to news', news({ consent: said({ news: 'granted' }) }), ['send', []]],
  ['news to somebody who agreed to all mail', news({ consent: said({ marketing: 'granted' }) }), ['send', []]],
  ['news to somebody who agreed to something else', news({ consent: said({ other: 'granted' }) }), ['block', ['lawful_basis']]],
  ['an answer to an enquiry', news({ enquiry: { id: 'i', type: 'form', at: days(100) } }, 'follow_up'), ['send', []]],
  ['an enquiry of seven months ago', news({ enquiry: { id: 'i', type: 'form', at: days(215) } }, 'follow_up'), ['block', ['lawful_basis']]],
  ['somebody written down seven months ago', news({ lead: { id: 'l', at: days(215) } }, 'follow_up'), ['block', ['lawful_basis']]],
  ['news to a client in Germany', news({ client: { id: 'l', at: days(900) }, ...at('Deutschland') }), ['send', []]],
  ['news to a client in Poland', news({ client: { id: 'l', at: days(90) }, ...at('Polska') }), ['block', ['lawful_basis']]],
  ['news to a client of whom nobody knows where', news({ client: { id: 'l', at: days(90) } }), ['block', ['lawful_basis']]],
  ['news to a client in Canada', news({ client: { id: 'l', at: days(700) }, ...at('CA') }), ['send', []]],
  ['news to a client in Canada, two years on', news({ client: { id: 'l', at: days(740) }, ...at('CA') }), ['block', ['lawful_basis']]],
  ['news to somebody in Canada who asked', news({ enquiry: { id: 'i', type: 'email', at: days(100) }, ...at('Canada') }), ['send', []]],
  [
    'news to somebody in Canada who asked long ago',
    news({ enquiry: { id: 'i', type: 'email', at: days(200) }, ...at('CA') }),
    ['block', ['lawful_basis']],
  ],
  ['news to a firm in the United Kingdom', news({ ...at(null, { phone: '+442071838750' }), business: true }), ['send', []]],
  ['news to a private address in the United Kingdom', news(at(null, { phone: '+442071838750' })), ['block', ['lawful_basis']]],
  ['a cold address in the United States', news(at(null, { timeZone: 'America/Chicago' })), ['send', []]],
  ['a firm in London by its time zone', news({ ...at(null, { timeZone: 'Europe/London' }), business: true }), ['send', []]],
  ['an old name of a time zone', news(at(null, { timeZone: 'US/Eastern' })), ['send', []]],
  ['a US number in Berlin', news(at(null, { phone: '+12125550100', timeZone: 'Europe/Berlin' })), ['block', ['lawful_basis']]],
  ['a country that nobody can read, with a US number', news(at('Nirgendwo', { phone: '+12125550100' })), ['block', ['lawful_basis']]],
  ['a German domain', news(at(null, { domain: 'firma.de' })), ['block', ['lawful_basis']]],
  [
    'a company that sees German law otherwise',
    { ...news(at('DE')), settings: { ...settings, countries: { DE: 'opt_out' } } },
    ['send', []],
  ],
  [
    'a company that sees US law more strictly',
    { ...news(at('US')), settings: { ...settings, countries: { US: 'consent' } } },
    ['block', ['lawful_basis']],
  ],
  [
    'a topic for which only consent will do',
    { ...news(at('US')), settings: { ...settings, topics: [{ key: 'news', title: 'News', channels: ['email'], bases: [] }] } },
    ['block', ['lawful_basis']],
  ],
  ['a topic that nobody listed', news({ ...written }, 'surprise'), ['block', ['lawful_basis']]],
  ['a cold address, transactional', { ...news({}), class: 'transactional' }, ['send', []]],
  ['a run that was stopped', { runStopped: 'they answered' }, ['block', ['run']]],
  ['a run that is paused', { runPaused: true }, ['later', ['run'], null]],
  ['an answer by hand', { class: 'transactional', answers: { id: 'm', at: before(1), stop: null } }, ['send', []]],
  ['an answer by hand to a stop', { class: 'transactional', answers: { id: 'm', at: before(1), stop: true } }, ['block', ['answer']]],
  [
    'an answer by hand, and a no since what it answers',
    { class: 'transactional', answers: { id: 'm', at: before(2), stop: null }, ...person({ optedOutAt: before(1) }) },
    ['block', ['answer']],
  ],
  [
    'an answer by hand, and a no on the list since',
    { class: 'transactional', answers: { id: 'm', at: before(2), stop: null }, suppressed: { reason: 'opt_out', since: before(1) } },
    ['block', ['answer']],
  ],
  [
    'an answer by hand to what they asked after their no',
    { class: 'transactional', answers: { id: 'm', at: before(1), stop: null }, ...person({ optedOutAt: before(2) }) },
    ['send', []],
  ],
  [
    'an answer by hand to what a person says is no stop',
    { class: 'transactional', answers: { id: 'm', at: before(1), stop: false }, ...person({ optedOutAt: before(1) }) },
    ['send', []],
  ],
  ['an answer since the draft', history({ repliedAt: before(0.5) }), ['block', ['reply']]],
  ['an answer before the draft', history({ repliedAt: before(2) }), ['send', []]],
  ["a colleague's answer", history({ colleague: { name: 'Bob', at: before(1) } }), ['block', ['colleague_reply']]],
  ['a gap', { unresolved: ['person.first_name'], text: '' }, ['block', ['unresolved_variable']]],
  ['Liquid that nobody drew', { text: 'Hi {{ first_name }},' }, ['block', ['unresolved_variable']]],
  ['a placeholder of a model', { text: 'Hi [First Name],' }, ['block', ['unresolved_variable']]],
  ['an undefined in the subject', { subject: 'Hi undefined' }, ['block', ['unresolved_variable']]],
  ['an empty subject', { subject: ' ' }, ['block', ['empty']]],
  ['an empty text', { text: '\u200b \n' }, ['block', ['empty']]],
  ['no sender', company({ from: null }), ['later', ['from'], null]],
  ['no sender, captured', company({ from: null, mode: 'capture' }), ['send', []]],
  ['no postal address', company({ postalAddress: ' ' }), ['later', ['postal_address'], null]],
  ['no postal address, transactional', { ...company({ postalAddress: null }), class: 'transactional' }, ['send', []]],
  ['an unsubscribe link without https', company({ publicUrl: 'http://acme.test' }), ['later', ['unsubscribe_link'], null]],
  ['no public address', company({ publicUrl: null }), ['later', ['unsubscribe_link'], null]],
  ['no public address, mail server on this machine', company({ publicUrl: null, loopback: true }), ['send', []]],
  ['rejected credentials', company({ connectionRejected: true }), ['later', ['connection'], null]],
  ['commercial by a service for transactional mail', company({ transactionalOnly: 'HubSpot' }), ['block', ['transactional_only']]],
  ['transactional by that service', { ...company({ transactionalOnly: 'HubSpot' }), class: 'transactional' }, ['send', []]],
  ['not launched', company({ mode: 'held' }), ['later', ['launched'], null]],
  ['not launched, transactional', { ...company({ mode: 'held' }), class: 'transactional' }, ['later', ['launched'], null]],
  ['paused', company({ mode: 'paused', pauseReason: 'holidays' }), ['later', ['paused'], null]],
  ['captured', company({ mode: 'capture', publicUrl: null }), ['send', []]],
  ['before the hours', { now: new Date('2026-06-02T05:00:00Z') }, ['later', ['sending_hours'], '2026-06-02T07:00:00.000Z']],
  ['after the hours', { now: new Date('2026-06-02T15:00:00Z') }, ['later', ['sending_hours'], '2026-06-03T07:00:00.000Z']],
  ['hours where the person is', person({ timeZone: 'America/New_York' }), ['later', ['sending_hours'], '2026-06-02T13:00:00.000Z']],
  ['hours always', { ...company({ hours: 'always' }), now: new Date('2026-06-02T01:00:00Z') }, ['send', []]],
  ['a holiday where the person is', onHoliday({ timeZone: 'Europe/Rome' }), ['later', ['holiday'], '2026-06-03T07:00:00.000Z']],
  ['a holiday elsewhere', onHoliday({ timeZone: 'Europe/Berlin' }), ['send', []]],
  ['a holiday, transactional', { ...onHoliday({ timeZone: 'Europe/Rome' }), class: 'transactional' }, ['send', []]],
  [
    'an SMS at night, though the company’s hours are always',
    { ...sms({ marketing: 'granted' }), ...company({ hours: 'always' }), now: new Date('2026-06-02T20:00:00Z') },
    ['later', ['sms_quiet_hours'], '2026-06-03T06:00:00.000Z'],
  ],
  [
    'an hour at which nobody answers, and one at which many do',
    best('2026-06-03T09:30:00Z'),
    ['later', ['send_time'], '2026-06-03T09:00:00.000Z'],
  ],
  ['the same when it is handed over', { ...best('2026-06-03T09:30:00Z'), stage: 'hand' }, ['send', []]],
  ['people answer at night, when nothing leaves', best('2026-06-03T01:30:00Z'), ['send', []]],
  ['a transactional mail at night', { class: 'transactional', now: new Date('2026-06-02T01:00:00Z') }, ['send', []]],
  ['a day without sending', company({ days: [3] }), ['later', ['sending_hours'], '2026-06-03T07:00:00.000Z']],
  ['one message today already', history({ commercial: [before(3)] }), ['later', ['frequency_cap'], '2026-06-03T05:00:00.000Z']],
  [
    'three this week',
    history({ commercial: [before(30), before(60), before(100)] }),
    ['later', ['frequency_cap'], new Date(before(100).getTime() + 7 * 86_400_000).toISOString()],
  ],
  ['two this week', history({ commercial: [before(30), before(60)] }), ['send', []]],
  ['one today, transactional', { ...history({ commercial: [before(1)] }), class: 'transactional' }, ['send', []]],
  ['a cap of none', company({ capPerDay: 0 }), ['later', ['frequency_cap'], null]],
  ['the limit of the day is used up', company({ dailyLimit: 10, sentToday: 10 }), ['later', ['daily_limit'], '2026-06-02T22:00:00.000Z']],
  ['one is left of the day', company({ dailyLimit: 10, sentToday: 9 }), ['send', []]],
  ['no sender for it', waiting('sender', null), ['later', ['sender'], null]],
  ['its sender is stopped', waiting('sender_health', null), ['later', ['sender_health'], null]],
  ['its sender has no room today', waiting('sender_limit', before(-14)), ['later', ['sender_limit'], '2026-06-02T22:00:00.000Z']],
  ['a block beats a wait', { ...listed('bounce'), ...company({ mode: 'paused' }) }, ['block', ['suppression', 'paused']]],
  [
    'the latest of two waits',
    { ...history({ commercial: [before(3)] }), ...company({ dailyLimit: 1, sentToday: 1 }) },
    ['later', ['frequency_cap', 'daily_limit'], '2026-06-03T05:00:00.000Z'],
  ],
  [
    'a wait without an end beats one with',
    { ...history({ commercial: [before(3)] }), ...company({ mode: 'paused' }) },
    ['later', ['paused', 'frequency_cap'], null],
  ],
];

test.each(rows)('%s', (_, changes, [decision, rules, until]) => {
  const verdict = decide({ ...good, ...changes });
  expect({ decision: verdict.decision, rules: verdict.reasons.map((reason) => reason.rule) }).toEqual({ decision, rules });
  if (until !== undefined) expect(verdict.until).toBe(until);
});

test('every rule has a row that it decides, and every reason says what to do', () => {
  const decided = new Set(rows.flatMap(([, , [, rules]]) => rules));
  expect(RULES.map((rule) => rule.id).filter((id) => !decided.has(id))).toEqual([]);
  for (const [, changes] of rows) {
    for (const reason of decide({ ...good, ...changes }).reasons)
      expect(reason).toMatchObject({ says: expect.stringMatching(/\S/), fix: expect.stringMatching(/\S/) });
  }
});

test('the verdict names every rule once: passed, or with a reason', () => {
  const { passed, reasons } = decide({ ...good, ...company({ mode: 'paused' }) });
  expect([...passed, ...reasons.map((reason) => reason.rule)].toSorted()).toEqual(RULES.map((rule) => rule.id).toSorted());
});

const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });
const consent = fc.constantFrom('granted', 'withdrawn', 'objected');
const ground = fc.option(fc.record({ id: fc.constant('x'), at: moment.map((when) => when.toISOString()) }));
const anyGrounds: fc.Arbitrary<Grounds> = fc.record({
  consent: fc.dictionary(fc.constantFrom('marketing', 'marketing.email', 'marketing.sms', 'follow_up', 'news'), consent).map(said),
  enquiry: ground.map((found) => (found === null ? null : { ...found, type: 'form' })),
  lead: ground,
  client: ground,
  self: fc.constant(written.self),
  person: ground,
  where: fc.record({
    address: fc.option(fc.constantFrom('DE', 'US', 'Canada', 'Polen', '??')),
    phone: fc.option(fc.constant('+1')),
    timeZone: fc.option(fc.constantFrom('Europe/London', 'America/New_York', 'Asia/Tokyo')),
    domain: fc.option(fc.constantFrom('acme.de', 'acme.com')),
  }),
  business: fc.boolean(),
});
const anyCandidate: fc.Arbitrary<Candidate> = fc.record({
  now: moment,
  stage: fc.constantFrom('draft', 'hand'),
  class: fc.constant('commercial'),
  channel: fc.constantFrom('email', 'sms'),
  topic: fc.constantFrom('follow_up', 'news'),
  to: fc.constant('ann@example.test'),
  subject: fc.string(),
  text: fc.string(),
  unresolved: fc.array(fc.string(), { maxLength: 2 }),
  draftedAt: moment,
  runStopped: fc.option(fc.string()),
  runPaused: fc.boolean(),
  answers: fc.option(fc.record({ id: fc.uuid(), at: moment, stop: fc.option(fc.boolean()) })),
  person: fc.record({
    id: fc.constant('p'),
    timeZone: fc.option(fc.constantFrom('Asia/Tokyo', 'America/New_York', 'nowhere')),
    optedOutAt: fc.option(moment),
    phoneCountry: fc.constant(() => 'US'),
    grounds: anyGrounds,
  }),
  suppressed: fc.option(fc.record({ reason: fc.constantFrom('opt_out', 'bounce', 'complaint', 'manual'), since: moment })),
  history: fc.record({ commercial: fc.array(moment, { maxLength: 4 }), repliedAt: fc.option(moment), colleague: fc.constant(null) }),
  settings: fc
    .record({
      mode: fc.constantFrom('capture', 'held', 'live', 'paused'),
      hours: fc.constantFrom('always', '09:00-17:00', '22:00-06:00'),
      basis: fc.constantFrom('by_country', 'opt_in'),
      capPerDay: fc.nat(5),
      dailyLimit: fc.option(fc.nat(5)),
      sentToday: fc.nat(5),
      loopback: fc.boolean(),
      publicUrl: fc.option(fc.constant('http://x.test')),
    })
    .map((changes) => ({ ...settings, ...changes })),
});

test('whoever opted out, objected or is on the list never gets a commercial message, whatever else is true', () => {
  fc.assert(
    fc.property(anyCandidate, (candidate) => {
      const { person: who, suppressed, topic, channel } = candidate;
      const log = who?.grounds.consent ?? {};
      const no = [log['marketing'], log[`marketing.${channel}`], log[topic]].some((one) => one !== undefined && one.state !== 'granted');
      if (suppressed === null && who?.optedOutAt === null && !no) return;
      expect(decide(candidate).decision).toBe('block');
    }),
    { numRuns: 2_000 },
  );
});

test('no commercial message leaves without a basis that its topic accepts, that has not ended, and that a row proves; what is blocked rests on none', () => {
  fc.assert(
    fc.property(anyCandidate, (candidate) => {
      const { decision, basis } = decide(candidate);
      if (decision === 'block') {
        expect(basis).toBeUndefined();
        return;
      }
      const accepted = settings.topics.find((topic) => topic.key === candidate.topic)?.bases ?? [];
      expect(candidate.channel === 'sms' ? ['consent'] : ['consent', ...accepted]).toContain(basis?.basis);
      expect(basis?.expires === null || (basis?.expires ?? '') > candidate.now.toISOString()).toBe(true);
      expect(basis?.evidence.id).toMatch(/./);
      const { enquiry, lead, person: row, where } = candidate.person?.grounds ?? cold;
      // Nobody turned to us, nobody agreed, nobody knows where they are: not a word.
      if (basis?.basis !== 'consent' && enquiry === null && lead === null && row === null)
        expect(Object.values(where).some((known) => known !== null)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('the verdict of what may leave says on what it rests, since when, until when, and which row proves it', () => {
  const asked = { id: 'i', type: 'call', at: '2026-03-01T10:00:00.000Z' };
  expect(decide({ ...good, ...news({ enquiry: asked }, 'follow_up') }).basis).toEqual({
    basis: 'inquiry',
    because: 'they called',
    since: asked.at,
    expires: '2026-09-01T10:00:00.000Z',
    evidence: { table: 'interactions', id: 'i' },
    country: null,
  });
  expect(decide({ ...good, ...news({ ...written, ...at('US') }) }).basis).toMatchObject({
    basis: 'legitimate_interest',
    country: 'US',
    expires: null,
  });
  const blocked = decide({ ...good, ...news({ enquiry: { ...asked, at: '2025-03-01T10:00:00.000Z' } }, 'follow_up') });
  expect(blocked.basis).toBeUndefined();
  expect(blocked.reasons[0]?.says).toBe('The reason for mail about “Follow-ups” ran out on 2025-09-01: they called on 2025-03-01');
  expect(blocked.reasons[0]?.fix).toMatch(/log the call or mail/);
});

test('a held or paused company sends nothing, and a wait never ends in the past', () => {
  fc.assert(
    fc.property(anyCandidate, (candidate) => {
      const verdict = decide(candidate);
      if (candidate.settings.mode === 'held' || candidate.settings.mode === 'paused') expect(verdict.decision).not.toBe('send');
      if (verdict.until !== null) expect(new Date(verdict.until).getTime()).toBeGreaterThan(candidate.now.getTime());
    }),
    { numRuns: 2_000 },
  );
});

describe('sending hours', () => {
  const all = [1, 2, 3, 4, 5, 6, 7];
  const opening = (at: string, zone: string, hours: string, days: readonly number[] = all) =>
    nextOpening(new Date(at), zone, hours, days)?.toISOString() ?? 'open';

  test('follow the wall clock over a change of the clocks', () => {
    // Berlin: 2026-03-29 at 2:00 becomes 3:00; 2026-10-25 at 3:00 becomes 2:00
    expect(opening('2026-03-28T17:00:00Z', 'Europe/Berlin', '09:00-17:00')).toBe('2026-03-29T07:00:00.000Z');
    expect(opening('2026-03-27T17:00:00Z', 'Europe/Berlin', '09:00-17:00')).toBe('2026-03-28T08:00:00.000Z');
    expect(opening('2026-10-24T16:00:00Z', 'Europe/Berlin', '09:00-17:00')).toBe('2026-10-25T08:00:00.000Z');
    expect(opening('2026-03-29T00:30:00Z', 'Europe/Berlin', '02:30-04:00')).toBe('2026-03-29T01:30:00.000Z');
  });

  test('may pass midnight; the window belongs to the day on which it opens', () => {
    expect(opening('2026-06-02T23:00:00Z', 'UTC', '22:00-06:00')).toBe('open');
    expect(opening('2026-06-02T05:59:00Z', 'UTC', '22:00-06:00')).toBe('open');
    expect(opening('2026-06-02T06:00:00Z', 'UTC', '22:00-06:00')).toBe('2026-06-02T22:00:00.000Z');
    expect(opening('2026-06-03T02:00:00Z', 'UTC', '22:00-06:00', [2])).toBe('open');
    expect(opening('2026-06-02T10:00:00Z', 'UTC', '00:00-24:00')).toBe('open');
  });

  test('an unknown zone is UTC, never open all night', () => {
    expect(opening('2026-06-02T03:00:00Z', 'Mars/Olympus', '09:00-17:00')).toBe('2026-06-02T09:00:00.000Z');
  });

  test('whenever they say, it is open then, and never was between', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC');
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    fc.assert(
      fc.property(
        moment,
        zones,
        fc.constantFrom('09:00-17:00', '00:00-24:00', '20:00-04:00', '02:15-02:45'),
        days,
        (at, zone, hours, on) => {
          const next = nextOpening(at, zone, hours, on);
          if (next === null) return;
          expect(next.getTime()).toBeGreaterThan(at.getTime());
          const gone = hours === '02:15-02:45'; // a window that the clocks may jump over
          if (!gone) expect(nextOpening(next, zone, hours, on)).toBeNull();
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
