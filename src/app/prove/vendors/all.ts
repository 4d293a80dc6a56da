import { gmail } from './gmail.ts';
import { hubspot } from './hubspot.ts';
import { resend } from './resend.ts';
import { sendgrid } from './sendgrid.ts';
import { twilio } from './twilio.ts';
import type { ProvenVendor } from './vendor.ts';
import type { Way } from './ways.ts';

/** Vendors that the proof can send through, beside a mail server. */
export const PROVEN = { resend, sendgrid, gmail, hubspot, twilio } as const satisfies Readonly<Record<Exclude<Way, 'smtp'>, ProvenVendor>>;
