/** How messages leave in the proof: by a mail server, or by a vendor's own interface. */
export const WAYS = ['smtp', 'resend', 'sendgrid', 'gmail', 'hubspot', 'twilio'] as const;
export type Way = (typeof WAYS)[number];
