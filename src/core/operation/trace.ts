import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Runtime } from '#core/runtime.ts';
import { Secret, type Secrets } from '#core/secrets.ts';
import type { Call } from './execute.ts';
import type { Principal } from './principal.ts';

/** A claim on an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the first answer is the answer. */
export interface IdempotencyClaim {
  readonly key: string;
  readonly requestHash: string;
  readonly sealed: boolean;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

const AUDIT: Statement = {
  name: 'audit.insert',
  text: `insert into audit_log (id, company_id, at, principal_kind, user_id, key_id, run_id, operation, subject_type, subject_id, input, face, ip, user_agent, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
};

const CLAIM: Statement = {
  name: 'idempotency.insert',
  text: `insert into idempotency_keys (company_id, principal, operation, key, request_hash, status, body, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

/** Equal requests that come at once queue up here, so that the later ones find the first one's answer. */
const QUEUE_UP: Statement = {
  name: 'idempotency.lock',
  text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
};

const KNOWN: Statement = {
  name: 'idempotency.find',
  text: `select request_hash, status, body from idempotency_keys
         where company_id = $1 and principal = $2 and operation = $3 and key = $4`,
};

/** Who, as one text: the owner of an idempotency key. */
export function principalKey(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
      return `user:${principal.userId}`;
    case 'key':
      return `key:${principal.keyId}`;
    case 'engine':
      return `run:${principal.runId}`;
    case 'operator':
    case 'public':
      return principal.kind;
  }
}

/** What was answered to this key before, if anything. */
export async function replayOf(tx: Transaction, secrets: Secrets, companyId: string, call: Call, claim: IdempotencyClaim) {
  const owner = [companyId, principalKey(call.principal), call.operation.name, claim.key];
  // Two statements, sent together: the second one's snapshot is taken once the lock is ours.
  const [, rows] = await Promise.all([
    tx.query(QUEUE_UP, [owner.join(' ')]),
    tx.query<{ request_hash: string; status: number; body: unknown }>(KNOWN, owner),
  ]);
  const [row] = rows;
  if (row === undefined) return null;
  const body = claim.sealed && typeof row.body === 'string' ? JSON.parse(secrets.open(row.body, claim.key)) : row.body;
  return { requestHash: row.request_hash, answer: { status: row.status, body } };
}

interface Recorded {
  readonly runtime: Runtime;
  readonly call: Call;
  readonly companyId: string;
  readonly subject: { readonly type: string; readonly id: string } | null;
  readonly claim: IdempotencyClaim | null;
  readonly answer: StoredAnswer | null;
}

/** The audit row, and the answer under its key, in the transaction that they speak of. Sent together, one round trip. */
export async function recordCall(tx: Transaction, { runtime, call, companyId, subject, claim, answer }: Recorded): Promise<void> {
  const { operation, principal, request } = call;
  const now = runtime.clock.now();
  const audit =
    operation.unaudited === true
      ? undefined
      : tx.query(AUDIT, [
          newId(),
          companyId,
          now,
          principal.kind,
          'userId' in principal ? principal.userId : null,
          principal.kind === 'key' ? principal.keyId : null,
          principal.kind === 'engine' ? principal.runId : null,
          operation.name,
          subject?.type ?? null,
          subject?.id ?? null,
          JSON.stringify(redact(call.input, new Set(operation.secretFields))),
          request.face,
          request.ip,
          request.userAgent?.slice(0, 400) ?? null,
          request.id,
        ]);
  if (claim === null || answer === null) return void (await audit);
  const plain = JSON.stringify(answer.body);
  const body = claim.sealed ? JSON.stringify(runtime.secrets.seal(plain, claim.key)) : plain;
  const stored = tx.query(CLAIM, [
    companyId,
    principalKey(principal),
    operation.name,
    claim.key,
    claim.requestHash,
    answer.status,
    body,
    now,
  ]);
  await Promise.all([audit, stored]);
}

const SECRET_NAME = /password|secret|token|api_?key|authorization|credentials/i;
const LONGEST_TEXT = 500;
const LONGEST_LIST = 50;

/** Input as the audit log keeps it: no secrets, nothing long. */
export function redact(value: unknown, secretFields: ReadonlySet<string>): unknown {
  if (value instanceof Secret) return '[secret]';
  if (typeof value === 'string')
    return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)` : value;
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => redact(item, secretFields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_NAME.test(key) || secretFields.has(key) ? '[secret]' : redact(item, secretFields),
    ]),
  );
}
