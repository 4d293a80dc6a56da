/** Longest wait we believe: a day. */
const LONGEST_S = 86_400;

/** `Retry-After` (RFC 9110, 10.2.3) in seconds from now: a number, or a date. Undefined when absent or unreadable. */
export function retryAfterS(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text)), LONGEST_S);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(Math.ceil((at - now) / 1000), 0), LONGEST_S);
}
