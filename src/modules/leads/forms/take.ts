import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { InvalidInput, TooManyRequests } from '#core/errors.ts';
import { execute } from '#core/operation/execute.ts';
import { allow, type Limiter } from '#core/operation/limit.ts';
import type { Principal } from '#core/operation/principal.ts';
import { requestInfo } from '#core/operation/rest.ts';
import type { Runtime } from '#core/runtime.ts';
import { submitFormOperation } from '../operations/submissions.ts';
import type { StoredForm } from './form.ts';
import { asksForProof } from './limits.ts';
import type { PageState } from './page.ts';
import { newChallenge } from './proof.ts';
import { renderedAt, tooSoonMs } from './rendered.ts';
import { readSent, type Sent } from './sent.ts';
import { TEXTS } from './texts.ts';

export const NOBODY: Principal = { kind: 'public', companyId: null };

const EMPTY = { brand: null, values: {}, consent: false, faults: [], alert: null, touch: {}, embedded: false } as const;

/** What is drawn of a form for one visitor alone; `token`: of a page that comes once more. */
export const forVisitor = (runtime: Pick<Runtime, 'secrets'>, now: Date, token: string = randomUUID()) => ({ token, rendered: renderedAt(runtime.secrets, now) }); // prettier-ignore

/** A form as it is drawn for one visitor. `action`: where it posts to. */
export async function drawnState(runtime: Runtime, form: StoredForm, action: string, state: Partial<PageState> = {}): Promise<PageState> {
  const now = runtime.clock.now();
  return {
    ...EMPTY,
    ...state,
    ...forVisitor(runtime, now, state.token),
    action,
    challenge: (await asksForProof(runtime, form)) ? newChallenge(runtime.secrets, form.id, now) : null,
  };
}

/** What became of a form that was sent: taken (`state` is null), or to be shown once more with what was typed. */
interface Taken {
  readonly embedded: boolean;
  readonly state: Partial<PageState> | null;
  readonly status: number;
  readonly retryAfterS: number | null;
}

/** Takes what a page posted, however often it is sent: one submission, one lead. */
export async function takeForm(runtime: Runtime, limiter: Limiter, request: FastifyRequest, form: StoredForm): Promise<Taken> {
  const sent = readSent(request.body);
  const { embedded } = sent;
  const typed = {
    values: sent.answers,
    consent: sent.consent,
    touch: sent.touch,
    embedded,
    ...(sent.token === undefined ? {} : { token: sent.token }),
  };
  try {
    allow(limiter, submitFormOperation, NOBODY, request.ip);
    await sleep(tooSoonMs(runtime.secrets, sent.rendered, runtime.clock.now()));
    // Only a program fills a field that nobody sees. It is thanked, so that it learns nothing.
    if (sent.website === '') await submit(runtime, request, form, sent);
  } catch (error) {
    if (error instanceof InvalidInput) {
      const alert = error.fields.some((fault) => fault.path === 'proof') ? TEXTS[form.language].reload : TEXTS[form.language].again;
      return { embedded, state: { ...typed, faults: error.fields, alert }, status: 422, retryAfterS: null };
    }
    if (error instanceof TooManyRequests) {
      const seconds = error.retryAfterS ?? 60;
      return { embedded, state: { ...typed, alert: TEXTS[form.language].tooOften(seconds) }, status: 429, retryAfterS: seconds };
    }
    throw error;
  }
  return { embedded, state: null, status: 200, retryAfterS: null };
}

async function submit(runtime: Runtime, request: FastifyRequest, form: StoredForm, sent: Sent): Promise<void> {
  const known = new Set(form.fields.map((field) => field.name));
  await execute(runtime, {
    operation: submitFormOperation,
    principal: NOBODY,
    request: requestInfo(request, 'web'),
    input: {
      form_id: form.id,
      answers: Object.fromEntries(Object.entries(sent.answers).filter(([name]) => known.has(name))),
      consent: sent.consent,
      ...(sent.consentVersion === undefined ? {} : { consent_version: sent.consentVersion }),
      ...(sent.token === undefined ? {} : { token: sent.token }),
      ...(sent.proof === '' ? {} : { proof: sent.proof }),
      attribution: sent.touch,
    },
  });
}
