import { expect, test } from 'vitest';
import { checkDraft } from './draft-check.ts';
import { unseen } from './labelled/unseen.ts';
import { heldOut } from './labelled/held-out.ts';
import { businesses, letterOf, type LabelledDraft } from './labelled/letters.ts';
import { tuning } from './labelled/tuning.ts';
import { second } from './labelled/second.ts';

function measure(name: string, drafts: readonly LabelledDraft[]) {
  const results = drafts.map((draft) => ({ draft, faults: checkDraft(letterOf(draft), businesses[draft.from]) }));
  const bad = results.filter(({ draft }) => draft.label === 'block');
  const good = results.filter(({ draft }) => draft.label === 'ok');
  const missed = bad.filter(({ faults }) => faults.length === 0);
  const falseBlocks = good.filter(({ faults }) => faults.length > 0);
  const recall = (bad.length - missed.length) / bad.length;
  const falseBlockRate = falseBlocks.length / good.length;
  const lines = [
    `drafts, ${name}: ${drafts.length} (${bad.length} to block), recall ${(recall * 100).toFixed(1)} %, false blocks ${(falseBlockRate * 100).toFixed(1)} % (${falseBlocks.length} of ${good.length})`,
    ...missed.map(({ draft }) => `  missed: ${draft.why}: ${draft.say ?? draft.subject ?? draft.greeting ?? ''}`),
    ...falseBlocks.map(
      ({ draft, faults }) => `  false block: ${draft.why}: ${faults.map((fault) => `${fault.says} (${fault.found})`).join('; ')}`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return { recall, falseBlockRate };
}

test('blocks what is not in the facts and little else, on the drafts it was tuned on', () => {
  const { recall, falseBlockRate } = measure('tuning set', tuning);
  expect(recall).toBeGreaterThanOrEqual(0.95);
  expect(falseBlockRate).toBeLessThanOrEqual(0.05);
});

test('does so on the drafts that were held out', () => {
  const { recall, falseBlockRate } = measure('held out', heldOut);
  expect(recall).toBeGreaterThanOrEqual(0.95);
  expect(falseBlockRate).toBeLessThanOrEqual(0.1);
});

test('does so on a second set that it was widened on', () => {
  const { recall, falseBlockRate } = measure('second tuning set', second);
  expect(recall).toBeGreaterThanOrEqual(0.95);
  expect(falseBlockRate).toBeLessThanOrEqual(0.1);
});

test('prints what it makes of claims in words that it was never tuned on', () => {
  const { falseBlockRate } = measure('unseen', unseen);
  expect(falseBlockRate).toBeLessThanOrEqual(0.15);
});

test.each([
  ['Auf jede Reparatur geben wir eine Garantie.', false],
  ['Tausende Kunden vertrauen uns.', false],
  ['Der Check kostet nur 49 Euro.', false],
  ['Der Check kostet 89 Pfund (£89).', true],
  ['Nos interventions sont garanties.', false],
  ['Il nostro servizio è garantito a vita.', false],
  ['Nuestros clientes ahorran mucho dinero.', false],
])('reads claims in other languages: %s', (say, fine) => {
  const faults = checkDraft(letterOf({ from: 'heating', label: 'ok', why: '', say }), businesses.heating).filter(
    (fault) => fault.rule !== 'name',
  );
  expect(faults.length === 0).toBe(fine);
});

test('reaches its target over all labelled drafts', () => {
  const { recall, falseBlockRate } = measure('all', [...tuning, ...heldOut, ...second, ...unseen]);
  expect(recall).toBeGreaterThanOrEqual(0.95);
  expect(falseBlockRate).toBeLessThanOrEqual(0.05);
});
