import type { Facts } from '#core/engine/types.ts';
import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { portFor } from '#modules/connections/public.ts';
import { lastMessages } from '#modules/messages/public.ts';
import { textAt } from './facts.ts';
import { gatherFacts } from './gather-facts.ts';
import type { LetterKind } from './prompts/letter.ts';
import { settingsOf, type NurturingSettings } from './settings.ts';
import { spentThisMonth } from './spending.ts';
import type { DraftRequest } from './write-draft.ts';

const CONVERSATION = 6;

export interface Prepared {
  readonly settings: NurturingSettings;
  readonly overBudget: boolean;
  readonly conversation: DraftRequest['conversation'];
}

/** What the database knows for one letter. */
export async function prepare(tx: Transaction, runtime: Runtime, companyId: string, personId: string | null): Promise<Prepared> {
  const settings = (await settingsOf(tx, [companyId]))(companyId);
  const spent = settings.monthlyBudgetMicros === null ? 0 : await spentThisMonth(tx, companyId, runtime.clock.now());
  const messages = personId === null ? [] : await lastMessages(tx, companyId, personId, CONVERSATION);
  return {
    settings,
    overBudget: settings.monthlyBudgetMicros !== null && spent >= settings.monthlyBudgetMicros,
    conversation: messages
      .map((message) => ({
        from: message.direction === 'inbound' ? ('them' as const) : ('us' as const),
        subject: message.subject,
        text: message.text.slice(0, 2_000),
      }))
      .toReversed(),
  };
}

/** The whole request for one letter, with the company's model when it has one and may pay for it. */
export async function draftRequest(
  runtime: Runtime,
  companyId: string,
  { settings, overBudget, conversation }: Prepared,
  letter: { readonly kind: LetterKind; readonly facts: Facts; readonly templates: Facts },
): Promise<DraftRequest & { readonly connectionId: string | null }> {
  const connection = overBudget ? null : await portFor(runtime, companyId, 'llm');
  return {
    kind: letter.kind,
    tone: settings.tone,
    language:
      textAt(letter.facts, 'person', 'language') || settings.language || textAt(letter.facts, 'company', 'settings', 'language') || 'en',
    facts: gatherFacts(settings, letter.facts),
    conversation,
    templates: letter.templates,
    port: connection?.port ?? null,
    withoutModel: overBudget ? 'budget' : 'no_connection',
    connectionId: connection?.connectionId ?? null,
  };
}
