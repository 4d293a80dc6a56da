import { createHmac } from 'node:crypto';
import type { Statement } from '#core/database/database.ts';
import { TooManyRequests } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import type { StoredForm } from './form.ts';
import { TEXTS } from './texts.ts';

/** Five people of one office share an address; a flood does not get through. */
const ADDRESS_A_MINUTE = 30;
/** While a challenge is asked for, whoever brings no proof (a browser without script, a program). */
const UNPROVEN_A_MINUTE = 5;
const FORM_A_MINUTE = 600;
/** More than this a minute, and `auto` asks for proof. */
const BUSY_A_MINUTE = 60;
const MINUTE_MS = 60_000;

/** Both rows in one statement and in one order: all processes count together, and wait for each other for a moment only. */
const COUNT: Statement = {
  name: 'forms.limits.count',
  text: `insert into form_limits as l (company_id, form_id, guard, minute, hits)
         select $1, $2, guard, $4, 1 from unnest($3::text[]) as guard order by guard
         on conflict (form_id, guard, minute) do update set hits = l.hits + 1 returning guard, hits`,
};
const BUSY: Statement = {
  name: 'forms.limits.busy',
  text: `select coalesce(max(hits), 0) as hits from form_limits where form_id = $1 and company_id = $2 and guard = 'all' and minute >= $3::timestamptz - interval '1 minute'`,
};

const minuteOf = (at: Date) => new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);

/** Does a page that is drawn now ask the browser for work? */
export async function asksForProof(runtime: Runtime, form: StoredForm): Promise<boolean> {
  if (form.challenge !== 'auto') return form.challenge === 'always';
  const [row] = await runtime.database.read(form.companyId, (tx) =>
    tx.query<{ hits: number }>(BUSY, [form.id, form.companyId, minuteOf(runtime.clock.now())]),
  );
  return (row?.hits ?? 0) > BUSY_A_MINUTE;
}

/**
 * Counts one attempt by form and address, right or wrong, in a transaction of its own. The address is kept as a keyed hash, for an hour.
 * @throws TooManyRequests with the seconds to wait
 */
export async function countSend(runtime: Runtime, form: StoredForm, ip: string | null, proven: boolean): Promise<void> {
  const now = runtime.clock.now();
  const minute = minuteOf(now);
  const guard = `ip:${createHmac('sha256', runtime.secrets.derive('form guards'))
    .update(ip ?? 'local')
    .digest('base64url')
    .slice(0, 22)}`;
  const rows = await runtime.database.write(form.companyId, (tx) =>
    tx.query<{ guard: string; hits: number }>(COUNT, [form.companyId, form.id, ['all', guard], minute]),
  );
  const hits = new Map(rows.map((row) => [row.guard, row.hits]));
  const [all, own] = [hits.get('all') ?? 0, hits.get(guard) ?? 0];
  const strict = !proven && (form.challenge === 'always' || (form.challenge === 'auto' && all > BUSY_A_MINUTE));
  if (all <= FORM_A_MINUTE && own <= (strict ? UNPROVEN_A_MINUTE : ADDRESS_A_MINUTE)) return;
  const seconds = Math.max(1, Math.ceil((minute.getTime() + MINUTE_MS - now.getTime()) / 1_000));
  throw new TooManyRequests(TEXTS[form.language].tooOften(seconds), { retryAfterS: seconds });
}
