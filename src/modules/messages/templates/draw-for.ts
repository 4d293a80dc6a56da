import type { Transaction } from '#core/database/database.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Runtime } from '#core/runtime.ts';
import { senderFacts } from '../facts.ts';
import { loadSettings } from '../gate/settings.ts';
import { variablesFor } from '../variables.ts';
import { currentTemplates } from './current.ts';
import { draw, inLanguage, languagesOf, type Drawn } from './draw.ts';
import type { Attachment } from './store/row.ts';

interface Wanted {
  readonly companyId: string;
  readonly personId: string | null;
  /** Of the template. */
  readonly key: string;
  readonly facts: Facts;
  /** Rather than the reader's, or the company's, as the facts have them. */
  readonly language: string | null;
}

/** A template as one person would get it now. */
export interface DrawnTemplate extends Drawn {
  readonly key: string;
  /** 0 is the text that came with the module, or that of the configuration. */
  readonly version: number;
  readonly language: string;
  readonly attachments: readonly Attachment[];
}

/** For modules whose steps write mails themselves: each template asked for, drawn for its person. Gaps are in `unresolved`; in the order asked. */
export async function drawTemplates(tx: Transaction, runtime: Runtime, wanted: readonly Wanted[]): Promise<DrawnTemplate[]> {
  if (wanted.length === 0) return [];
  const current = await currentTemplates(tx, runtime, wanted);
  const texts = [...new Set(wanted.flatMap(({ companyId, key }) => current(companyId, key) ?? []))];
  const people = wanted.flatMap(({ companyId, personId }) => (personId === null ? [] : [{ companyId, personId }]));
  const more = await variablesFor(tx, runtime, people, texts);
  const namesSender = texts.some((text) => JSON.stringify(text).includes('sender.'));
  const companies = wanted.map(({ companyId }) => companyId);
  const settings = namesSender ? await loadSettings(tx, runtime, companies) : null;
  return wanted.map(({ companyId, personId, key, facts, language }) => {
    const template = current(companyId, key);
    if (template === undefined)
      return { key, version: 0, language: language ?? 'en', attachments: [], subject: '', text: '', html: null, unresolved: [`the template ${key}, which does not exist`] }; // prettier-ignore
    const chosen = inLanguage(template, language, ...languagesOf(facts));
    const all = { ...senderFacts(settings?.get(companyId)), ...facts, ...more(personId) };
    const { version, attachments } = template;
    return { key, version, language: chosen.language ?? template.language, attachments, ...draw({ ...chosen, variants: [] }, all) };
  });
}
