import type { FieldFault } from '#core/errors.ts';
import { NotFound } from '#core/errors.ts';
import type { Transaction } from '#core/database/database.ts';
import { pictureSizes } from '#modules/brand/public.ts';
import { openKinds } from '#modules/calls/public.ts';
import { readForm, type StoredForm } from '#modules/leads/public.ts';
import { formOf, picturesOf, type Block } from './model/blocks.ts';
import type { Content } from './model/content.ts';
import type { Stored } from './page.ts';

/** A page as it would be published now, and what keeps it from being. */
interface Draft {
  readonly content: Content;
  readonly form: StoredForm | null;
  readonly faults: readonly FieldFault[];
}

/** Where anybody books a call of an open kind. */
const BOOK = '/book/';

type Draftable = Pick<Stored, 'title' | 'description' | 'language' | 'indexed' | 'blocks'>;

/** The form of the company behind an id; null: there is none, or it is switched off. */
export async function activeForm(tx: Transaction, companyId: string, formId: string | null): Promise<StoredForm | null> {
  if (formId === null) return null;
  try {
    const form = await readForm(tx, companyId, formId);
    return form.active ? form : null;
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

export async function drawDraft(tx: Transaction, companyId: string, page: Draftable): Promise<Draft> {
  const { title, description, language, indexed, blocks } = page;
  const known = await pictureSizes(tx, companyId, picturesOf(blocks));
  const asked = formOf(blocks);
  const booked = blocks.flatMap(linksOf).filter((url) => url.startsWith(BOOK));
  const calls = booked.length === 0 ? [] : await openKinds(tx, companyId);
  const form = await activeForm(tx, companyId, asked?.formId ?? null);
  const content: Content = { title, description, language, indexed, blocks, sizes: Object.fromEntries(known) };
  return { content, form, faults: faultsOf(blocks, { known, form, calls: new Set(calls.map(({ id }) => id)) }) };
}

interface Known {
  readonly known: ReadonlyMap<string, unknown>;
  readonly form: StoredForm | null;
  /** Ids of kinds that anybody may book. */
  readonly calls: ReadonlySet<string>;
}

function faultsOf(blocks: readonly Block[], { known, form, calls }: Known): FieldFault[] {
  const faults: FieldFault[] = blocks.length === 0 ? [{ path: 'blocks', message: 'The page is empty: add a block' }] : [];
  const asks = formOf(blocks) !== null;
  for (const [i, block] of blocks.entries()) {
    const at = `blocks.${i}`;
    if (picturesOf([block]).some((picture) => !known.has(picture)))
      faults.push({ path: at, message: 'shows a picture that this company does not keep; choose it again' });
    if (block.type === 'form' && form === null)
      faults.push({
        path: `${at}.form_id`,
        message: block.formId === null ? 'Choose the form that stands here' : 'This form was deleted or switched off; choose another',
      });
    if (!asks && linksOf(block).includes('#form'))
      faults.push({ path: at, message: 'A button leads to #form, and the page has no form; add one, or give the button an address' });
    if (linksOf(block).some((url) => url.startsWith(BOOK) && !calls.has(url.slice(BOOK.length))))
      faults.push({
        path: at,
        message: 'A button leads to a call that nobody may book by itself; open that kind under Settings → Calls, or choose another',
      });
  }
  return faults;
}

function linksOf(block: Block): string[] {
  if (block.type === 'hero') return block.actions.map(({ url }) => url);
  if (block.type === 'call') return [block.action.url];
  return block.type === 'prices' ? block.plans.flatMap(({ action }) => (action === null ? [] : [action.url])) : [];
}
