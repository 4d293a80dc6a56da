import type { AppError } from '#core/errors.ts';

/** What the local operator's principal names while it acts in no company: public operations and those about the installation only. */
export const NO_COMPANY = '00000000-0000-0000-0000-000000000000';

/** Rights of a signed-in user, in rising order. */
export const ROLES = ['user', 'manager', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts. Stored with every write in the audit log. */
export type Principal =
  | { readonly kind: 'user'; readonly companyId: string; readonly userId: string; readonly role: Role; readonly sessionId?: string }
  | {
      readonly kind: 'key';
      readonly companyId: string;
      readonly userId: string;
      readonly role: Role;
      readonly keyId: string;
      readonly scopes: readonly string[];
    }
  /** The person at the machine that holds the data: an admin of the company it names. */
  /** `refusal`: several companies and none named. Then `companyId` is NO_COMPANY, and only what is about the whole installation goes on. */
  | { readonly kind: 'operator'; readonly companyId: string; readonly role: 'admin'; readonly refusal?: AppError }
  /** Steward itself: an engine step. */
  | { readonly kind: 'engine'; readonly companyId: string; readonly role: 'admin'; readonly runId: string }
  /**
   * Nobody yet: public pages, sign-in. `companyId` is set once a public token or form has named the company. `refusal` says why a
   * credential that came along does not count (session over, CSRF token missing); what is not public throws it.
   */
  | { readonly kind: 'public'; readonly companyId: string | null; readonly refusal?: AppError };

export function atLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
