import type { Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { drawTemplates, renderLiquid, type DrawnTemplate } from '#modules/messages/public.ts';
import { textAt, type DraftFacts } from './facts.ts';
import { gatherFacts, languageFor } from './gather-facts.ts';
import type { LetterKind } from './prompts/letter.ts';
import type { NurturingSettings } from './settings.ts';
import { letterKey } from './templates.ts';
import { namedFacts, sentence } from './variables.ts';

/** A letter that somebody may have to be written. */
export interface LetterAsked {
  readonly kind: LetterKind;
  /** Key of the template that is sent where no model writes. Default: that of its place in the sequence. */
  readonly template?: string | undefined;
  readonly personId: string | null;
  readonly facts: Facts;
}

/** The letters as the company's templates have them now, for all people at once; in the order asked. */
export function drawLetters(
  tx: Transaction,
  runtime: Runtime,
  companyId: string,
  settings: NurturingSettings,
  letters: readonly LetterAsked[],
): Promise<DrawnTemplate[]> {
  return drawTemplates(
    tx,
    runtime,
    letters.map(({ kind, template, personId, facts }) => {
      const { business, lead } = gatherFacts(settings, facts);
      const person = { ...objectOf(facts['person']), first_name: lead.firstName === '' ? null : lead.firstName };
      const known = { ...facts, person, nurturing: namedFacts(business) };
      return { companyId, personId, key: template ?? letterKey(kind), facts: known, language: languageFor(settings, facts) };
    }),
  );
}

function objectOf(value: Facts[string] | undefined): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/**
 * The text that an API client has set for this place of the workflow (`templates` of it, by kind: `{subject, text}`); null when there is none.
 * @throws when it names a variable that does not exist
 */
export function ownLetter(kind: LetterKind, { business, lead }: DraftFacts, own: Facts): { subject: string; text: string } | null {
  const [subject, text] = [textAt(own, kind, 'subject'), textAt(own, kind, 'text')];
  if (subject === '' || text === '') return null;
  const values = {
    company_name: business.companyName,
    what_we_do: sentence(business.whatWeDo) ?? '',
    offer: sentence(business.offer) ?? '',
    sender_name: business.senderName || business.companyName,
    sender_role: business.senderRole,
    call_to_action: sentence(business.callToAction) ?? '',
    links: [...business.links],
    first_name: lead.firstName,
    organisation: lead.organisation,
  };
  const render = (source: string) => renderLiquid(source, values).trim();
  return { subject: render(subject), text: render(text) };
}
