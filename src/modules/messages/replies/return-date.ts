import { fold } from './fold.ts';

/** Month names and their short forms by number, in folded spelling: en, de, fr, es, it, nl, pt, pl, sv/da. */
const MONTHS: readonly (readonly string[])[] = [
  ['january', 'jan', 'januar', 'janner', 'janvier', 'enero', 'ene', 'gennaio', 'gen', 'januari', 'janeiro', 'stycznia'],
  ['february', 'feb', 'februar', 'fevrier', 'fev', 'febrero', 'febbraio', 'februari', 'fevereiro', 'lutego'],
  ['march', 'mar', 'marz', 'maerz', 'mars', 'marzo', 'maart', 'mrt', 'marco', 'marca', 'marts'],
  ['april', 'apr', 'avril', 'avr', 'abril', 'abr', 'aprile', 'kwietnia'],
  ['may', 'mai', 'mayo', 'maggio', 'mag', 'mei', 'maio', 'maja', 'maj'],
  ['june', 'jun', 'juni', 'juin', 'junio', 'giugno', 'giu', 'junho', 'czerwca'],
  ['july', 'jul', 'juli', 'juillet', 'juil', 'julio', 'luglio', 'lug', 'julho', 'lipca'],
  ['august', 'aug', 'aout', 'agosto', 'ago', 'augustus', 'sierpnia', 'augusti'],
  ['september', 'sep', 'sept', 'septembre', 'septiembre', 'settembre', 'set', 'setembro', 'wrzesnia'],
  ['october', 'oct', 'oktober', 'okt', 'octobre', 'octubre', 'ottobre', 'ott', 'outubro', 'out', 'pazdziernika'],
  ['november', 'nov', 'novembre', 'noviembre', 'novembro', 'listopada'],
  ['december', 'dec', 'desember', 'dezember', 'dez', 'decembre', 'diciembre', 'dic', 'dicembre', 'dezembro', 'grudnia'],
];
const MONTH_BY_NAME = new Map(MONTHS.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));
/** Monday is 1, as in ISO 8601. */
const WEEKDAYS: readonly (readonly string[])[] = [
  ['monday', 'mon', 'montag', 'lundi', 'lunes', 'lunedi', 'maandag', 'segunda-feira', 'segunda', 'poniedzialek', 'poniedzialku', 'mandag'],
  ['tuesday', 'tue', 'tues', 'dienstag', 'mardi', 'martes', 'martedi', 'dinsdag', 'terca-feira', 'wtorek', 'wtorku', 'tisdag', 'tirsdag'],
  ['wednesday', 'wed', 'mittwoch', 'mercredi', 'miercoles', 'mercoledi', 'woensdag', 'quarta-feira', 'sroda', 'srode', 'srody', 'onsdag'],
  ['thursday', 'thu', 'thurs', 'donnerstag', 'jeudi', 'jueves', 'giovedi', 'donderdag', 'quinta-feira', 'czwartek', 'czwartku', 'torsdag'],
  ['friday', 'fri', 'freitag', 'vendredi', 'viernes', 'venerdi', 'vrijdag', 'sexta-feira', 'piatek', 'piatku', 'fredag'],
  ['saturday', 'samstag', 'samedi', 'sabado', 'sabato', 'zaterdag', 'lordag'],
  ['sunday', 'sonntag', 'dimanche', 'domingo', 'domenica', 'zondag', 'sondag'],
];
const WEEKDAY_BY_NAME = new Map(WEEKDAYS.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));

const MONTH = [...MONTH_BY_NAME.keys()].toSorted((a, b) => b.length - a.length).join('|');
const WEEKDAY = [...WEEKDAY_BY_NAME.keys()].toSorted((a, b) => b.length - a.length).join('|');
const YEAR = String.raw`(?:,? (?:de |del |do )?(20\d\d))?`;

/** Before a date (or right after it): that is the day they are back. */
const BACK_BEFORE =
  /\b(back|return\w*|wieder|zuruck|ab( dem| montag| dienstag| mittwoch| donnerstag| freitag)?|retour|reviens|rentre\w*|vuelv\w*|volv\w*|regres\w*|rientr\w*|torn\w+|terug|weer|volt\w*|tillbaka|tilbage|wracam|powrot|available (again )?(from|on)|again (from|on)|resume|resuming|reprise|reachable|re-?open\w*|open again|rouvr\w*|reouvr\w*|tilbake|ater|wroce|powroce|ponownie|offnen|reincorpor\w*)\b[^.!?;]{0,45}$/;
const BACK_AFTER = /^[^.!?;]{0,25}\b(wieder|zuruck|weer|terug|back|tillbaka|tilbage)\b/;
/** Before a date: that is the last day away. */
const UNTIL_BEFORE =
  /\b(until|till|til|thru|through|to|up to|bis( einschliesslich| inkl\.?| inklusive)?( zum)?|jusqu'?( ?au| ?a)?|hasta|fino( al?| alle)?|tot( en met)?|t\/m|ate|do|till( och)? med|indtil)\b[^.!?;\d]{0,18}$/;
/** "From the 23rd to the 29th" in its many ways. */
const UNTIL_RANGE =
  /\b(dal?|del|du|de|from|vom|von|van|od|fran|fra|entre|zwischen|between)\b[^.!?;a-z]{0,4}\d{1,2}\W[^.!?;]{0,14}\b(al?|au|as|to|and|und|bis|tot|do|till|til|y|e|et)( the| el| le| il)?\s?$/;
const UNTIL_DASH = /\d[^.!?;a-z]{0,3}\s?[-–]\s?$/;

interface Found {
  readonly at: number;
  readonly end: number;
  readonly day: Date;
}

/**
 * The first day back that an out-of-office text names, midnight UTC: the day itself after "back on", the day after an "until".
 * Null when it names none, or one that is past or more than 400 days away.
 */
export function returnDate(text: string, receivedAt: Date): Date | null {
  const folded = fold(text.slice(0, 4_000)).replaceAll('\n', ' ');
  const back: Date[] = [];
  const until: Date[] = [];
  for (const { at, end, day } of datesIn(folded, receivedAt)) {
    const before = folded.slice(Math.max(0, at - 60), at);
    if (UNTIL_BEFORE.test(before) || UNTIL_RANGE.test(before) || UNTIL_DASH.test(before)) until.push(addDays(day, 1));
    else if (BACK_BEFORE.test(before) || BACK_AFTER.test(folded.slice(end))) back.push(day);
  }
  const earliest = addDays(startOfDay(receivedAt), 0).getTime();
  const latest = addDays(startOfDay(receivedAt), 400).getTime();
  const sane = (days: readonly Date[]) => days.filter((day) => day.getTime() >= earliest && day.getTime() <= latest);
  return sane(back).toSorted(byTime).at(-1) ?? sane(until).toSorted(byTime).at(-1) ?? null;
}

function datesIn(text: string, receivedAt: Date): Found[] {
  const found: Found[] = [];
  const add = (match: RegExpExecArray, day: Date | null) => {
    const end = match.index + match[0].length;
    if (day !== null && !found.some((other) => match.index < other.end && end > other.at)) found.push({ at: match.index, end, day });
  };
  for (const m of all(text, /\b(20\d\d)-(\d{1,2})-(\d{1,2})\b/g)) add(m, dayOf(Number(m[1]), Number(m[2]), Number(m[3])));
  for (const m of all(
    text,
    new RegExp(
      String.raw`\b(?:(?:${WEEKDAY}),? ?(?:dem|den|the|le|el|il|de)? ?)?(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)? ?(?:of |de |di )?(${MONTH})\b\.?${YEAR}`,
      'g',
    ),
  )) {
    add(m, withYear(m[3], MONTH_BY_NAME.get(m[2] ?? ''), Number(m[1]), receivedAt));
  }
  for (const m of all(
    text,
    new RegExp(String.raw`\b(?:(?:${WEEKDAY}),? )?(${MONTH})\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b${YEAR}`, 'g'),
  )) {
    add(m, withYear(m[3], MONTH_BY_NAME.get(m[1] ?? ''), Number(m[2]), receivedAt));
  }
  const numeric = all(text, /\b(\d{1,2})([./-])(\d{1,2})(?:\2(20\d\d|\d\d))?\.?(?=\D|$)/g);
  const monthFirst = isMonthFirst(text, numeric);
  for (const m of numeric) {
    if (m[2] === '-' && m[4] === undefined) continue;
    const [first, second] = [Number(m[1]), Number(m[3])];
    const [month, day] = m[2] === '/' && monthFirst ? [first, second] : [second, first];
    add(m, withYear(m[4], month, day, receivedAt));
  }
  for (const m of all(text, new RegExp(String.raw`\b(${WEEKDAY})\b`, 'g'))) {
    const wanted = WEEKDAY_BY_NAME.get(m[1] ?? '');
    const today = startOfDay(receivedAt);
    if (wanted !== undefined) add(m, addDays(today, (wanted - (today.getUTCDay() || 7) + 7) % 7 || 7));
  }
  for (const m of all(text, /\b(tomorrow|morgen|demain|manana|domani|amanha)\b/g)) add(m, addDays(startOfDay(receivedAt), 1));
  return found;
}

/** 12/14 can only be American, 14/12 only European; where neither shows, an English text is taken as American. */
function isMonthFirst(text: string, numeric: readonly RegExpExecArray[]): boolean {
  const slashed = numeric.filter((m) => m[2] === '/');
  if (slashed.some((m) => Number(m[1]) > 12)) return false;
  if (slashed.some((m) => Number(m[3]) > 12)) return true;
  return /\b(the|i am|i'm|will|back|return)\b/.test(text);
}

const all = (text: string, pattern: RegExp): RegExpExecArray[] => [...text.matchAll(pattern)];
const byTime = (a: Date, b: Date) => a.getTime() - b.getTime();
const startOfDay = (at: Date) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
const addDays = (day: Date, days: number) => new Date(day.getTime() + days * 86_400_000);

function dayOf(year: number, month: number, day: number): Date | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
}

/** Without a year: the next such day, counting one that was up to a month ago as past. */
function withYear(year: string | undefined, month: number | undefined, day: number, receivedAt: Date): Date | null {
  if (month === undefined || month < 1 || month > 12) return null;
  if (year !== undefined) return dayOf(year.length === 2 ? 2000 + Number(year) : Number(year), month, day);
  const thisYear = dayOf(receivedAt.getUTCFullYear(), month, day);
  if (thisYear === null || thisYear.getTime() >= startOfDay(receivedAt).getTime() - 31 * 86_400_000) return thisYear;
  return dayOf(receivedAt.getUTCFullYear() + 1, month, day);
}
