import type { Liquid } from 'liquidjs';
import { LOCALE, spokenOf } from './language.ts';

/** Under this name a text is told which language it is in. */
export const TEXT_LANGUAGE = '_language';

const DAY = /^(\d{4}-\d{2}-\d{2})/;
const AMOUNT = /^-?\d+(?:\.(\d+))?$/;

/** `2026-06-16` → `16 June 2026`, `16. Juni 2026`; anything else as it is. */
function dayIn(locale: string, value: unknown): unknown {
  const [, day] = (typeof value === 'string' ? DAY.exec(value) : null) ?? [];
  if (day === undefined) return value;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** `1234.50` → `1,234.50`, `1.234,50`, with the digits that it has; anything else as it is. */
function amountIn(locale: string, value: unknown): unknown {
  const match = typeof value === 'string' ? AMOUNT.exec(value) : null;
  if (match === null) return value;
  const digits = match[1]?.length ?? 0;
  // ECMA-402 takes decimal texts exactly; TypeScript's own types name the shape of the text.
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(match[0] as `${number}`);
}

/** `{{ invoice.due_on | day }}` and `{{ invoice.total | amount }}`, as people of the text's own language write them. */
export function speakLiquid(engine: Liquid): void {
  const ofText = (told: object): string => {
    const language: unknown = Reflect.get(told, TEXT_LANGUAGE);
    return LOCALE[spokenOf(typeof language === 'string' ? language : null)];
  };
  engine.registerFilter('day', function day(value: unknown) {
    return dayIn(ofText(this.context.environments), value);
  });
  engine.registerFilter('amount', function amount(value: unknown) {
    return amountIn(ofText(this.context.environments), value);
  });
}
