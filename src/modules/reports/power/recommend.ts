import type { PowerFigures } from './figures.ts';
import { duration, percent, watts, wattHours } from './words.ts';

type Figures = Omit<PowerFigures, 'recommendations'>;
type Advice = PowerFigures['recommendations'][number];

/** Each rule says when it speaks and what of the log made it. Their names are stable. */
const RULES: readonly ((figures: Figures) => Advice | null)[] = [
  ({ split, coveredSeconds }) =>
    split === null ||
    split.idle.seconds < 0.5 * coveredSeconds ||
    split.idle.energyWh < 0.15 * (split.idle.energyWh + split.active.energyWh)
      ? null
      : {
          rule: 'idle_energy',
          because: `Idle for ${percent(split.idle.seconds / coveredSeconds)} of the time, with ${percent(split.idle.energyWh / (split.idle.energyWh + split.active.energyWh))} of the energy (it speaks from 50 % and 15 %).`,
          says: `Let the machine sleep when nothing runs: up to ${wattHours(split.idle.energyWh)} of this log could be saved.`,
        },
  ({ split }) =>
    split === null || split.idle.meanMw < 0.4 * split.active.meanMw
      ? null
      : {
          rule: 'high_idle',
          because: `Idle takes ${watts(split.idle.meanMw)}, ${percent(split.idle.meanMw / split.active.meanMw)} of what work takes (it speaks from 40 %).`,
          says: 'Look for what runs in the background: idle should take far less than work.',
        },
  ({ total }) =>
    total.medianMw === 0 || total.p99Mw < 4 * total.medianMw
      ? null
      : {
          rule: 'bursts',
          because: `One hundredth of the time it takes ${watts(total.p99Mw)} or more, half of the time ${watts(total.medianMw)} or less (it speaks from four times).`,
          says: 'Size supply and cooling by the bursts, not by the mean; spread heavy jobs if they need not run together.',
        },
  ({ hours, energyWh, coveredSeconds }) => {
    const night = [22, 23, 0, 1, 2, 3, 4, 5].reduce((sum, hour) => sum + (hours[hour] ?? 0), 0);
    return coveredSeconds < 2 * 86_400 || night < 0.3 * energyWh
      ? null
      : {
          rule: 'night',
          because: `${percent(night / energyWh)} of the energy is used from 22 to 6 o’clock (it speaks from 30 %).`,
          says: 'Check that what runs at night is meant to; else switch it off by schedule.',
        };
  },
  ({ trend }) =>
    trend === null || trend.percent < 10
      ? null
      : {
          rule: 'rising',
          because: `Power rises by ${percent(trend.percent / 100)} over the log (it speaks from 10 %).`,
          says: 'Find out what grows before it becomes a cost: compare the first day with the last.',
        },
  ({ seconds, coveredSeconds, gaps }) =>
    seconds - coveredSeconds < 0.05 * seconds
      ? null
      : {
          rule: 'gaps',
          because: `${gaps} gaps, ${duration(seconds - coveredSeconds)} together, ${percent(1 - coveredSeconds / seconds)} of the time (it speaks from 5 %).`,
          says: 'Keep the logger running: nothing is known of the gaps, and their energy is not counted.',
        },
];

export const recommend = (figures: Figures): Advice[] => RULES.flatMap((rule) => rule(figures) ?? []);
