const whole = new Intl.NumberFormat('en');

export function count(value: number): string {
  return whole.format(value);
}

/** `1 message`, `1,204 messages`. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Millionths of a US dollar → `$0.0042`. */
export function dollars(micros: number): string {
  const value = micros / 1_000_000;
  return `$${value.toFixed(value !== 0 && value < 0.01 ? 4 : 2)}`;
}

/** `in_doubt` → `In doubt`. */
export function words(code: string): string {
  const text = code.replaceAll(/[_.-]+/g, ' ').trim();
  return text === '' ? '' : text[0]?.toUpperCase() + text.slice(1);
}
