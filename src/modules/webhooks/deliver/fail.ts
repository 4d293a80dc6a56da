import type { Statement, Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { notify } from '#modules/notifications/public.ts';
import type { Attempt, Job } from './attempt.ts';
import { pump } from './pump.ts';
import { coolS, DISABLE_AFTER_MS, retryDelayS } from './retries.ts';
import { switchOff } from './switch-off.ts';
import { writeAttempts } from './settle.ts';

const ENDPOINT: Statement = {
  name: 'webhooks.failing',
  text: `select failures, failing_since, active, url from webhook_endpoints where company_id = $1 and id = $2 for update`,
};
const FAILING: Statement = {
  name: 'webhooks.failed_once_more',
  text: `update webhook_endpoints set failures = $3, failing_since = $4, cool_until = $5 where company_id = $1 and id = $2`,
};
const RETRYING: Statement = {
  name: 'webhooks.retrying',
  text: `update webhook_deliveries set state = 'retrying', attempts = attempts + 1, status = $3, error = $4, next_at = $5, updated_at = $6::timestamptz
          where company_id = $1 and id = $2 and state in ('sending', 'retrying')`,
};

export interface Failed {
  /** Null: it is given up. */
  readonly retryInS: number | null;
  /** Why the endpoint was switched off with it. */
  readonly disabled: string | null;
}

/**
 * A failed attempt: into the log, the endpoint is left alone for a while, and the place it held is free for the next message. An endpoint that took
 * nothing for five days, or says that it is gone (410), is switched off and the admins are told.
 */
export function writeFailure(runtime: Runtime, job: Job, made: Attempt): Promise<Failed> {
  const now = runtime.clock.now();
  return runtime.system.write(async (tx) => {
    const [endpoint] = await tx.query<{ failures: number; failing_since: Date | null; active: boolean; url: string }>(ENDPOINT, [
      job.company_id,
      job.endpoint_id,
    ]);
    const retryInS = made.final ? null : retryDelayS(job.attempts + 1, made.retryAfterS);
    const next = retryInS === null ? null : new Date(now.getTime() + retryInS * 1_000);
    await tx.query(RETRYING, [job.company_id, job.id, made.status, made.error, next, now]);
    await writeAttempts(tx, [made]);
    if (endpoint === undefined) return { retryInS: null, disabled: null };
    const failures = endpoint.failures + 1;
    const since = endpoint.failing_since ?? now;
    const cool = new Date(now.getTime() + coolS(failures) * 1_000);
    await tx.query(FAILING, [job.company_id, job.endpoint_id, failures, since, cool]);
    const disabled = endpoint.active ? reasonToDisable(made, since, now) : null;
    if (disabled !== null) await disable(tx, runtime, job, endpoint.url, disabled);
    else await pump(tx, runtime, [job.endpoint_id]);
    return { retryInS, disabled };
  });
}

function reasonToDisable(made: Attempt, since: Date, now: Date): string | null {
  if (made.status === 410) return 'It answered 410 Gone: it wants nothing any more';
  if (now.getTime() - since.getTime() >= DISABLE_AFTER_MS)
    return `It took nothing since ${since.toISOString().slice(0, 16).replace('T', ' ')} UTC; the last answer: ${made.error ?? ''}`;
  return null;
}

const ADMINS: Statement = {
  name: 'webhooks.admins',
  text: `select id from users where company_id = $1 and role = 'admin' and is_active and deleted_at is null`,
};

async function disable(tx: Transaction, runtime: Runtime, job: Job, url: string, reason: string): Promise<void> {
  const now = runtime.clock.now();
  await switchOff(tx, runtime, { companyId: job.company_id, id: job.endpoint_id }, reason, now);
  const admins = await tx.query<{ id: string }>(ADMINS, [job.company_id]);
  await notify(
    tx,
    runtime,
    admins.map(({ id }) => ({
      companyId: job.company_id,
      userId: id,
      kind: 'webhook_failed' as const,
      title: `The webhook to ${URL.parse(url)?.host ?? url} is switched off`,
      body: `${reason}. Mend the receiver, switch the webhook on again, and send what it missed.`,
      link: `/settings/webhooks/${job.endpoint_id}`,
      key: `webhook_failed:${job.endpoint_id}:${now.toISOString()}`,
    })),
  );
}
