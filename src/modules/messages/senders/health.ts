import type { SENDER_HEALTHS } from '../tables.ts';

export type Health = (typeof SENDER_HEALTHS)[number];

/** What came back of a sender's mail. */
export interface Counted {
  /** Mails of the last WINDOW_DAYS, or since a person let it go on. */
  readonly sent: number;
  /** Of these. */
  readonly complaints: number;
  /** The last RECENT of them. */
  readonly recent: number;
  /** Of those. */
  readonly bounces: number;
}

/** What was counted about a sender, and what it came to. Stored with the sender and with each verdict that rests on it. */
export interface Feedback {
  /** A sentence without its full stop. */
  readonly says: string;
  readonly counted: Counted;
}

export const WINDOW_DAYS = 7;
export const RECENT = 200;

/**
 * Gmail asks bulk senders to stay below 0.1 % complaints and never to reach 0.3 % (Email sender guidelines, support.google.com/a/answer/81126). A sample is never
 * taken for smaller than so many mails: one complaint slows a small sender, three stop it.
 */
const LEAST_SENT = 1_000;
const COMPLAINTS = { slowed: 0.001, stopped: 0.003 };
/** Of the last RECENT mails, once there are LEAST_RECENT: a list that was never cleaned shows at once. So many at least, so that two typing errors stop nobody. */
const LEAST_RECENT = 50;
const BOUNCES = { slowed: { share: 0.05, least: 5 }, stopped: { share: 0.1, least: 10 } };

const RANK: readonly Health[] = ['well', 'slowed', 'stopped'];
export const worse = (a: Health, b: Health) => RANK.indexOf(a) > RANK.indexOf(b);

const percent = (share: number) => `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`;

/** How a sender is doing, with the numbers. */
export function assess(counted: Counted): { readonly health: Health; readonly because: Feedback } {
  const { sent, complaints, recent, bounces } = counted;
  const complained = complaints / Math.max(sent, LEAST_SENT);
  const bounced = recent === 0 ? 0 : bounces / recent;
  const spike = ({ share, least }: { share: number; least: number }) => recent >= LEAST_RECENT && bounces >= least && bounced >= share;
  const byComplaints: Health = complained >= COMPLAINTS.stopped ? 'stopped' : complained >= COMPLAINTS.slowed ? 'slowed' : 'well';
  const byBounces: Health = spike(BOUNCES.stopped) ? 'stopped' : spike(BOUNCES.slowed) ? 'slowed' : 'well';
  const health = worse(byBounces, byComplaints) ? byBounces : byComplaints;
  const said = [
    ...(byComplaints === 'well'
      ? []
      : [
          `${complaints} of ${sent} mails of the last ${WINDOW_DAYS} days were complained about (${percent(complaints / Math.max(sent, 1))})`,
        ]),
    ...(byBounces === 'well' ? [] : [`${bounces} of its last ${recent} mails came back (${percent(bounced)})`]),
  ];
  return { health, because: { says: said.length === 0 ? 'complaints and bounces are few' : said.join(', and '), counted } };
}
