import { normaliseEmail } from '#modules/people/public.ts';

/** What most addresses look like: nothing in them that normalising would change but case. */
const PLAIN = /^[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*$/;
const MOST_DOMAINS = 50_000;

/** The same answer as normaliseEmail, with the domain looked at once: a million addresses have a few thousand domains. */
export function emailReader(): (raw: string) => string | null {
  const domains = new Map<string, string | null>();
  return (raw) => {
    const at = raw.indexOf('@');
    const local = raw.slice(0, at);
    if (at < 1 || at > 60 || raw.length > 200 || !PLAIN.test(local)) return normaliseEmail(raw);
    const given = raw.slice(at + 1);
    let domain = domains.get(given);
    if (domain === undefined) {
      domain = normaliseEmail(`a@${given}`)?.slice(2) ?? null;
      if (domains.size < MOST_DOMAINS) domains.set(given, domain);
    }
    return domain === null ? normaliseEmail(raw) : `${local.toLowerCase()}@${domain}`;
  };
}
