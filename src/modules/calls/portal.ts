import { html } from '#core/portal/html.ts';
import type { PortalPart } from '#core/portal/types.ts';
import { badge, rows, timeIn } from '#modules/portal/public.ts';
import { comingCalls } from './call.ts';
import { kindsOf } from './kind.ts';
import { callPath, NO_KIND } from './word.ts';

/** The client's calls, and what they may book. */
export const callsPart: PortalPart = {
  name: 'calls',
  title: 'Calls',
  place: 15,
  async front(tx, visit) {
    const { companyId, personId, now, runtime } = visit;
    const coming = await comingCalls(tx, companyId, personId, now);
    const planned = new Set(coming.map(({ kindId }) => kindId));
    const offered = (await kindsOf(tx, companyId)).filter(({ id, inPortal }) => inPortal && !planned.has(id));
    if (coming.length === 0 && offered.length === 0) return null;
    const at = (kindId: string | null) => callPath(runtime.secrets, { companyId, personId, kindId: kindId ?? NO_KIND });
    return html`${rows([
      ...coming.map((call) => ({
        title: call.title,
        detail: `${timeIn({ company: { name: '', timeZone: call.timeZone } }, call.startsAt)} (${call.timeZone})${call.hostName === null ? '' : ` with ${call.hostName}`}`,
        badge: badge('Planned', 'accent'),
        href: at(call.kindId),
      })),
      ...offered.map(({ id, title, minutes }) => ({ title, detail: `${minutes} minutes`, badge: badge('Choose a time'), href: at(id) })),
    ])}`;
  },
};
