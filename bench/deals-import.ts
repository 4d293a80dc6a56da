import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { independently, type FileDeal } from '#modules/leads/import/deals/look-alike.ts';
import { startSteward } from './steward-process.ts';

/**
 * A real file of opportunities through the ordinary import, and the same figures by plain arithmetic on the file beside what the reports say.
 * `CRM_SALES=<directory with products.csv and sales_pipeline.csv> node bench/deals-import.ts`
 */
const directory = process.env['CRM_SALES'];
if (directory === undefined) {
  process.stderr.write('Set CRM_SALES to the directory of products.csv and sales_pipeline.csv\n');
  process.exit(2);
}
const text = (name: string) => readFileSync(join(directory, name), 'utf8');
const lines = (name: string) =>
  text(name)
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
const called = { GTXPro: 'GTX Pro' };
const rows = lines('sales_pipeline.csv').map(
  ([id = '', agent = '', product = '', account = '', stage = '', engaged = '', closed = '', value = '']): FileDeal => ({
    id, agent, product, account, stage, engaged, closed, value,
  }), // prettier-ignore
);
const prices = Object.fromEntries(lines('products.csv').map(([name = '', , price = '0']) => [name, Number(price)]));
const want = independently(rows, called, prices);

interface Answer {
  readonly id: string;
  readonly created: number;
  readonly refused: number;
}
interface Board {
  readonly stages: readonly { readonly name: string; readonly deals: number }[];
  readonly undated: { readonly deals: number };
  readonly open_cents: number;
}
interface Rates {
  readonly won_cents: number;
  readonly groups: readonly { readonly name: string; readonly won: number; readonly lost: number; readonly cycle_days: number | null }[];
}
interface Months {
  readonly items: readonly {
    readonly month: string;
    readonly start_cents: number;
    readonly end_cents: number;
    readonly bars: readonly { readonly kind: string; readonly cents: number }[];
  }[];
}

const faults: string[] = [];
const say = (what: string, here: unknown, there: unknown) => {
  const same = JSON.stringify(here) === JSON.stringify(there);
  if (!same) faults.push(what);
  console.log(
    `${same ? 'same   ' : 'DIFFERS'}  ${what}: ${JSON.stringify(here)}${same ? '' : ` but the file says ${JSON.stringify(there)}`}`,
  );
};

const steward = await startSteward({});
try {
  const token = await steward.token();
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${steward.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T; // what the operation's schema says, in wire names
  };
  const bring = async (filename: string, input: object) => {
    const { id } = await ask<Answer>('POST', '/api/imports', { filename, content: text(filename) });
    const began = performance.now();
    const done = await ask<Answer>('POST', `/api/imports/${id}/run`, { wait: true, ...input });
    console.log(`${filename}: ${done.created} created, ${done.refused} refused, ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    return done;
  };
  await bring('products.csv', {});
  const done = await bring('sales_pipeline.csv', { values: { product: called } });
  const now = await ask<Board>('GET', '/api/pipeline');
  const deals = (stage: string) => now.stages.find(({ name }) => name === stage)?.deals ?? 0;
  say('opportunities', done.created, rows.length);
  say(
    'won, lost, engaging',
    [deals('Won'), deals('Lost'), deals('Engaging')],
    [want.stages['Won'], want.stages['Lost'], want.stages['Engaging']],
  );
  say('prospecting, without dates, apart', now.undated.deals, want.stages['Prospecting']);
  const alone = await ask<{ items: { deals: number }[] }>('GET', `/api/deals/totals?import_id=${done.id}&only=no_account`);
  say('without account, apart', alone.items.reduce((sum, row) => sum + row.deals, 0), want.withoutAccount); // prettier-ignore
  const period = 'from=2000-01-01T00:00:00.000Z&to=2100-01-01T00:00:00.000Z';
  const agents = await ask<Rates>('GET', `/api/pipeline/rates?${period}&by=owner`);
  say('won value in cents', agents.won_cents, want.wonCents);
  const sorted = (entries: [string, unknown][]) => entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rate = (won: number, lost: number) => `${won} of ${won + lost}: ${((100 * won) / (won + lost)).toFixed(2)} %`;
  say(
    'win rate by agent',
    sorted(agents.groups.map(({ name, won, lost }) => [name, rate(won, lost)])),
    sorted(Object.entries(want.byAgent).map(([name, [won, lost]]) => [name, rate(won, lost)])),
  );
  const cycles = await ask<Rates>('GET', `/api/pipeline/rates?${period}&by=product`);
  say(
    'days from first day to win by product',
    sorted(cycles.groups.map(({ name, cycle_days: days }) => [name, days?.toFixed(6)])),
    sorted([...want.cycleDays].map(([name, days]) => [name, days.toFixed(6)])),
  );
  let unbalanced = 0;
  for (const measure of ['open', 'weighted', 'booked']) {
    const { items } = await ask<Months>('GET', `/api/pipeline/months?measure=${measure}&months=120`);
    let before = items[0]?.start_cents ?? 0;
    for (const month of items) {
      const bars = month.bars.reduce((sum, bar) => sum + bar.cents, 0);
      if (month.start_cents !== before || month.start_cents + bars !== month.end_cents) unbalanced += 1;
      before = month.end_cents;
      const told = month.bars.map((bar) => `${bar.kind} ${bar.cents > 0 ? '+' : ''}${bar.cents}`).join(' ');
      if (month.bars.length > 0) console.log(`  ${measure} ${month.month}: ${month.start_cents} ${told} = ${month.end_cents}`);
    }
  }
  say('months that do not balance', unbalanced, 0);
  const open = rows.filter((row) => row.stage === 'Engaging').reduce((sum, row) => sum + want.price(row), 0);
  say('open value at list price', now.open_cents, open);
} finally {
  await steward.stop();
}
if (faults.length > 0) process.exitCode = 1;
