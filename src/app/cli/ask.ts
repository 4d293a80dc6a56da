import type { Transport } from '#core/operation/cli.ts';

/** Steward said no: its code and its sentence. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

export type Answer = Readonly<Record<string, unknown>>;

/** One call of a command that makes several. @throws Refused */
export async function ask(transport: Transport, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await transport.request({ method, path, ...(body === undefined ? {} : { body }) });
  const found: Answer = typeof answer.body === 'object' && answer.body !== null ? { ...answer.body } : {};
  if (answer.status < 400) return found;
  throw new Refused(String(found['code'] ?? 'failed'), String(found['detail'] ?? `Steward answered ${answer.status}`));
}
