import { textAt, type DraftFacts } from './facts.ts';
import type { Facts } from '#core/engine/types.ts';
import { renderLiquid } from '#modules/messages/public.ts';
import type { LetterKind } from './prompts/letter.ts';
import { templateFor, type LetterTemplate } from './templates.ts';

/**
 * A letter from a template: the company's own (`templates` of the workflow, by kind: `{subject, text}`), else the built-in one.
 * @throws when the template names a variable that does not exist
 */
export function renderLetter(
  kind: LetterKind,
  language: string,
  facts: DraftFacts,
  own: Facts,
): { subject: string; text: string; template: LetterTemplate } {
  const [subject, text] = [textAt(own, kind, 'subject'), textAt(own, kind, 'text')];
  const template = subject !== '' && text !== '' ? { id: `${kind}.own`, version: 1, subject, text } : templateFor(kind, language);
  const { business, lead } = facts;
  const values = {
    company_name: business.companyName,
    what_we_do: sentence(business.whatWeDo),
    offer: sentence(business.offer),
    sender_name: business.senderName || business.companyName,
    sender_role: business.senderRole,
    call_to_action: sentence(business.callToAction),
    links: [...business.links],
    first_name: lead.firstName,
    organisation: lead.organisation,
  };
  const render = (source: string) => renderLiquid(source, values).trim();
  return { subject: render(template.subject), text: render(template.text), template };
}

/** Ends with a mark, so that what follows reads well. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?:)]$/.test(trimmed) || /https?:\/\/\S+$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
