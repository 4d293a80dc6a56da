/** Parts of a stretch of time [from, to): whole months and days come from the sums, what is left from the moves themselves. */
export interface Spans {
  /** Moves in [first, second) and again at the other end. ISO. */
  readonly head: readonly [string, string];
  readonly tail: readonly [string, string];
  /** First days: [first, second). `YYYY-MM-DD`. */
  readonly daysBefore: readonly [string, string];
  readonly months: readonly [string, string];
  readonly daysAfter: readonly [string, string];
}

const DAY = 86_400_000;
const EMPTY = Date.UTC(1970, 0, 1);

const floorDay = (ms: number) => Math.floor(ms / DAY) * DAY;
const ceilDay = (ms: number) => Math.ceil(ms / DAY) * DAY;
const floorMonth = (ms: number) => {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
};
const ceilMonth = (ms: number) => {
  const floor = floorMonth(ms);
  const at = new Date(floor);
  return floor === ms ? ms : Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
};

/** `from` null: since ever. */
export function spansOf(from: Date | null, to: Date): Spans {
  const [a, b] = [from?.getTime() ?? null, to.getTime()];
  const moment = (x: number, y: number): [string, string] => (y > x ? [new Date(x).toISOString(), new Date(y).toISOString()] : none());
  const days = (x: number, y: number): [string, string] => (y > x ? [dayOf(x), dayOf(y)] : [dayOf(EMPTY), dayOf(EMPTY)]);
  const none = (): [string, string] => [new Date(EMPTY).toISOString(), new Date(EMPTY).toISOString()];
  if (a === null) {
    const month = floorMonth(b);
    return {
      head: none(),
      daysBefore: days(0, 0),
      months: ['0001-01-01', dayOf(month)],
      daysAfter: days(month, floorDay(b)),
      tail: moment(floorDay(b), b),
    };
  }
  const [firstDay, lastDay] = [ceilDay(a), floorDay(b)];
  if (firstDay > lastDay) return { head: moment(a, b), daysBefore: days(0, 0), months: days(0, 0), daysAfter: days(0, 0), tail: none() };
  const [firstMonth, lastMonth] = [ceilMonth(firstDay), floorMonth(lastDay)];
  const head = moment(a, firstDay);
  const tail = moment(lastDay, b);
  if (firstMonth > lastMonth) return { head, daysBefore: days(firstDay, lastDay), months: days(0, 0), daysAfter: days(0, 0), tail };
  return { head, daysBefore: days(firstDay, firstMonth), months: days(firstMonth, lastMonth), daysAfter: days(lastMonth, lastDay), tail };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
