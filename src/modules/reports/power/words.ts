const number = (digits: number) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const [none, one, two, three] = [number(0), number(1), number(2), number(3)];

/** `8.42 W`, from milliwatts. */
export const watts = (mw: number): string =>
  mw < 1_000 ? `${none.format(mw)} mW` : mw < 1e6 ? `${two.format(mw / 1_000)} W` : `${two.format(mw / 1e6)} kW`;

/** `1.236 kWh`, from watt hours. */
export const wattHours = (wh: number): string =>
  wh < 1 ? `${one.format(wh * 1_000)} mWh` : wh < 1_000 ? `${two.format(wh)} Wh` : `${three.format(wh / 1_000)} kWh`;

export const percent = (share: number): string => `${one.format(share * 100)} %`;

/** `2 d 3 h`, `5 h 12 min`, `48 s`, from seconds. */
export function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ] as const;
  const from = parts.findIndex(([count]) => count > 0);
  if (from < 0) return '0 s';
  return parts
    .slice(from, from + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** In which unit numbers up to this one are read best, and a number in it. */
interface Unit {
  readonly unit: string;
  of(value: number): number;
}
const unitOf = (unit: string, one: number): Unit => ({ unit, of: (value) => Number((value / one).toPrecision(6)) });

export const powerUnit = (mostMw: number): Unit =>
  mostMw < 1_000 ? unitOf('mW', 1) : mostMw < 1e6 ? unitOf('W', 1_000) : unitOf('kW', 1e6);

export const energyUnit = (mostWh: number): Unit =>
  mostWh < 1 ? unitOf('mWh', 0.001) : mostWh < 1_000 ? unitOf('Wh', 1) : unitOf('kWh', 1_000);

/** `9 Oct 2025, 08:53`, in a zone. */
export const moment = (iso: string, timeZone: string, seconds = false): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  }).format(new Date(iso));
