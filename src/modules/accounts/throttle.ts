import { createHmac } from 'node:crypto';
import type { Statement } from '#core/database/database.ts';
import { TooManyRequests } from '#core/errors.ts';
import type { Parts } from './parts.ts';

/**
 * Brakes on guessing. Kept in the database, so that all processes count together. Each guard lets some attempts pass, then asks
 * for a wait that doubles with each further one. A whole day without an attempt forgets it.
 */
interface Guard {
  readonly key: string;
  readonly free: number;
  readonly longestS: number;
}

/**
 * Counts the attempt before the password is looked at: guesses sent all at once are counted one after the other on the row's
 * lock. No row comes back while the guard is closed.
 * $1 guard, $2 now, $3 free attempts, $4 longest wait in seconds
 */
const COUNT: Statement = {
  name: 'sign_in_attempts.count',
  text: `insert into sign_in_attempts as a (guard, failures, last_at, blocked_until) values ($1, 1, $2::timestamptz, $2::timestamptz)
         on conflict (guard) do update set
           failures = case when a.last_at < $2::timestamptz - interval '1 day' then 1 else a.failures + 1 end,
           last_at = $2::timestamptz,
           blocked_until = case when a.last_at < $2::timestamptz - interval '1 day' or a.failures + 1 < $3::int then $2::timestamptz
             else $2::timestamptz + make_interval(secs => least($4::int, power(2, least(a.failures + 1 - $3::int, 20)))) end
         where a.blocked_until <= $2::timestamptz
         returning failures`,
};

const CLOSED: Statement = {
  name: 'sign_in_attempts.closed',
  text: `select extract(epoch from blocked_until - $2::timestamptz)::float8 as seconds from sign_in_attempts where guard = $1`,
};

const FORGET: Statement = { name: 'sign_in_attempts.forget', text: 'delete from sign_in_attempts where guard = any($1)' };

/** A right answer takes back its own count only: one good account must not clear the way for guesses at others. */
const TAKE_BACK: Statement = {
  name: 'sign_in_attempts.take_back',
  text: 'update sign_in_attempts set failures = greatest(failures - 1, 0) where guard = $1',
};

/**
 * Account and address together: five tries, then 1 s, 2 s, 4 s … 15 min. Address alone: thirty (an office shares one). Account alone:
 * a hundred, then never more than 30 s, so that a stranger cannot lock somebody out for long.
 */
function guards(runtime: Parts, account: string, ip: string | null) {
  const name = (...parts: readonly string[]) =>
    createHmac('sha256', runtime.secrets.derive('sign-in guards')).update(parts.join('\n')).digest('base64url');
  const from = ip ?? 'local';
  const both: Guard = { key: name('both', account, from), free: 5, longestS: 900 };
  const address: Guard = { key: name('address', from), free: 30, longestS: 900 };
  const anywhere: Guard = { key: name('account', account), free: 100, longestS: 30 };
  return { both, address, anywhere };
}

/**
 * Passes, or throws TooManyRequests with the seconds to wait. Answers what to call once the attempt turned out right.
 * Also brakes password resets and tokens: `account` is whatever is being guessed.
 */
export async function throttle(runtime: Parts, account: string, ip: string | null): Promise<() => Promise<void>> {
  const now = runtime.clock.now();
  const { both, address, anywhere } = guards(runtime, account, ip);
  await runtime.system.write(async (tx) => {
    for (const guard of [both, address, anywhere]) {
      const [counted] = await tx.query<{ failures: number }>(COUNT, [guard.key, now, guard.free, guard.longestS]);
      if (counted !== undefined) continue;
      const [closed] = await tx.query<{ seconds: number }>(CLOSED, [guard.key, now]);
      const seconds = Math.max(1, Math.ceil(closed?.seconds ?? 1));
      throw new TooManyRequests(`Too many attempts. Wait ${seconds} s, then try again; forgot the password? Reset it by mail`, {
        retryAfterS: seconds,
      });
    }
  });
  return () =>
    runtime.system.write(async (tx) => {
      await tx.query(FORGET, [[both.key, anywhere.key]]);
      await tx.query(TAKE_BACK, [address.key]);
    });
}
