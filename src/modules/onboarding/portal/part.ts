import { html } from '#core/portal/html.ts';
import type { PortalPart } from '#core/portal/types.ts';
import { acts } from './acts.ts';
import { onboardingsOf, taskOf } from './load.ts';
import { showOnboarding, showTask } from './show.ts';
import { ONBOARDING_WORDS } from './words.ts';

/** What a new client does and reads on their page. */
export const onboardingPart: PortalPart = {
  name: 'onboarding',
  title: (language) => ONBOARDING_WORDS[language].title,
  place: 10,
  async front(tx, visit) {
    const found = await onboardingsOf(tx, visit);
    return found.length === 0 ? null : html`${found.map((one) => showOnboarding(visit, one))}`;
  },
  async open(tx, visit, path) {
    const found = await taskOf(tx, visit, path);
    return found === null ? null : showTask(visit, found);
  },
  acts,
  says: (language) => ONBOARDING_WORDS[language].says,
};
