import type { Config } from '#core/config.ts';
import { Misconfigured } from '#core/errors.ts';

/** What would lead outside, or to data that is not the demo's. */
const OUTSIDE = {
  SMTP_URL: undefined,
  IMAP_URL: undefined,
  RESEND_API_KEY: undefined,
  SENDGRID_API_KEY: undefined,
  EMAIL_SERVICE: undefined,
  OPENAI_API_KEY: undefined,
  ANTHROPIC_API_KEY: undefined,
  STEWARD_ADMIN_EMAIL: undefined,
  STEWARD_ADMIN_PASSWORD: undefined,
  SENDING: 'held',
} as const;

/**
 * The same settings for the demo: a data directory of its own beside the real one, and no way out.
 * @throws Misconfigured with DATABASE_URL, which the demo must never touch
 */
export function demoConfig(config: Config): Config {
  if (config.DATABASE_URL !== undefined)
    throw new Misconfigured('The demo keeps its data apart and takes no DATABASE_URL; unset it, or start without --demo');
  return { ...config, ...OUTSIDE, demo: true, home: `${config.home}-demo` };
}
