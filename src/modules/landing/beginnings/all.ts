import { Blocks, type Block } from '../model/blocks.ts';
import { CALL } from './call.ts';
import { EVENT } from './event.ts';
import { LETTER } from './letter.ts';
import { TRADE } from './trade.ts';

export const TEMPLATES = ['blank', 'trade', 'call', 'letter', 'event'] as const;
export type Template = (typeof TEMPLATES)[number];
/** As somebody would type it: defaults are filled in by the schema. */
export type Written = { readonly type: Block['type'] } & Readonly<Record<string, unknown>>;

const BLANK: readonly Written[] = [
  { type: 'hero', title: 'Say what you offer, in one line', text: 'And then for whom it is, and what they have of it.', actions: [{ label: 'Get in touch', url: '#form' }], art: 'rings' },
  { type: 'form', title: 'Write to us', text: 'We answer within one working day.' },
]; // prettier-ignore

const BEGINNINGS: Readonly<Record<Template, readonly Written[]>> = { blank: BLANK, trade: TRADE, call: CALL, letter: LETTER, event: EVENT };

/** What a page begins with; its form is one that the company has. */
export function beginningOf(template: Template, formId: string | null): Block[] {
  return Blocks.parse(
    BEGINNINGS[template].map((block, i) => ({ id: `b${i + 1}`, ...block, ...(block.type === 'form' ? { formId } : {}) })),
  );
}
