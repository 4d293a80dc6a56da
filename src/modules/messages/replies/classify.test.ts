import { expect, test } from 'vitest';
import { classifyReply } from './classify.ts';
import { heldOut } from './labelled/held-out.ts';
import type { LabelledReply } from './labelled/sample.ts';
import { tuning } from './labelled/tuning.ts';

const receivedAt = new Date('2026-11-21T10:00:00Z');
const classify = (reply: LabelledReply) =>
  classifyReply({ subject: reply.subject ?? 'Re: Your enquiry', text: reply.text, headers: reply.headers ?? {}, receivedAt });

function measure(name: string, replies: readonly LabelledReply[]) {
  const results = replies.map((reply) => ({ reply, verdict: classify(reply) }));
  const wrong = results.filter(({ reply, verdict }) => verdict.class !== reply.label);
  const stops = results.filter(({ reply }) => reply.label === 'stop');
  const stopRecall = stops.filter(({ verdict }) => verdict.class === 'stop').length / stops.length;
  const falseStops = results.filter(({ reply, verdict }) => reply.label !== 'stop' && verdict.class === 'stop').length;
  const dated = results.filter(({ reply }) => reply.back !== undefined);
  const wrongDates = dated.filter(({ reply, verdict }) => (verdict.returnDate?.toISOString().slice(0, 10) ?? null) !== reply.back);
  const accuracy = (results.length - wrong.length) / results.length;
  console.log(
    `replies, ${name}: ${results.length} in ${new Set(replies.map((r) => r.lang)).size} languages, accuracy ${(accuracy * 100).toFixed(1)} %, ` +
      `stop recall ${(stopRecall * 100).toFixed(1)} %, false stops ${falseStops}, return dates ${dated.length - wrongDates.length}/${dated.length}`,
  );
  for (const { reply, verdict } of wrong)
    console.log(`  ${reply.label} read as ${verdict.class} (${verdict.reasons.join(', ')}): ${reply.text.slice(0, 90)}`);
  for (const { reply, verdict } of wrongDates)
    console.log(`  back ${reply.back} read as ${verdict.returnDate?.toISOString().slice(0, 10)}: ${reply.text.slice(0, 90)}`);
  return { accuracy, stopRecall, falseStops, dates: (dated.length - wrongDates.length) / dated.length };
}

test('sorts the replies the rules were tuned on', () => {
  const figures = measure('tuning set', tuning);
  expect(figures.stopRecall).toBe(1);
  expect(figures.accuracy).toBeGreaterThanOrEqual(0.95);
  expect(figures.dates).toBeGreaterThanOrEqual(0.95);
});

test('sorts the replies that were held out, and misses no stop', () => {
  const figures = measure('held out', heldOut);
  expect(figures.stopRecall).toBe(1);
  expect(figures.accuracy).toBeGreaterThanOrEqual(0.85);
});
