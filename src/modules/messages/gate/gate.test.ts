import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, RULES } from './decide.ts';
import { nextOpening } from './hours.ts';
import type { Candidate, GateSettings } from './types.ts';

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
  basis: 'legitimate_interest',
  from: { name: 'Acme', address: 'us@acme.test' },
  replyTo: null,
  postalAddress: '1 High Street, Springfield',
  publicUrl: 'https://acme.test',
  loopback: false,
  connectionId: 'x',
  connectionRejected: false,
};
const good: Candidate = {
  now,
  stage: 'hand',
  class: 'commercial',
  topic: 'follow_up',
  to: 'ann@example.test',
  subject: 'Hello',
  text: 'Hi Ann, how are you?',
  unresolved: [],
  draftedAt: before(1),
  runStopped: null,
  runPaused: false,
  person: { id: 'p', timeZone: null, optedOutAt: null, consent: {} },
  suppressed: null,
  history: { commercial: [], repliedAt: null, colleague: null },
  settings,
};
const person = (changes: Partial<NonNullable<Candidate['person']>>) => ({
  person: { id: 'p', timeZone: null, optedOutAt: null, consent: {}, ...changes },
});
const company = (changes: Partial<GateSettings>) => ({ settings: { ...settings, ...changes } });
const history = (changes: Partial<Candidate['history']>) => ({ history: { ...good.history, ...changes } });
const listed = (reason: string) => ({ suppressed: { reason, since: before(100) } });

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
  ['a topic switched off', person({ consent: { follow_up: 'withdrawn' } }), ['block', ['objection']]],
  ['another topic switched off', person({ consent: { news: 'withdrawn' } }), ['send', []]],
  ['a person who is out', person({ optedOutAt: before(5), consent: { marketing: 'granted' } }), ['block', ['objection']]],
  ['a person who is out, transactional', { ...person({ optedOutAt: before(5) }), class: 'transactional' }, ['send', []]],
  ['opt-in asked for and not given', company({ basis: 'opt_in' }), ['block', ['consent']]],
  ['opt-in asked for and given', { ...company({ basis: 'opt_in' }), ...person({ consent: { marketing: 'granted' } }) }, ['send', []]],
  ['a run that was stopped', { runStopped: 'they answered' }, ['block', ['run']]],
  ['a run that is paused', { runPaused: true }, ['later', ['run'], null]],
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
  ['not launched', company({ mode: 'held' }), ['later', ['launched'], null]],
  ['not launched, transactional', { ...company({ mode: 'held' }), class: 'transactional' }, ['later', ['launched'], null]],
  ['paused', company({ mode: 'paused', pauseReason: 'holidays' }), ['later', ['paused'], null]],
  ['captured', company({ mode: 'capture', publicUrl: null }), ['send', []]],
  ['before the hours', { now: new Date('2026-06-02T05:00:00Z') }, ['later', ['sending_hours'], '2026-06-02T07:00:00.000Z']],
  ['after the hours', { now: new Date('2026-06-02T15:00:00Z') }, ['later', ['sending_hours'], '2026-06-03T07:00:00.000Z']],
  ['hours where the person is', person({ timeZone: 'America/New_York' }), ['later', ['sending_hours'], '2026-06-02T13:00:00.000Z']],
  ['hours always', { ...company({ hours: 'always' }), now: new Date('2026-06-02T01:00:00Z') }, ['send', []]],
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
const anyCandidate: fc.Arbitrary<Candidate> = fc.record({
  now: moment,
  stage: fc.constantFrom('draft', 'hand'),
  class: fc.constant('commercial'),
  topic: fc.constantFrom('follow_up', 'news'),
  to: fc.constant('ann@example.test'),
  subject: fc.string(),
  text: fc.string(),
  unresolved: fc.array(fc.string(), { maxLength: 2 }),
  draftedAt: moment,
  runStopped: fc.option(fc.string()),
  runPaused: fc.boolean(),
  person: fc.record({
    id: fc.constant('p'),
    timeZone: fc.option(fc.constantFrom('Asia/Tokyo', 'America/New_York', 'nowhere')),
    optedOutAt: fc.option(moment),
    consent: fc.dictionary(fc.constantFrom('marketing', 'marketing.email', 'follow_up', 'news'), consent),
  }),
  suppressed: fc.option(fc.record({ reason: fc.constantFrom('opt_out', 'bounce', 'complaint', 'manual'), since: moment })),
  history: fc.record({ commercial: fc.array(moment, { maxLength: 4 }), repliedAt: fc.option(moment), colleague: fc.constant(null) }),
  settings: fc
    .record({
      mode: fc.constantFrom('capture', 'held', 'live', 'paused'),
      hours: fc.constantFrom('always', '09:00-17:00', '22:00-06:00'),
      basis: fc.constantFrom('legitimate_interest', 'opt_in'),
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
      const { person: who, suppressed, topic } = candidate;
      const no = [who?.consent['marketing'], who?.consent['marketing.email'], who?.consent[topic]].some(
        (state) => state === 'withdrawn' || state === 'objected',
      );
      if (suppressed === null && who?.optedOutAt === null && !no) return;
      expect(decide(candidate).decision).toBe('block');
    }),
    { numRuns: 2_000 },
  );
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
