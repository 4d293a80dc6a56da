import type { Dice } from '../random.ts';

export interface Line {
  readonly description: string;
  readonly quantity: number;
  readonly unit?: string;
  readonly unitPriceCents: number;
}

export interface Job {
  readonly product: string;
  readonly lines: readonly Line[];
  /** Before tax. */
  readonly cents: number;
}

/** What the firm fits, and the least and the most that each line of it costs, in whole euros. */
const KINDS = {
  'Heat pump': [
    ['Air-source heat pump, 9 kW, outdoor unit and hydraulics', 11_800, 16_400],
    ['Buffer tank 300 l, hot water 200 l', 2_900, 3_800],
    ['Fitting, piping, electrics', 5_200, 8_900],
    ['Taking down and disposing of the old boiler', 650, 1_200],
  ],
  'Gas boiler': [
    ['Condensing boiler 20 kW', 4_300, 5_600],
    ['Fitting and flue', 2_100, 3_400],
    ['Hydraulic balancing', 480, 760],
  ],
  'Floor heating': [
    ['Floor heating, milled, upper floor', 4_900, 8_200],
    ['Manifold and room thermostats', 1_150, 1_900],
  ],
  Radiators: [
    ['Flushing and balancing of the radiators', 620, 980],
    ['Thermostats, six', 290, 420],
  ],
  Advice: [['Energy advice with a plan for subsidies', 480, 960]],
} as const;
export type Product = keyof typeof KINDS;
export const PRODUCTS = Object.keys(KINDS) as Product[]; // Object.keys forgets the keys' type

/** What somebody needs who writes this wish. */
const NEEDS: readonly (readonly [RegExp, Product])[] = [
  [/boiler/, 'Gas boiler'],
  [/floor/, 'Floor heating'],
  [/cold|ages|maintenance/, 'Radiators'],
  [/subsid/, 'Advice'],
];

export const productOf = (wish: string): Product => NEEDS.find(([says]) => says.test(wish))?.[1] ?? 'Heat pump';

/** One such job, priced. */
export function priced(dice: Dice, product: Product): Job {
  const lines = KINDS[product].map(([description, least, most]) => ({
    description,
    quantity: 1,
    unitPriceCents: dice.between(least / 10, most / 10) * 1_000,
  }));
  return { product, lines, cents: lines.reduce((sum, line) => sum + line.unitPriceCents, 0) };
}
