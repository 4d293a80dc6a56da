import { z } from 'zod';
import { CredentialsRejected, MaybeDone, VendorRefused, VendorUnavailable } from '#core/connector/errors.ts';
import { vendorHttp, type VendorHttp } from '#core/connector/http.ts';
import type { ConnectorOptions } from '#core/connector/types.ts';
import type { Secret } from '#core/secrets.ts';

export const BASE_URL = 'https://slack.com/api';

/** Slack says no with status 200. @see https://docs.slack.dev/reference/methods/chat.postMessage#errors */
export const No = z.object({ ok: z.literal(false), error: z.string(), needed: z.string().optional() });

const TOKEN_NO_GOOD = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'org_login_required',
  'access_denied',
  'not_allowed_token_type',
]);
const LATER = new Set(['ratelimited', 'rate_limited', 'team_added_to_org', 'service_unavailable']);
const UNKNOWN = new Set(['internal_error', 'fatal_error', 'request_timeout']);

export function client(token: Secret, { baseUrl, turn, log }: ConnectorOptions): VendorHttp {
  return vendorHttp({
    vendor: 'Slack',
    baseUrl: baseUrl ?? BASE_URL,
    headers: { authorization: `Bearer ${token.reveal()}` },
    timeoutMs: 30_000,
    turn,
    log,
  });
}

/** The answer, or its no as an error; `repeat` as in http.ts. */
export function yes<Answer extends { readonly ok: boolean }>(answer: Answer, repeat: 'safe' | 'unsafe'): Extract<Answer, { ok: true }> {
  if (isYes(answer)) return answer;
  const { error, needed } = No.parse(answer);
  const says = `Slack said no: ${error}${needed === undefined ? '' : ` (the app needs the scope ${needed})`}`;
  if (TOKEN_NO_GOOD.has(error)) throw new CredentialsRejected(says);
  if (LATER.has(error)) throw new VendorUnavailable(says);
  if (UNKNOWN.has(error)) throw repeat === 'safe' ? new VendorUnavailable(says) : new MaybeDone(says);
  throw new VendorRefused(HINTS[error] === undefined ? says : `${says}. ${HINTS[error]}`);
}

function isYes<Answer extends { readonly ok: boolean }>(answer: Answer): answer is Extract<Answer, { ok: true }> {
  return answer.ok;
}

const HINTS: Readonly<Record<string, string>> = {
  channel_not_found: 'Give the channel’s ID (C…), or #name of a public channel',
  not_in_channel: 'Invite the app into the channel: /invite @app',
  is_archived: 'The channel is archived',
};
