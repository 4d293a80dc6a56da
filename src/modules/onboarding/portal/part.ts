import { html } from '#core/portal/html.ts';
import type { PortalPart } from '#core/portal/types.ts';
import { callOf } from '../subject.ts';
import { acts } from './acts.ts';
import { onboardingsOf, taskOf } from './load.ts';
import { showOnboarding, showTask } from './show.ts';

const INVITATION = /^([0-9a-f-]{36})\/invitation\.ics$/;

/** What a new client does and reads on their page. */
export const onboardingPart: PortalPart = {
  name: 'onboarding',
  title: 'Getting started',
  place: 10,
  async front(tx, visit) {
    const found = await onboardingsOf(tx, visit);
    return found.length === 0 ? null : html`${found.map((one) => showOnboarding(visit, one))}`;
  },
  async open(tx, visit, path) {
    const asked = INVITATION.exec(path)?.[1];
    if (asked === undefined) {
      const found = await taskOf(tx, visit, path);
      return found === null ? null : showTask(visit, found);
    }
    const own = (await onboardingsOf(tx, visit)).find(({ id }) => id === asked);
    const call = own === undefined ? null : await callOf(tx, { companyId: visit.companyId, id: own.id });
    if (call === null || call.cancelled) return null;
    return {
      filename: 'invitation.ics',
      contentType: 'text/calendar; charset=utf-8',
      bytes: async () => (await import('../call.ts')).calendarEntry(call),
    };
  },
  acts,
  says: {
    done: 'Thank you, this is done.',
    answered: 'Thank you, your answers have arrived.',
    uploaded: 'Thank you, your file has arrived.',
    signed: 'Thank you, it is signed.',
  },
};
