import { nextOpening } from '../hours.ts';
import { PROBE_TOPIC } from '../../doctor/probe/topic.ts';
import { TEST_TOPIC } from '../../templates/test-topic.ts';
import type { Rule } from '../types.ts';

/** Until a person launches sending, a real connection sends nothing at all; test mails and probes, which a person asks for, are no messages. */
export const launched: Rule = {
  id: 'launched',
  realOnly: true,
  check: ({ settings, topic }) =>
    settings.mode === 'held' && topic !== TEST_TOPIC && topic !== PROBE_TOPIC
      ? {
          decision: 'later',
          until: null,
          value: 'held',
          says: 'Sending has not been launched yet',
          fix: 'Look at the preview under Outbox and launch sending',
        }
      : null,
};

/** One button stops everything. */
export const paused: Rule = {
  id: 'paused',
  check: ({ settings }) =>
    settings.mode === 'paused'
      ? {
          decision: 'later',
          until: null,
          value: settings.pauseReason ?? 'paused',
          says: settings.pauseReason === null ? 'All sending is paused' : `All sending is paused: ${settings.pauseReason}`,
          fix: 'Resume sending under Outbox',
        }
      : null,
};

export const connection: Rule = {
  id: 'connection',
  realOnly: true,
  check: ({ settings }) =>
    settings.connectionRejected
      ? {
          decision: 'later',
          until: null,
          value: settings.connectionId,
          says: 'The service that it goes out by rejects our credentials',
          fix: 'Enter them anew under Connections and press Test',
        }
      : null,
};

/** Commercial mail never travels in a transactional stream: the vendor forbids it, and complaints would hold up what people wait for. */
export const stream: Rule = {
  id: 'transactional_only',
  commercialOnly: true,
  realOnly: true,
  check: ({ settings }) =>
    settings.transactionalOnly == null
      ? null
      : {
          decision: 'block',
          value: settings.connectionId,
          says: `${settings.transactionalOnly} carries transactional mail only`,
          fix: 'Connect another mail service for commercial mail under Connections',
        },
};

export const from: Rule = {
  id: 'from',
  channel: 'email',
  realOnly: true,
  check: ({ settings }) =>
    settings.from === null
      ? {
          decision: 'later',
          until: null,
          value: null,
          says: 'There is no sender address',
          fix: 'Set the sender address under Settings → Sending, or FROM_EMAIL',
        }
      : null,
};

/** CAN-SPAM (16 CFR 316), and the law of most countries: a postal address under every commercial mail. */
export const postalAddress: Rule = {
  id: 'postal_address',
  channel: 'email',
  commercialOnly: true,
  realOnly: true,
  check: ({ settings }) =>
    (settings.postalAddress ?? '').trim() === ''
      ? {
          decision: 'later',
          until: null,
          value: null,
          says: 'Your postal address is missing, and the law wants it under commercial mail',
          fix: 'Enter it under Settings → Company, or set POSTAL_ADDRESS',
        }
      : null,
};

/** The way out must be reachable (RFC 8058 wants https): an unsubscribe link to nowhere is none. */
export const unsubscribe: Rule = {
  id: 'unsubscribe_link',
  channel: 'email',
  commercialOnly: true,
  realOnly: true,
  check({ settings }) {
    const url = settings.publicUrl;
    if (url !== null && (url.startsWith('https://') || settings.loopback)) return null;
    if (url === null && settings.loopback) return null;
    return {
      decision: 'later',
      until: null,
      value: url,
      says:
        url === null ? 'Nobody outside can reach the unsubscribe link: the public address is not set' : 'The unsubscribe link is not https',
      fix: 'Set STEWARD_PUBLIC_URL to the https address that people outside reach',
    };
  },
};

/** Mail servers limit what a sender may send in a day; what is above waits for tomorrow, by the company's calendar. */
export const dailyLimit: Rule = {
  id: 'daily_limit',
  channel: 'email',
  commercialOnly: true,
  check({ now, settings }) {
    if (settings.dailyLimit === null || settings.sentToday < settings.dailyLimit) return null;
    return {
      decision: 'later',
      until: settings.dailyLimit === 0 ? null : nextMidnight(now, settings.timeZone),
      value: { sent_today: settings.sentToday, daily_limit: settings.dailyLimit },
      says: `Your company's ${settings.dailyLimit} mails of today are used up`,
      fix: 'Wait until tomorrow, or raise the daily limit under Settings → Sending',
    };
  },
};

/** Midnight is when a window from 00:00 to 00:01 opens next. */
function nextMidnight(now: Date, zone: string): Date {
  const soon = new Date(now.getTime() + 60_000);
  return nextOpening(soon, zone, '00:00-00:01', [1, 2, 3, 4, 5, 6, 7]) ?? soon;
}
