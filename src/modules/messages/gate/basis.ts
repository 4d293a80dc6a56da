import { consentTo, findBasis, type Basis } from '#modules/people/public.ts';
import type { Candidate } from './types.ts';

type Found = ReturnType<typeof findBasis> | null;

/** Asked by the rule, and again for the verdict that is stored: worked out once. */
const known = new WeakMap<Candidate, Found>();

/** What a commercial message to this person rests on, or that it rests on nothing. Null: it needs no basis, or there is no person. */
export function basisFor(candidate: Candidate): Found {
  const { class: kind, channel, person, settings, topic, now } = candidate;
  if (kind !== 'commercial' || person === null) return null;
  const found =
    known.get(candidate) ??
    (channel === 'sms'
      ? consentTo(settings, topic, person.grounds, channel)
      : findBasis(settings, topic, person.grounds, now, person.phoneCountry));
  known.set(candidate, found);
  return found;
}

/** For the stored verdict. */
export function basisOf(candidate: Candidate): { basis?: Basis } {
  const { answers } = candidate;
  if (answers !== null) {
    const since = answers.at.toISOString();
    const because = `they wrote to you on ${since.slice(0, 10)}, and this answers it`;
    return { basis: { basis: 'inquiry', because, since, expires: null, evidence: { table: 'messages', id: answers.id }, country: null } };
  }
  const found = basisFor(candidate);
  return found === null || found.basis === null ? {} : { basis: found };
}
