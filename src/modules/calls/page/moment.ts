/** A field of an address or a form, cut to what one may hold. */
export const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : '');

/** A moment as we write it into addresses; null for anything else. */
export function momentOf(value: unknown): Date | null {
  const given = text(value);
  const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(given) ? new Date(given) : null;
  return at === null || Number.isNaN(at.getTime()) ? null : at;
}
