import { SPOKEN } from '#core/language.ts';
import { NotFound } from '#core/errors.ts';
import type { Runtime } from '#core/runtime.ts';
import { updatePerson } from '#modules/people/public.ts';
import { visitorOf } from './visitor.ts';
import type { PortalWord } from './word.ts';

/** A client chose the language of their page: it is kept on the person, so that mails and papers follow. `de` leaves `de-AT` as it is. @throws NotFound */
export async function keepLanguage(runtime: Runtime, word: PortalWord, language: unknown): Promise<void> {
  if (typeof language !== 'string' || !Object.hasOwn(SPOKEN, language)) throw new NotFound('There is no such language');
  await runtime.database.write(word.companyId, async (tx) => {
    const visitor = await visitorOf(tx, word);
    if (visitor === null) throw new NotFound('This link is no longer good');
    const [known] = (visitor.language ?? '').toLowerCase().split(/[-_]/);
    if (known !== language) await updatePerson(tx, visitor.companyId, visitor.personId, { language }, runtime.clock.now());
  });
}
