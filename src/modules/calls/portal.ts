import { html } from '#core/portal/html.ts';
import type { PortalPart } from '#core/portal/types.ts';
import { badge, rows, timeIn } from '#modules/portal/public.ts';
import { comingCalls } from './call.ts';
import { kindsOf } from './kind.ts';
import { CALL_WORDS } from './page/words.ts';
import { callPath, NO_KIND } from './word.ts';

/** The client's calls, and what they may book. */
export const callsPart: PortalPart = {
  name: 'calls',
  title: (language) => CALL_WORDS[language].calls,
  place: 15,
  async front(tx, visit) {
    const { companyId, personId, now, runtime, language } = visit;
    const words = CALL_WORDS[language];
    const coming = await comingCalls(tx, companyId, personId, now);
    const planned = new Set(coming.map(({ kindId }) => kindId));
    const offered = (await kindsOf(tx, companyId)).filter(({ id, inPortal }) => inPortal && !planned.has(id));
    if (coming.length === 0 && offered.length === 0) return null;
    const at = (kindId: string | null) => callPath(runtime.secrets, { companyId, personId, kindId: kindId ?? NO_KIND });
    return html`${rows([
      ...coming.map((call) => ({
        title: call.title,
        detail: `${timeIn({ language, company: { name: '', timeZone: call.timeZone } }, call.startsAt)} (${call.timeZone})${call.hostName === null ? '' : ` ${words.withHost(call.hostName)}`}`,
        badge: badge(words.isPlanned, 'accent'),
        href: at(call.kindId),
      })),
      ...offered.map(({ id, title, minutes }) => ({ title, detail: words.minutes(minutes), badge: badge(words.free), href: at(id) })),
    ])}`;
  },
};
