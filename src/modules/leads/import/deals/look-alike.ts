/** Tests and benches: a row of a file of opportunities, as text. Empty: the file says nothing. */
export interface FileDeal {
  readonly id: string;
  readonly agent: string;
  readonly product: string;
  readonly account: string;
  readonly stage: string;
  /** `M/D/YYYY` */
  readonly engaged: string;
  readonly closed: string;
  readonly value: string;
}

const PRICES: Readonly<Record<string, number>> = { 'GTX Basic': 550, 'GTX Pro': 4_821, 'MG Special': 55 };
const DAY = 86_400_000;
const written = (ms: number) => {
  const day = new Date(ms);
  return `${day.getUTCMonth() + 1}/${day.getUTCDate()}/${day.getUTCFullYear()}`;
};

/** Deals with the faults of life: open ones carry no value, lost ones close at 0, some have no dates, some no account, one product is misspelt. */
export function dealFile(count: number, seed: number): FileDeal[] {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, (_, index): FileDeal => {
    const product = ['GTX Basic', 'GTXPro', 'MG Special'][next(3)] ?? '';
    const stage = ['Won', 'Won', 'Won', 'Lost', 'Lost', 'Engaging', 'Prospecting'][next(7)] ?? '';
    const engaged = Date.UTC(2016, 9, 20) + next(200) * DAY;
    const closed = engaged + (1 + next(130)) * DAY;
    const price = PRICES[product === 'GTXPro' ? 'GTX Pro' : product] ?? 0;
    const over = stage === 'Won' || stage === 'Lost';
    return {
      id: `OP${String(index).padStart(5, '0')}`,
      agent: ['Moses Frase', 'Darcel Schlecht', 'Anna Snelling'][next(3)] ?? '',
      product,
      account: next(5) === 0 && !over ? '' : (['Cancity', 'Isdom', 'Codehow', 'Hatfan'][next(4)] ?? ''),
      stage,
      engaged: stage === 'Prospecting' ? '' : written(engaged),
      closed: over ? written(closed) : '',
      value: stage === 'Won' ? String(Math.max(1, price + next(Math.ceil(price / 5)) - Math.ceil(price / 10))) : over ? '0' : '',
    };
  });
}

const ms = (text: string) => {
  const [month = 0, day = 0, year = 0] = text.split('/').map(Number);
  return Date.UTC(year, month - 1, day);
};

/** The figures of such a file by plain arithmetic on its rows, without a database: what reports must say of it. */
export function independently(
  rows: readonly FileDeal[],
  called: Readonly<Record<string, string>>,
  prices: Readonly<Record<string, number>> = PRICES,
) {
  const stages: Record<string, number> = {};
  const byAgent: Record<string, [won: number, lost: number]> = {};
  const cycles: Record<string, { days: number; deals: number }> = {};
  let wonCents = 0;
  for (const row of rows) {
    stages[row.stage] = (stages[row.stage] ?? 0) + 1;
    if (row.stage !== 'Won' && row.stage !== 'Lost') continue;
    const agent = (byAgent[row.agent] ??= [0, 0]);
    agent[row.stage === 'Won' ? 0 : 1] += 1;
    if (row.stage === 'Lost') continue;
    wonCents += Number(row.value) * 100;
    const cycle = (cycles[called[row.product] ?? row.product] ??= { days: 0, deals: 0 });
    cycle.days += (ms(row.closed) - ms(row.engaged)) / DAY;
    cycle.deals += 1;
  }
  return {
    stages,
    byAgent,
    wonCents,
    withoutAccount: rows.filter((row) => row.account === '').length,
    undated: rows.filter((row) => row.engaged === '').length,
    cycleDays: new Map(Object.entries(cycles).map(([product, { days, deals }]) => [product, days / deals])),
    /** List price in cents. */
    price: (row: FileDeal) => (prices[called[row.product] ?? row.product] ?? 0) * 100,
  };
}
