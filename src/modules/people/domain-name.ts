import { z } from 'zod';
import { normaliseEmail } from './email-address.ts';

/** A zod field: `https://www.Acme.com/about` or `acme.com` in, `acme.com` out. */
export function domainName() {
  return z
    .string()
    .max(1_000)
    .transform((text, issues) => {
      const host = text
        .trim()
        .replace(/^[a-z]+:\/\//i, '')
        .replace(/[/?#:].*$/, '')
        .replace(/^www\./i, '');
      // A domain is what can stand behind an @.
      const domain = normaliseEmail(`a@${host}`)?.slice(2);
      if (domain !== undefined) return domain;
      issues.addIssue({ code: 'custom', message: 'is not a domain; write it like acme.com' });
      return z.NEVER;
    });
}
