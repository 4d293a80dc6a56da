import type { Facts } from '#core/engine/types.ts';
import type { Transaction } from '#core/database/database.ts';
import type { Runtime } from '#core/runtime.ts';
import { connectionsInUse, portFor } from '#modules/connections/public.ts';
import { lastMessages, type DrawnTemplate } from '#modules/messages/public.ts';
import { textAt } from './facts.ts';
import { gatherFacts, languageFor } from './gather-facts.ts';
import type { LetterKind } from './prompts/letter.ts';
import { settingsOf, type NurturingSettings } from './settings.ts';
import { spentThisMonth } from './spending.ts';
import type { DraftRequest } from './write-draft.ts';

const CONVERSATION = 6;

export interface Prepared {
  readonly settings: NurturingSettings;
  /** Null: a model may be asked. Else why not. */
  readonly withoutModel: 'no_connection' | 'budget' | null;
  readonly conversation: DraftRequest['conversation'];
}

/** What the database knows for one letter. */
export async function prepare(tx: Transaction, runtime: Runtime, companyId: string, personId: string | null): Promise<Prepared> {
  const settings = (await settingsOf(tx, [companyId]))(companyId);
  const connection = (await connectionsInUse(tx, runtime, [companyId], 'llm')).get(companyId);
  if (connection === undefined || connection.state === 'rejected') return { settings, withoutModel: 'no_connection', conversation: [] };
  const budget = settings.monthlyBudgetMicros;
  if (budget !== null && (await spentThisMonth(tx, companyId, runtime.clock.now())) >= budget)
    return { settings, withoutModel: 'budget', conversation: [] };
  const messages = personId === null ? [] : await lastMessages(tx, companyId, personId, CONVERSATION);
  const conversation = messages.map(({ direction, subject, text }) => ({
    from: direction === 'inbound' ? ('them' as const) : ('us' as const),
    subject,
    text: text.slice(0, 2_000),
  }));
  return { settings, withoutModel: null, conversation: conversation.toReversed() };
}

interface Letter {
  readonly kind: LetterKind;
  readonly facts: Facts;
  readonly templates: Facts;
  readonly drawn: DrawnTemplate;
}

/** The whole request for one letter, with the company's model when it has one and may pay for it. */
export async function draftRequest(
  runtime: Runtime,
  companyId: string,
  { settings, withoutModel, conversation }: Prepared,
  letter: Letter,
): Promise<DraftRequest & { readonly connectionId: string | null }> {
  const without = settings.writtenBy === 'template' ? 'own_letters' : withoutModel;
  const connection = without !== null ? null : await portFor(runtime, companyId, 'llm');
  return {
    ...letterFor(settings, without ?? 'no_connection', letter),
    conversation,
    port: connection?.port ?? null,
    connectionId: connection?.connectionId ?? null,
  };
}

/** The request as the company's settings and the lead's facts make it: without a model, without what was said before. */
export function letterFor(settings: NurturingSettings, withoutModel: string, letter: Letter): DraftRequest {
  return {
    kind: letter.kind,
    tone: settings.tone,
    houseStyle: textAt(letter.facts, 'company', 'settings', 'tone'),
    language: languageFor(settings, letter.facts),
    facts: gatherFacts(settings, letter.facts),
    conversation: [],
    templates: letter.templates,
    drawn: letter.drawn,
    port: null,
    withoutModel,
  };
}
